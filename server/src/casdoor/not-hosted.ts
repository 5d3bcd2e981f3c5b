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

/** Single acts that are not hosted. Documents are shown to the check of a person, never uploaded beside it. */
export const actsNotHosted = [
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
