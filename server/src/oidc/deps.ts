import type { Log, OutboundPolicy } from '@veridoor/foundation'
import { type AccountsDeps, BUILT_IN, type Caller, type User } from '../accounts/index.ts'
import type { OrganizationsDeps } from '../organizations/index.ts'
import type { Verification } from '../verification/index.ts'
import type { StorageDeps } from './adapter.ts'
import type { Application } from './clients.ts'

/** What the protocol is built on. */
export type OidcDeps = StorageDeps & {
  readonly log: Log
  readonly accounts: AccountsDeps
  readonly organizations: OrganizationsDeps
  readonly verification: Verification
  /** What calls to applications may reach: back-channel logout, and the addresses of their keys. */
  readonly outbound: OutboundPolicy
  /** Counts back-channel logouts that an application did not take. */
  readonly logoutFailures: { inc(): void }
  /** The public address of this server, and the issuer. */
  readonly url: string
  /** Identities verified with a specimen count as verified. */
  readonly demonstration: boolean
  /** The token of our own session in a request's cookies. */
  readonly sessionTokenOf: (cookies: string | undefined) => string | undefined
}

/**
 * Whether the session of a person lets them into an application that they may enter. Where their organization demands a second factor of
 * administrators, a session without one does not open applications of tenants.
 */
export const sessionOpens = (caller: Caller, user: User, application: Pick<Application, 'organization'>): boolean =>
  mayEnter(user, application) && !(caller.needsSecondFactor === true && entersAsAdministrator(user, application))

/** Whether a person may sign in to an application: one of their organization; administrators of the installation may to all. */
export const mayEnter = (user: User, application: Pick<Application, 'organization'>): boolean =>
  !user.isForbidden && (user.organization === application.organization || isInstallationAdministrator(user))

const isInstallationAdministrator = (user: User): boolean => user.organization === BUILT_IN && user.isAdmin

/** Whether a person may enter only as an administrator of the installation: they are asked before they do. */
export const entersAsAdministrator = (user: User, application: Pick<Application, 'organization'>): boolean =>
  user.organization !== application.organization && isInstallationAdministrator(user)
