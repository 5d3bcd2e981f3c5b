/** Kinds of objects that Casdoor's clients know and this server does not have: lists are empty, single ones null, writes say so. */
export const unsupportedKinds = [
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

/** Actions that this server does not have. Documents are shown during a check, and never uploaded beside it. */
export const unsupportedActions = [
  'add-cert',
  'update-cert',
  'delete-cert',
  'send-email',
  'send-sms',
  'mfa/setup/initiate',
  'mfa/setup/verify',
  'mfa/setup/enable',
  'set-preferred-mfa',
  'delete-mfa',
] as const
