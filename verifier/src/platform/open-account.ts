import { randomBytes, randomUUID } from 'node:crypto'
import { type CaptureChoice, isDocumentType } from '@veridoor/contract'
import { digest, newToken } from '@veridoor/foundation'
import type { AccountRequest } from '@veridoor/jumio'
import { captureAddress } from '../capture/address.ts'
import { knownLocale } from '../client-settings.ts'
import { keyRow, type VerifierDeps } from '../deps.ts'
import { livenessOf } from '../movement/outcome.ts'
import type { Client, PlatformCredential } from '../schema.ts'
import { findSession, insertSession } from '../store.ts'
import { stamp } from '../v4/answers.ts'
import { apiOf, isPlatform } from './answers.ts'
import { PlatformRefusal } from './refuse.ts'
import type { PlatformTokens } from './tokens.ts'
import { type Category, workflowKeys, workflowOf } from './workflows.ts'

const seconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 }

const lifetimeMs = (text: string): number => {
  const [, count, unit] = /^\+?(\d+)([smhd])$/.exec(text) ?? []
  return Number(count) * (seconds[unit ?? 'm'] ?? 60) * 1000
}

/** The one country and type that were asked for; a choice is left to the person otherwise (section 4.4). */
const presetOf = (order: AccountRequest): CaptureChoice | null => {
  const id = order.workflowDefinition.credentials?.find((credential) => credential.category === 'ID')
  const [country, ...countries] = id?.country?.values ?? []
  const [type, ...types] = id?.type?.values ?? []
  const isOne = country !== undefined && countries.length === 0 && types.length === 0
  return isOne && isDocumentType(type) ? { country, type } : null
}

/** Fixed unless the caller says that country or type is a recommendation (section 4.4). */
const isFixed = (order: AccountRequest): boolean => {
  const id = order.workflowDefinition.credentials?.find((credential) => credential.category === 'ID')
  const kinds = [id?.country, id?.type].map((choice) => choice?.predefinedType ?? 'DEFINED')
  return presetOf(order) !== null && kinds.every((kind) => kind === 'DEFINED')
}

/** A credential of a new transaction, with what the client says about it. */
const credentialOf = (order: AccountRequest, category: Category): PlatformCredential => {
  const asked = order.workflowDefinition.credentials?.find((credential) => credential.category === category)
  return {
    id: randomUUID(),
    category,
    ...(asked?.label ? { label: asked.label } : {}),
    ...(asked?.country ? { country: asked.country } : {}),
    ...(asked?.type ? { type: asked.type } : {}),
  }
}

/** Face maps come from the capture page only, words about a person from the client only (section 4.7). */
const channels: Readonly<Record<Category, readonly string[]>> = {
  ID: ['WEB', 'API'],
  SELFIE: ['WEB', 'API'],
  FACEMAP: ['WEB'],
  DATA: ['API'],
}

/**
 * Opens a transaction for a new person, or for one whose account the client has already (sections 4.4, 4.6).
 * @throws {PlatformRefusal} 400 for a workflow that is not offered
 */
export const openAccount = async (
  deps: VerifierDeps,
  tokens: PlatformTokens,
  caller: Client,
  order: AccountRequest,
  account: string = randomUUID(),
): Promise<Record<string, unknown>> => {
  const { db, cipher: box, clock, url } = deps
  const key = String(order.workflowDefinition.key)
  const workflow = workflowOf(key)
  if (!workflow) throw new PlatformRefusal(400, `workflowDefinition.key must be one of ${workflowKeys.join(', ')}`)
  const at = clock.now()
  const id = randomUUID()
  const token = newToken()
  const workflowId = workflow.asksForFace ? 200 : 100
  const locale = knownLocale(order.web?.locale) ?? caller.locale
  const endsAt = new Date(at.getTime() + lifetimeMs(order.tokenLifetime ?? `${caller.tokenLifetimeMinutes}m`))
  const missing = { state: 'missing', code: null } as const
  await insertSession(db, {
    id,
    client: caller.token,
    customerReference: order.customerInternalReference,
    userReference: order.userReference ?? '',
    reportingCriteria: order.reportingCriteria ?? null,
    successUrl: order.web?.successUrl || caller.successUrl,
    errorUrl: order.web?.errorUrl || caller.errorUrl,
    callbackUrl: order.callbackUrl || caller.callbackUrl,
    workflowId,
    preset: presetOf(order),
    locale: locale ?? 'en',
    state: 'PENDING',
    phase: 'open',
    tokenDigest: digest(token),
    tokenExpiresAt: endsAt,
    lastActionAt: at,
    liveness: livenessOf(caller, workflowId),
    parts: { front: missing, back: missing, selfie: missing },
    pictureKey: box.encrypt(randomBytes(32).toString('base64'), keyRow(id)),
    platform: {
      account,
      key,
      credentials: workflow.credentials.map((category) => credentialOf(order, category)),
      ...(isFixed(order) ? { isFixed: true } : {}),
      consented: order.userConsent !== undefined && order.userConsent.consent?.obtained !== 'no',
    },
    createdAt: at,
    updatedAt: at,
  })
  const session = await findSession(db, id)
  if (!session || !isPlatform(session)) throw new Error('the session is not there')
  const uploads = tokens.issue(id, 'upload', endsAt)
  return {
    timestamp: stamp(at),
    account: { id: account },
    web: {
      href: captureAddress(url, token, locale),
      ...(session.successUrl ? { successUrl: session.successUrl } : {}),
      ...(session.errorUrl ? { errorUrl: session.errorUrl } : {}),
    },
    sdk: { token },
    workflowExecution: {
      id,
      credentials: session.platform.credentials.map((credential) => ({
        ...credential,
        allowedChannels: channels[credential.category],
        ...(channels[credential.category].includes('API')
          ? { api: apiOf(session, credential.id, credential.category, uploads, url) }
          : {}),
      })),
    },
  }
}
