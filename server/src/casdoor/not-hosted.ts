/** Kinds of objects that Casdoor's clients know and this server does not keep: lists are empty, single ones null, writes say so. */
export const notHosted = [
  'adapter',
  'enforcer',
  'group',
  'model',
  'payment',
  'permission',
  'plan',
  'pricing',
  'product',
  'resource',
  'role',
  'session',
  'subscription',
  'syncer',
  'token',
  'webhook',
] as const
