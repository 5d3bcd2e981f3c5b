import { randomBytes, randomUUID } from 'node:crypto'
import { Refusal } from '@veridoor/contract'
import type { Transaction } from '@veridoor/foundation'
import { and, eq } from 'drizzle-orm'
import { type Actor, type Endpoint, secretRow, type WebhooksParts } from './parts.ts'
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
  throw new Refusal('INVALID_INPUT', {
    fields: [{ path: 'url', message: 'An address that begins with https://, without a user name in it.' }],
  })
}

const record = (parts: WebhooksParts, tx: Transaction, actor: Actor, row: Endpoint, action: string): Promise<void> =>
  parts.audit.append(tx, {
    organization: row.organization,
    actor: actor.name,
    action,
    target: `webhook/${row.id}`,
    address: actor.address,
  })

/**
 * Adds an endpoint. The secret is given out here and never again.
 * @throws {Refusal} INVALID_INPUT when the address is none that can be called
 */
export const addEndpoint = (parts: WebhooksParts, actor: Actor, organization: string, input: EndpointInput) =>
  parts.db.transaction(async (tx) => {
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
        secret: parts.box.seal(secret, secretRow(id)),
        createdAt: parts.clock.now(),
      })
      .returning()
    if (!row) throw new Error('An insert gave no row.')
    await record(parts, tx, actor, row, 'add-webhook')
    return { row, secret }
  })

/**
 * Changes an endpoint. Switched off, what waits for it is given up; switched on again, it starts with a clean slate.
 * @throws {Refusal} NOT_FOUND, INVALID_INPUT
 */
export const updateEndpoint = (
  parts: WebhooksParts,
  actor: Actor,
  id: string,
  input: EndpointInput & { readonly isEnabled: boolean },
) =>
  parts.db.transaction(async (tx) => {
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
    if (!row) throw new Refusal('NOT_FOUND')
    if (!input.isEnabled) await giveUpWaiting(tx, id)
    await record(parts, tx, actor, row, input.isEnabled ? 'update-webhook' : 'disable-webhook')
    return row
  })

/** What still waits for an endpoint that is switched off is not sent by itself any more. */
export const giveUpWaiting = async (tx: Transaction, endpoint: string): Promise<void> => {
  await tx
    .update(webhookDeliveries)
    .set({ state: 'failed', nextAttemptAt: null })
    .where(and(eq(webhookDeliveries.endpoint, endpoint), eq(webhookDeliveries.state, 'waiting')))
}

/** @throws {Refusal} NOT_FOUND */
export const replaceSecret = (parts: WebhooksParts, actor: Actor, id: string): Promise<string> =>
  parts.db.transaction(async (tx) => {
    const secret = newSecret()
    const [row] = await tx
      .update(webhookEndpoints)
      .set({ secret: parts.box.seal(secret, secretRow(id)) })
      .where(eq(webhookEndpoints.id, id))
      .returning()
    if (!row) throw new Refusal('NOT_FOUND')
    await record(parts, tx, actor, row, 'replace-webhook-secret')
    return secret
  })

/** @throws {Refusal} NOT_FOUND */
export const removeEndpoint = (parts: WebhooksParts, actor: Actor, id: string): Promise<void> =>
  parts.db.transaction(async (tx) => {
    const [row] = await tx.delete(webhookEndpoints).where(eq(webhookEndpoints.id, id)).returning()
    if (!row) throw new Refusal('NOT_FOUND')
    await record(parts, tx, actor, row, 'delete-webhook')
  })
