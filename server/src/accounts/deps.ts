import type { Clock, Database, EnvelopeCipher, Jobs, Transaction } from '@veridoor/foundation'
import type { Audit } from '../audit/index.ts'
import type { Budgets } from '../budgets/index.ts'
import type { MailService } from '../mail/index.ts'
import type { OrganizationsDeps } from '../organizations/index.ts'
import type { OnTrustEnded } from './trust.ts'
import type { Caller, UserRow } from './users.ts'
import { BUILT_IN } from './users.ts'

/** Refuses a change of identity fields for a reason that another room knows (a check is open). */
export type Guard = (tx: Transaction, userId: string) => Promise<void>

/** What another room does when a person is deleted, in that transaction and before the account is gone. */
export type OnUserDeleted = (tx: Transaction, userId: string) => Promise<void>

/** What every use case of this room is given. */
export type AccountsDeps = {
  readonly db: Database
  readonly cipher: EnvelopeCipher
  readonly clock: Clock
  readonly audit: Audit
  readonly budgets: Budgets
  readonly organizations: OrganizationsDeps
  readonly guards: Guard[]
  readonly onUserDeleted: OnUserDeleted[]
  /** Rooms that keep grants and tokens end them here, and tell relying parties. */
  readonly onTrustEnded: OnTrustEnded[]
  readonly mail: MailService
  readonly jobs: Jobs
  /** The public address: passkeys are bound to its host name and answer to no other page. */
  readonly url: string
}

/** Where a request came from; goes into sessions and audit lines. */
export type Origin = {
  readonly address: string
  readonly userAgent: string
  /** What the browser shows to be recognised: see known-devices.ts. */
  readonly device?: string | undefined
}

/** What an opened session gives to the browser: both values are known in clear only now. */
export type SignInResult = { readonly token: string; readonly device: string; readonly caller: Caller }

/** Two factors of different kinds: a password and a code, or a passkey with its PIN or finger (`user`, RFC 8176). */
const hasTwoFactors = (methods: readonly string[]): boolean =>
  methods.includes('user') || (methods.includes('pwd') && methods.includes('otp'))

/**
 * Who holds a session. An administrator of the built-in organization is one of the whole installation. Where the organization demands
 * a second factor of its administrators, a session without one gives no such rights.
 *
 * @param session.application the one whose sign-in page they came through
 * @param session.methods names of RFC 8176
 */
export const callerFrom = (
  row: UserRow,
  organization: { readonly requireStaffSecondFactor: boolean } | undefined,
  session: {
    readonly application: string
    readonly address: string
    readonly signedInAt: Date
    readonly methods: readonly string[]
  },
): Caller => {
  const needsSecondFactor =
    row.isAdmin && organization?.requireStaffSecondFactor === true && !hasTwoFactors(session.methods)
  const isAdmin = row.isAdmin && !needsSecondFactor
  return {
    userId: row.id,
    organization: row.organization,
    name: row.name,
    isAdmin,
    isGlobalAdmin: isAdmin && row.organization === BUILT_IN,
    needsSecondFactor,
    mustChangePassword: row.mustChangePassword,
    actor: `${row.organization}/${row.name}`,
    ...session,
  }
}
