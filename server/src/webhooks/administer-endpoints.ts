import { randomBytes, randomUUID } from 'node:crypto'
import { ApiError } from '@veridoor/contract'
import type { Transaction } from '@veridoor/foundation'
import { and, eq } from 'drizzle-orm'
import { type Actor, type Endpoint, secretAad, type WebhooksDeps } from './deps.ts'
import { webhookDeliveries, webhookEndpoints } from './schema.ts'

/** What an administrator sets of an endpoint. `url` is http or https, without a user name; empty `types`: everything. */
export type EndpointInput = {
  readonly url: string
  readonly description: string
  readonly types: readonly string[]
}

/** 24 bytes, as Standard Webhooks asks for, with its prefix. */
const newSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`

/** A password in an address would be shown to everyone who reads the list, and sent to nobody: fetch refuses it. */
const assertAddress = (url: string): void => {
  const { protocol, username, password } = new URL(url)
  if (/^https?:$/.test(protocol) && !username && !password) return
  throw new ApiError('INVALID_INPUT', {
    fields: [{ path: 'url', message: 'An address that begins with https://, without a user name in it.' }],
  })
}

const record = (deps: WebhooksDeps, tx: Transaction, actor: Actor, row: Endpoint, action: string): Promise<void> =>
  deps.audit.append(tx, {
    organization: row.organization,
    actor: actor.name,
    action,
    target: `webhook/${row.id}`,
    address: actor.address,
  })

/**
 * Adds an endpoint. The secret is given out here and never again.
 * @throws {ApiError} INVALID_INPUT for an address that cannot be called
 */
export const addEndpoint = (deps: WebhooksDeps, actor: Actor, organization: string, input: EndpointInput) =>
  deps.db.transaction(async (tx) => {
    assertAddress(input.url)
    const id = randomUUID()
    const secret = newSecret()
    const [row] = await tx
      .insert(webhookEndpoints)
      .values({
        id,
        organization,
        url: input.url,
        description: input.description,
        types: [...input.types],
        secret: deps.cipher.encrypt(secret, secretAad(id)),
        createdAt: deps.clock.now(),
      })
      .returning()
    if (!row) throw new Error('An insert gave no row.')
    await record(deps, tx, actor, row, 'add-webhook')
    return { row, secret }
  })

/**
 * Changes an endpoint. Disabled, its waiting deliveries fail; enabled again, it starts afresh.
 * @throws {ApiError} NOT_FOUND, INVALID_INPUT
 */
export const updateEndpoint = (
  deps: WebhooksDeps,
  actor: Actor,
  id: string,
  input: EndpointInput & { readonly isEnabled: boolean },
) =>
  deps.db.transaction(async (tx) => {
    assertAddress(input.url)
    const [row] = await tx
      .update(webhookEndpoints)
      .set({
        url: input.url,
        description: input.description,
        types: [...input.types],
        isEnabled: input.isEnabled,
        ...(input.isEnabled ? { disabledReason: null, failingSince: null } : {}),
      })
      .where(eq(webhookEndpoints.id, id))
      .returning()
    if (!row) throw new ApiError('NOT_FOUND')
    if (!input.isEnabled) await failWaiting(tx, id)
    await record(deps, tx, actor, row, input.isEnabled ? 'update-webhook' : 'disable-webhook')
    return row
  })

/** Waiting deliveries of an endpoint that was disabled are not sent by themselves any more. */
export const failWaiting = async (tx: Transaction, endpoint: string): Promise<void> => {
  await tx
    .update(webhookDeliveries)
    .set({ state: 'failed', nextAttemptAt: null })
    .where(and(eq(webhookDeliveries.endpoint, endpoint), eq(webhookDeliveries.state, 'waiting')))
}

/** @throws {ApiError} NOT_FOUND */
export const replaceSecret = (deps: WebhooksDeps, actor: Actor, id: string): Promise<string> =>
  deps.db.transaction(async (tx) => {
    const secret = newSecret()
    const [row] = await tx
      .update(webhookEndpoints)
      .set({ secret: deps.cipher.encrypt(secret, secretAad(id)) })
      .where(eq(webhookEndpoints.id, id))
      .returning()
    if (!row) throw new ApiError('NOT_FOUND')
    await record(deps, tx, actor, row, 'replace-webhook-secret')
    return secret
  })

/** @throws {ApiError} NOT_FOUND */
export const removeEndpoint = (deps: WebhooksDeps, actor: Actor, id: string): Promise<void> =>
  deps.db.transaction(async (tx) => {
    const [row] = await tx.delete(webhookEndpoints).where(eq(webhookEndpoints.id, id)).returning()
    if (!row) throw new ApiError('NOT_FOUND')
    await record(deps, tx, actor, row, 'delete-webhook')
  })
