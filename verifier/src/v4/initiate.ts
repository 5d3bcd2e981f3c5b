import { randomBytes, randomUUID } from 'node:crypto'
import { digest, newToken } from '@veridoor/foundation'
import { checkInitiate, type InitiateRequest } from '@veridoor/jumio'
import { captureAddress } from '../capture/address.ts'
import { knownLocale } from '../client-settings.ts'
import { keyRow, type VerifierDeps } from '../deps.ts'
import { livenessOf } from '../movement/outcome.ts'
import type { Client } from '../schema.ts'
import { insertSession } from '../store.ts'
import { stamp } from './answers.ts'

/**
 * Opens a transaction (section 3.3); what the call does not say is the client's own setting.
 * @throws {JumioError} `invalid_input` with the fields' names
 */
export const initiate = async (
  deps: VerifierDeps,
  client: Client,
  request: InitiateRequest,
): Promise<{ timestamp: string; transactionReference: string; redirectUrl: string }> => {
  const order = checkInitiate(request, deps.allowLoopback)
  const at = deps.clock.now()
  const id = randomUUID()
  const token = newToken()
  const preset = order.presets?.[0]
  const locale = knownLocale(order.locale) ?? client.locale
  const workflowId = order.workflowId ?? client.workflowId
  const missing = { state: 'missing', code: null } as const
  await insertSession(deps.db, {
    id,
    client: client.token,
    customerReference: order.customerInternalReference,
    userReference: order.userReference,
    reportingCriteria: order.reportingCriteria ?? null,
    // An empty address is none.
    successUrl: order.successUrl || client.successUrl,
    errorUrl: order.errorUrl || client.errorUrl,
    callbackUrl: order.callbackUrl || client.callbackUrl,
    workflowId,
    preset: preset ? { country: preset.country, type: preset.type } : null,
    locale: locale ?? 'en',
    state: 'PENDING',
    phase: 'open',
    tokenDigest: digest(token),
    tokenExpiresAt: new Date(at.getTime() + (order.tokenLifetimeInMinutes ?? client.tokenLifetimeMinutes) * 60_000),
    lastActionAt: at,
    liveness: livenessOf(client, workflowId),
    parts: { front: missing, back: missing, selfie: missing },
    pictureKey: deps.cipher.encrypt(randomBytes(32).toString('base64'), keyRow(id)),
    createdAt: at,
    updatedAt: at,
  })
  return { timestamp: stamp(at), transactionReference: id, redirectUrl: captureAddress(deps.url, token, locale) }
}
