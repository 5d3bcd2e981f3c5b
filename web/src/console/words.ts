/** What each entry of the audit log says that somebody did. */
const actions: Readonly<Record<string, string>> = {
  'verify-identification': 'started a verification',
  verification: 'changed the state of a verification',
  'verification-alarm': 'raised an alarm about a verification',
  'review-verification': 'decided a verification',
  'look-at-pictures': 'looked at pictures',
  'erase-at-provider': 'had a verification erased at the provider',
  'sign-in': 'signed in',
  'use-recovery-code': 'used a recovery code',
  signup: 'signed up',
  'update-user': 'changed a user',
  'add-user': 'added a user',
  'delete-user': 'erased a user',
  'reveal-number': 'looked at their own document number',
  'ask-for-password': 'asked for a new password',
  'confirm-email': 'confirmed an email address',
  'read-mail': 'read a message',
  'remove-second-step': 'removed a second step',
  'set-password': 'changed a password',
  'add-provider': 'added a provider',
  'update-provider': 'changed a provider',
  'delete-provider': 'deleted a provider',
  'approve-provider': 'approved a provider',
  'withdraw-provider-approval': 'withdrew the approval of a provider',
  'add-application': 'added an application',
  'update-application': 'changed an application',
  'delete-application': 'deleted an application',
  'add-organization': 'added an organization',
  'update-organization': 'changed an organization',
  'add-api-key': 'created an API key',
  'revoke-api-key': 'revoked an API key',
  'reset-client-secret': 'made a new client secret',
  'delete-organization': 'deleted an organization',
  'test-provider': 'tested a provider',
  'add-webhook': 'added a webhook endpoint',
  'update-webhook': 'changed a webhook endpoint',
  'delete-webhook': 'deleted a webhook endpoint',
  'disable-webhook': 'disabled a webhook endpoint',
  'test-webhook': 'sent a test webhook',
  'resend-webhook': 'sent a webhook again',
  'reset-password': 'reset a password by email',
  'rotate-keys': 'rotated the signing keys',
  'rewrap-keys': 'encrypted the keys with a new master key',
  'sign-out-everywhere': 'signed out everywhere',
}
/** An action in words; one that is not listed reads as its own name. */
export const actionText = (action: string): string => actions[action] ?? action.replaceAll('-', ' ')
/** Actions that a list can be filtered by. */
export const actionChoices = Object.entries(actions).map(([value, label]) => ({
  value,
  label: label.charAt(0).toUpperCase() + label.slice(1),
}))

const states: Readonly<Record<string, string>> = {
  created: 'Created',
  waiting: 'Waiting for person',
  checking: 'Checking',
  review: 'In review',
  verified: 'Verified',
  rejected: 'Rejected',
  expired: 'Expired',
  cancelled: 'Cancelled',
  failed: 'Failed',
}
/** A state of a verification as staff read it. */
export const stateText = (state: string): string => states[state] ?? state.replaceAll('_', ' ')

const reasons: Readonly<Record<string, string>> = {
  pwd: 'With a password',
  otp: 'With a code',
  mfa: 'With a second step',
  hwk: 'With a passkey',
  swk: 'With a passkey',
  pop: 'With a passkey',
  email: 'With a code by email',
  link: 'By a link in an email',
}
/** A reason of an audit line that is about no verification; texts that people wrote stay as they are. */
export const reasonText = (reason: string): string =>
  reasons[reason] ?? (/^[a-z]+( [a-z]+)*$/.test(reason) ? reason.charAt(0).toUpperCase() + reason.slice(1) : reason)

const results: Readonly<Record<string, string>> = { ok: 'Done', failed: 'Failed', refused: 'Refused' }
/** How an act that is in the audit log ended. */
export const resultText = (result: string): string => results[result] ?? result.replaceAll('_', ' ')

/** `Checking → In review`; the result alone where nothing changed its state. */
export const changeText = (before: string | null, after: string | null, result: string): string =>
  after ? `${before ? `${stateText(before)} → ` : ''}${stateText(after)}` : resultText(result)

const checks: Readonly<Record<string, string>> = {
  document: 'Document checks',
  readable: 'Document is readable',
  face: 'Selfie matches the document',
  liveness: 'Selfie was taken live',
}
/** A check of a provider in words. */
export const checkText = (check: string): string => checks[check] ?? check.replaceAll('_', ' ')

const checkResults: Readonly<Record<string, string>> = {
  pass: '✓ Passed',
  fail: '✗ Failed',
  unclear: '? No clear result',
  not_assessed: '– Not checked',
}
/** How a check ended, with a sign beside the word. */
export const checkResultText = (result: string): string => checkResults[result] ?? result.replaceAll('_', ' ')

/** `45 s`, `3 min 20 s`, `2 h 5 min`. @param ms milliseconds */
export const durationText = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const budgets: Readonly<Record<string, string>> = {
  starts: 'Verifications started',
  settles: 'Results fetched from providers',
  settle: 'Results fetched from providers',
  webhooks: 'Webhooks being sent',
  webhook_tests: 'Test webhooks',
  hashing: 'Passwords being checked',
  audit_lines: 'Audit lines by a member',
  mail: 'Emails',
  storage: 'Storage',
  pushed_requests: 'Pushed authorization requests',
  total: 'Whole server',
  provider: 'Provider',
  organization: 'Organization',
  application: 'Application',
  endpoint: 'Webhook endpoint',
  member: 'Member',
  recipient: 'Recipient',
  address: 'Address',
  account: 'Account',
  client: 'Client',
}
/** The name of a budget, or of whom it is counted for, in words. */
export const budgetText = (name: string): string =>
  budgets[name] ?? name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ')
