import { randomUUID } from 'node:crypto'
import { ApiError } from '@veridoor/contract'
import { digest, newToken, type Transaction } from '@veridoor/foundation'
import { and, eq, isNull, lt, or } from 'drizzle-orm'
import type { Actor, OrganizationsDeps } from './deps.ts'
import { apiKeys, applications } from './schema.ts'

/** Recognisable for scanners of leaked secrets. */
const PREFIX = 'vd_'
/** How exactly it is kept when a key was last used. */
const USE_MS = 60_000

/** A key as it is stored: a digest and the last four signs, never the key. */
export type ApiKey = typeof apiKeys.$inferSelect
/** Whose key it is, and what it was made for. */
export type KeyHolder = {
  readonly id: string
  readonly application: string
  readonly organization: string
  readonly scopes: readonly string[]
  /** Who made it, as in audit lines. */
  readonly createdBy: string
}

/** The oldest first. */
export const listApiKeys = (deps: OrganizationsDeps, application: string): Promise<ApiKey[]> =>
  deps.db.select().from(apiKeys).where(eq(apiKeys.application, application)).orderBy(apiKeys.createdAt, apiKeys.id)

/** Makes a key: the only moment at which it is known in clear. The database keeps a digest of its 256 bits. */
export const createApiKey = (
  deps: OrganizationsDeps,
  actor: Actor,
  organization: string,
  application: string,
  input: { readonly name: string; readonly scopes: readonly string[] },
) =>
  deps.db.transaction(async (tx) => {
    const key = `${PREFIX}${newToken()}`
    const [row] = await tx
      .insert(apiKeys)
      .values({
        id: randomUUID(),
        application,
        name: input.name,
        keyDigest: digest(key),
        ending: key.slice(-4),
        scopes: [...new Set(input.scopes)],
        createdAt: deps.clock.now(),
        createdBy: actor.name,
      })
      .returning()
    if (!row) throw new Error('An insert gave no row.')
    await deps.audit.append(tx, {
      organization,
      actor: actor.name,
      action: 'add-api-key',
      target: `${application}/${row.id}`,
      address: actor.address,
    })
    return { row, key }
  })

/** @throws {ApiError} NOT_FOUND */
export const revokeApiKey = (
  deps: OrganizationsDeps,
  actor: Actor,
  organization: string,
  application: string,
  id: string,
): Promise<void> =>
  deps.db.transaction(async (tx) => {
    const gone = await tx
      .delete(apiKeys)
      .where(and(eq(apiKeys.id, id), eq(apiKeys.application, application)))
      .returning({ id: apiKeys.id })
    if (gone.length === 0) throw new ApiError('NOT_FOUND')
    await deps.audit.append(tx, {
      organization,
      actor: actor.name,
      action: 'revoke-api-key',
      target: `${application}/${id}`,
      address: actor.address,
    })
  })

/** Ends all keys that a person made, in every organization. Recorded for each: servers that use one stop working. */
export const revokeApiKeysOf = async (
  deps: Pick<OrganizationsDeps, 'audit'>,
  tx: Transaction,
  maker: string,
  reason: string,
): Promise<void> => {
  const gone = await tx
    .delete(apiKeys)
    .where(eq(apiKeys.createdBy, maker))
    .returning({ id: apiKeys.id, application: apiKeys.application })
  for (const { id, application } of gone) {
    const [row] = await tx
      .select({ organization: applications.organization })
      .from(applications)
      .where(eq(applications.name, application))
    await deps.audit.append(tx, {
      organization: row?.organization ?? 'built-in',
      actor: 'system',
      action: 'revoke-api-key',
      target: `${application}/${id}`,
      reasons: [`maker ${reason}`],
    })
  }
}

/** Whose key this is, or undefined. Notes at most once a minute that it was used. */
export const holderOf = async (deps: OrganizationsDeps, key: string): Promise<KeyHolder | undefined> => {
  if (!key.startsWith(PREFIX)) return undefined
  const [row] = await deps.db
    .select({
      id: apiKeys.id,
      application: apiKeys.application,
      organization: applications.organization,
      scopes: apiKeys.scopes,
      createdBy: apiKeys.createdBy,
    })
    .from(apiKeys)
    .innerJoin(applications, eq(applications.name, apiKeys.application))
    .where(eq(apiKeys.keyDigest, digest(key)))
  if (!row) return undefined
  const at = deps.clock.now()
  await deps.db
    .update(apiKeys)
    .set({ lastUsedAt: at })
    .where(
      and(
        eq(apiKeys.id, row.id),
        or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, new Date(at.getTime() - USE_MS))),
      ),
    )
  return row
}
