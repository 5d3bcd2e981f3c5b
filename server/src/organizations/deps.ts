import type { Database, Transaction } from '@veridoor/foundation'
import type { Audit } from '../audit/index.ts'
import type { Deps } from './provider-rows.ts'

/** Refuses the removal of a provider for a reason that another room knows (checks are open there). */
export type ProviderGuard = (tx: Transaction, owner: string, name: string) => Promise<void>

/** Ends what another room opened with a client secret that is replaced (tokens of `client_credentials`), in that transaction. */
export type OnSecretReplaced = (
  tx: Transaction,
  application: { readonly name: string; readonly clientId: string; readonly organization: string },
) => Promise<void>

/** What every use case of this room is given. */
export type OrganizationsDeps = Deps & {
  readonly db: Database
  readonly audit: Audit
  readonly providerGuards: ProviderGuard[]
  readonly onSecretReplaced: OnSecretReplaced[]
}

/** Who changes something, for the audit line. */
export type Actor = {
  readonly name: string
  readonly address: string
  /** An administrator of the installation, or the installation itself: may answer for providers. */
  readonly isInstallation?: boolean
}

/** The owner name of providers that every organization may use. */
export const SHARED_OWNER = 'admin'

/**
 * An administrator of one organization may attach a shared provider, and learns no more of it: neither its credentials, settings and
 * use, nor which other organizations use it.
 */
export const isOpenTo = (caller: { readonly isGlobalAdmin: boolean }, row: { readonly owner: string }): boolean =>
  caller.isGlobalAdmin || row.owner !== SHARED_OWNER

/** Shared providers belong to nobody: their lines stand in the chain of the built-in organization. */
export const auditOrganization = (owner: string): string => (owner === SHARED_OWNER ? 'built-in' : owner)
