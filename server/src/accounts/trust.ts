import type { Transaction } from '@veridoor/foundation'

/** Why what was trusted before is not trusted any more. */
export type TrustEndReason =
  | 'password_changed'
  | 'password_set'
  | 'operator_reset'
  | 'recovered'
  | 'recovered_unconfirmed'
  | 'signed_out_everywhere'
  | 'email_changed'
  | 'second_step_changed'
  | 'suspended'
  | 'demoted'
  | 'erased'

/** What can open or use an account besides its present password. */
export type Trust =
  | 'sessions'
  /** Authorizations of applications with their codes, access tokens and refresh tokens. */
  | 'grants'
  /** Browsers that are remembered. */
  | 'devices'
  /** Links that were sent by mail. */
  | 'links'
  /** Codes that were sent by mail. */
  | 'codes'
  /** Passkey challenges that are not answered yet. */
  | 'challenges'
  | 'passkeys'
  /** The authenticator app and the recovery codes. */
  | 'second_step'
  /** API keys that this person made. */
  | 'api_keys'

const everyWayIn = ['sessions', 'grants', 'devices', 'links', 'codes', 'challenges'] as const
const everything = [...everyWayIn, 'passkeys', 'second_step', 'api_keys'] as const

/**
 * What each reason ends. A new password ends whatever was opened with the former one. A recovery on an address that was never
 * confirmed ends also the credentials: whoever created the account may not be the owner of the address. Without rights (suspended,
 * demoted, erased) the keys of servers that the person made end too.
 */
export const endsOf: Readonly<Record<TrustEndReason, readonly Trust[]>> = {
  password_changed: everyWayIn,
  password_set: everyWayIn,
  operator_reset: [...everyWayIn, 'passkeys', 'second_step'],
  recovered: everyWayIn,
  recovered_unconfirmed: everything,
  signed_out_everywhere: everyWayIn,
  email_changed: ['sessions', 'links', 'codes', 'challenges'],
  second_step_changed: ['sessions', 'codes', 'challenges'],
  suspended: [...everyWayIn, 'api_keys'],
  demoted: ['sessions', 'grants', 'api_keys'],
  erased: everything,
}

/** Whose trust ends, and why. */
export type TrustEnd = {
  readonly user: { readonly id: string; readonly organization: string; readonly name: string }
  readonly reason: TrustEndReason
  readonly ends: readonly Trust[]
}

/** What another room ends with it (grants and their tokens) and whom it tells, in the same transaction. */
export type OnTrustEnded = (tx: Transaction, end: TrustEnd) => Promise<void>
