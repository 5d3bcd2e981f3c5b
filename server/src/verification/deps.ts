import type { Clock, Database, EnvelopeCipher, JobKind, Jobs, Log } from '@veridoor/foundation'
import type { Claim, Match } from '@veridoor/providers'
import { z } from 'zod'
import type { AccountsDeps } from '../accounts/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Budgets } from '../budgets/index.ts'
import type { OrganizationsDeps } from '../organizations/index.ts'
import type { FinalFinding } from './decide.ts'
import type { VerificationRow } from './store.ts'

/** What every use case of this room is given. */
export type Deps = {
  readonly db: Database
  readonly cipher: EnvelopeCipher
  readonly clock: Clock
  readonly log: Log
  readonly jobs: Jobs
  readonly audit: Audit
  readonly organizations: OrganizationsDeps
  readonly accounts: AccountsDeps
  readonly budgets: Budgets
  /** Public address of this server, for webhooks and return addresses. */
  readonly url: string
  readonly demonstration: boolean
}

const ById = z.object({ id: z.string() })
/** Fetch the finding and decide; queued by a webhook, by the person's return, or by polling. */
export const settleJob: JobKind<typeof ById> = { queue: 'settle', payload: ById, retryLimit: 0 }
/** Erase what a provider has of a check whose retention is over. */
export const eraseJob: JobKind<typeof ById> = { queue: 'erase', payload: ById, retryLimit: 8, retryDelaySec: 60 }

const Forget = z.object({
  organization: z.string(),
  /** Short reference of the check, as in audit lines. */
  reference: z.string(),
  providerOwner: z.string(),
  providerName: z.string(),
  providerReference: z.string(),
})
/** What has to be known for an erasure when the check itself is gone. */
export type Forget = z.infer<typeof Forget>
/** Erase what a provider has of a person who was deleted here. Nothing else remembers it, so it is tried for days. */
export const forgetJob: JobKind<typeof Forget> = { queue: 'forget', payload: Forget, retryLimit: 12, retryDelaySec: 60 }

/** The page that shows an embedded check. Only this page may load the provider's script. */
export const EMBED_PAGE = '/account/identity/check'

/** The audit action of a look at pictures: approvals are asked for it. */
export const LOOK_ACTION = 'look-at-pictures'

/** Only providers of this category check identities. */
export const CATEGORY = 'ID Verification'

/** Additional data of the encrypted columns of a check: a value copied to another row fails to decrypt. */
export const claimAad = (id: string): string => `verification:${id}:claim`
export const findingAad = (id: string): string => `verification:${id}:finding`
export const reviewNoteAad = (id: string): string => `verification:${id}:note`
export const nextStepAad = (id: string): string => `verification:${id}:next-step`

/** What every audit line says of a check: where it belongs, whom it is about, at which provider. */
export const auditOf = (
  row: Pick<VerificationRow, 'organization' | 'userName' | 'providerOwner' | 'providerName' | 'reference'>,
) => ({
  organization: row.organization,
  target: `${row.organization}/${row.userName}`,
  provider: `${row.providerOwner}/${row.providerName}`,
  reference: row.reference,
})

/** What was found, and how it compared with the claim; null where nothing is stored, or not any more. */
export type StoredFinding = { readonly finding: FinalFinding; readonly match: Match | null }
/** @throws {SealBroken} */
export const decryptFinding = (deps: Deps, row: { id: string; finding: string | null }): StoredFinding | null =>
  row.finding ? (JSON.parse(deps.cipher.decrypt(row.finding, findingAad(row.id))) as StoredFinding) : null

/** What the person claimed when the check was started. @throws {SealBroken} */
export const decryptClaim = (deps: Deps, row: { id: string; claim: string }): Claim =>
  JSON.parse(deps.cipher.decrypt(row.claim, claimAad(row.id))) as Claim

/** An audit line of what happens without anybody asking. */
export const systemAudit = (row: VerificationRow) => ({ ...auditOf(row), actor: 'system', action: 'verification' })
