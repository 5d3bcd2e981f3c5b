import { isDeepStrictEqual } from 'node:util'
import { ApiError, DisplayName, ObjectName, readExtra, readField } from '@veridoor/contract'
import { and, eq, sql } from 'drizzle-orm'
import { approvalOf, writeApproval } from './approve-provider.ts'
import { type Actor, auditOrganization, type OrganizationsDeps, SHARED_OWNER } from './deps.ts'
import {
  checkConfig,
  findProvider,
  MASK,
  newWebhookAddress,
  type ProviderRow,
  splitConfig,
  typeOf,
} from './provider-rows.ts'
import { providers } from './schema.ts'
import { asConflict, usedBy } from './store.ts'

/**
 * What an administrator sets of a provider. In `config` a secret that is `***` or left out is the stored one, as long as it goes
 * to the same place; another setting that is left out has its default.
 */
export type ProviderInput = {
  readonly displayName: string
  readonly category: string
  readonly type: string
  readonly config: Record<string, unknown>
  /** Replaces the keys that are kept for other clients; left out, they stay. */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** @throws {ApiError} CONFLICT when the name is taken; INVALID_INPUT for an unknown type or settings that do not fit it */
export const createProvider = (
  deps: OrganizationsDeps,
  actor: Actor,
  owner: string,
  wanted: string,
  input: ProviderInput,
) =>
  asConflict(
    () =>
      deps.db.transaction(async (tx) => {
        const name = readField('name', ObjectName, wanted)
        const type = typeOf(deps, input.category, input.type)
        const split = splitConfig(deps, type, owner, name, checkConfig(deps, type, input.config, undefined))
        const at = deps.clock.now()
        const facts = { owner, name, category: type.category, type: type.type, config: split.config }
        await tx.insert(providers).values({
          owner,
          name,
          displayName: readField('displayName', DisplayName, input.displayName),
          category: type.category,
          type: type.type,
          ...split,
          ...newWebhookAddress(deps, type, owner, name),
          approval: actor.isInstallation ? writeApproval(deps, facts, actor.name) : null,
          ...(input.extra ? { extra: readExtra(input.extra) } : {}),
          secretsSavedAt: Object.keys(split.secrets).length > 0 ? at : null,
          createdAt: at,
        })
        await deps.audit.append(tx, {
          organization: auditOrganization(owner),
          actor: actor.name,
          action: 'add-provider',
          target: `${owner}/${name}`,
          provider: `${owner}/${name}`,
          address: actor.address,
        })
      }),
    'name',
  )

/**
 * An administrator of the installation answers for the settings that they save at a provider of the installation, or at one that was
 * approved. Saved by others, an approval stays as it is: it holds only while checks go where they went when it was given.
 */
const approvalAfter = (
  deps: OrganizationsDeps,
  actor: Actor,
  stored: ProviderRow,
  saved: ProviderRow,
): { approval?: string } => {
  const isOfInstallation = stored.owner === SHARED_OWNER || stored.owner === 'built-in'
  if (!actor.isInstallation || !(isOfInstallation || approvalOf(deps, stored))) return {}
  return { approval: writeApproval(deps, saved, actor.name) }
}

/**
 * @param version the version that was read; another one means someone changed it meanwhile
 * @throws {ApiError} CHANGED_MEANWHILE, NOT_FOUND, INVALID_INPUT
 */
export const updateProvider = (
  deps: OrganizationsDeps,
  actor: Actor,
  owner: string,
  name: string,
  input: ProviderInput,
  version?: number,
) =>
  deps.db.transaction(async (tx) => {
    const stored = await findProvider(tx, owner, name)
    if (!stored) throw new ApiError('NOT_FOUND')
    const type = typeOf(deps, input.category, input.type)
    const checked = checkConfig(deps, type, input.config, stored)
    const split = splitConfig(deps, type, owner, name, checked)
    const newSecret = Object.keys(split.secrets).some(
      (field) => input.config[field] !== undefined && input.config[field] !== MASK,
    )
    const changed = await tx
      .update(providers)
      .set({
        displayName: readField('displayName', DisplayName, input.displayName, stored.displayName),
        category: type.category,
        type: type.type,
        ...split,
        ...(input.extra ? { extra: readExtra(input.extra) } : {}),
        ...(newSecret ? { secretsSavedAt: deps.clock.now() } : {}),
        // What is known of the provider's health holds for the settings it was learned with.
        ...(newSecret || !isDeepStrictEqual(split.config, stored.config)
          ? { failuresInRow: 0, openUntil: null, health: 'unknown', healthDetail: '' }
          : {}),
        ...approvalAfter(deps, actor, stored, {
          ...stored,
          type: type.type,
          category: type.category,
          config: split.config,
        }),
        // The address stays while the type does: it is entered in the provider's dashboard.
        ...(stored.type === type.type && (stored.webhookToken === null) === (type.webhooks !== 'per_account')
          ? {}
          : newWebhookAddress(deps, type, owner, name)),
        version: sql`${providers.version} + 1`,
      })
      .where(
        and(
          eq(providers.owner, owner),
          eq(providers.name, name),
          version === undefined ? undefined : eq(providers.version, version),
        ),
      )
      .returning({ name: providers.name })
    if (changed.length === 0) throw new ApiError('CHANGED_MEANWHILE')
    await deps.audit.append(tx, {
      organization: auditOrganization(owner),
      actor: actor.name,
      action: 'update-provider',
      target: `${owner}/${name}`,
      provider: `${owner}/${name}`,
      reasons: newSecret ? ['secret replaced'] : [],
      address: actor.address,
    })
  })

/** @throws {ApiError} IN_USE with the names of the applications that use it, or because checks are open there; NOT_FOUND */
export const removeProvider = (deps: OrganizationsDeps, actor: Actor, owner: string, name: string) =>
  deps.db.transaction(async (tx) => {
    // Held, so that nobody attaches it between this look and the deletion.
    await tx
      .select({ name: providers.name })
      .from(providers)
      .where(and(eq(providers.owner, owner), eq(providers.name, name)))
      .for('update')
    const users = await usedBy(tx, owner, name)
    if (users.length > 0)
      throw new ApiError('IN_USE', { fields: users.map((user) => ({ path: 'usedBy', message: user.displayName })) })
    for (const guard of deps.providerGuards) await guard(tx, owner, name)
    const gone = await tx
      .delete(providers)
      .where(and(eq(providers.owner, owner), eq(providers.name, name)))
      .returning({ name: providers.name })
    if (gone.length === 0) throw new ApiError('NOT_FOUND')
    await deps.audit.append(tx, {
      organization: auditOrganization(owner),
      actor: actor.name,
      action: 'delete-provider',
      target: `${owner}/${name}`,
      provider: `${owner}/${name}`,
      address: actor.address,
    })
  })
