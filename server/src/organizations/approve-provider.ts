import { ApiError } from '@veridoor/contract'
import { statementSigner } from '@veridoor/foundation'
import { destinationOf, findProviderType } from '@veridoor/providers'
import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Actor, auditOrganization, type OrganizationsDeps } from './deps.ts'
import type { Deps, ProviderRow } from './provider-rows.ts'
import { providers } from './schema.ts'

const Approval = z.object({
  by: z.string(),
  at: z.string(),
  type: z.string(),
  /** Where its checks went when it was approved: another destination is another provider. */
  destination: z.array(z.string()),
})
/** That the installation answers for a provider: its results are told under the installation's trust framework. */
export type Approval = z.infer<typeof Approval>

type Facts = Pick<ProviderRow, 'owner' | 'name' | 'category' | 'type' | 'config'>

const textOf = ({ owner, name }: Pick<ProviderRow, 'owner' | 'name'>, approval: string): string =>
  JSON.stringify(['provider approval 1', owner, name, approval])

/** The origins and choices that decide where a provider's checks go; empty for an unknown type. */
export const destinationOfProvider = (deps: Pick<Deps, 'types'>, row: Facts): string[] => {
  const type = findProviderType(deps.types, row.category, row.type)
  return type ? destinationOf(type, row.config) : []
}

/** The column for a new approval; signed, so that nobody who only writes to the database can make one. */
export const writeApproval = (deps: Pick<Deps, 'cipher' | 'clock' | 'types'>, row: Facts, by: string): string => {
  const approval = JSON.stringify({
    by,
    at: deps.clock.now().toISOString(),
    type: row.type,
    destination: destinationOfProvider(deps, row),
  } satisfies Approval)
  return JSON.stringify([approval, statementSigner(deps.cipher, 'provider approval').sign(textOf(row, approval))])
}

/** The approval of a provider; null where there is none, its signature does not hold, or its checks go elsewhere by now. */
export const approvalOf = (
  deps: Pick<Deps, 'cipher' | 'types'>,
  row: Facts & Pick<ProviderRow, 'approval'>,
): Approval | null => {
  if (row.approval === null) return null
  try {
    const [text, signature] = z.tuple([z.string(), z.string()]).parse(JSON.parse(row.approval))
    if (!statementSigner(deps.cipher, 'provider approval').verify(textOf(row, text), signature)) return null
    const approval = Approval.parse(JSON.parse(text))
    const isSame =
      approval.type === row.type && approval.destination.join('\n') === destinationOfProvider(deps, row).join('\n')
    return isSame ? approval : null
  } catch {
    return null
  }
}

/**
 * Approves a provider for this installation, or withdraws the approval. Decisions that were made keep what they were made under.
 * @param actor an administrator of the installation
 * @param version the version that they read: nobody approves another destination than the one they were shown
 * @throws {ApiError} NOT_FOUND, CHANGED_MEANWHILE, FORBIDDEN for any other administrator
 */
export const approveProvider = (
  deps: OrganizationsDeps,
  actor: Actor,
  owner: string,
  name: string,
  isApproved: boolean,
  version?: number,
): Promise<void> =>
  deps.db.transaction(async (tx) => {
    if (!actor.isInstallation) throw new ApiError('FORBIDDEN')
    const here = and(eq(providers.owner, owner), eq(providers.name, name))
    const [row] = await tx.select().from(providers).where(here).for('update')
    if (!row) throw new ApiError('NOT_FOUND')
    if (version !== undefined && version !== row.version) throw new ApiError('CHANGED_MEANWHILE')
    await tx
      .update(providers)
      .set({
        approval: isApproved ? writeApproval(deps, row, actor.name) : null,
        version: sql`${providers.version} + 1`,
      })
      .where(here)
    await deps.audit.append(tx, {
      organization: auditOrganization(owner),
      actor: actor.name,
      action: isApproved ? 'approve-provider' : 'withdraw-provider-approval',
      target: `${owner}/${name}`,
      provider: `${owner}/${name}`,
      address: actor.address,
    })
  })
