import { asksForFace, type InitiateRequest } from '@veridoor/jumio'
import { knownLocale } from '../../clients/client-settings.ts'
import type { VerifierDeps } from '../../deps.ts'
import { captureAddress } from '../../http/capture-address.ts'
import { livenessOf } from '../../session/movement/outcome.ts'
import type { Client, Session } from '../../session/schema.ts'
import { openSession } from '../open-session.ts'
import { timestamp } from '../wire.ts'

/**
 * What a workflow allows on the page (section 3.3): last digit 0 camera and files, 1 camera, 2 files. Without a camera 200 falls back to
 * a selfie from a file, which proves no liveness: not where movements are required, which need one.
 */
export const pageRulesOf = (
  workflowId: number,
  liveness: Session['liveness'],
): Pick<Session, 'asksForFace' | 'uploadAllowed' | 'selfieUpload'> => {
  const lastDigit = workflowId % 10
  const withoutCamera = workflowId === 200 && liveness !== 'required' ? 'without_camera' : 'never'
  return {
    asksForFace: asksForFace(workflowId),
    uploadAllowed: lastDigit !== 1,
    selfieUpload: lastDigit === 2 ? 'always' : withoutCamera,
  }
}

/**
 * Opens a transaction (section 3.3). What the call does not say is the client's own setting.
 * @param order as `readInitiate` reads it
 */
export const initiate = async (
  deps: VerifierDeps,
  client: Client,
  order: InitiateRequest,
): Promise<{ timestamp: string; transactionReference: string; redirectUrl: string }> => {
  const now = deps.clock.now()
  const preset = order.presets?.[0]
  const locale = knownLocale(order.locale) ?? client.locale
  const workflowId = order.workflowId ?? client.workflowId
  const liveness = livenessOf(client, asksForFace(workflowId))
  const lifetimeMin = order.tokenLifetimeInMinutes ?? client.tokenLifetimeMinutes
  const { id, token } = await openSession(deps, {
    generation: 'v4',
    client: client.token,
    customerReference: order.customerInternalReference,
    userReference: order.userReference,
    person: order.userReference,
    reportingCriteria: order.reportingCriteria ?? null,
    // An empty address counts as absent.
    successUrl: order.successUrl || client.successUrl,
    errorUrl: order.errorUrl || client.errorUrl,
    callbackUrl: order.callbackUrl || client.callbackUrl,
    ...pageRulesOf(workflowId, liveness),
    preset: preset ? { country: preset.country, type: preset.type } : null,
    locale: locale ?? 'en',
    tokenExpiresAt: new Date(now.getTime() + lifetimeMin * 60_000),
    liveness,
  })
  return { timestamp: timestamp(now), transactionReference: id, redirectUrl: captureAddress(deps.url, token, locale) }
}
