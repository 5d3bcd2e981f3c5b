import { randomUUID } from 'node:crypto'
import { type CaptureChoice, isDocumentType } from '@veridoor/contract'
import type { AccountRequest } from '@veridoor/jumio'
import { knownLocale } from '../../clients/client-settings.ts'
import type { VerifierDeps } from '../../deps.ts'
import { captureAddress } from '../../http/capture-address.ts'
import { livenessOf } from '../../session/movement/outcome.ts'
import type { Client } from '../../session/schema.ts'
import { findSession } from '../../session/store.ts'
import { openSession } from '../open-session.ts'
import { timestamp } from '../wire.ts'
import { apiOf } from './answers.ts'
import { PlatformError } from './error.ts'
import { asPlatform, type PlatformCredential, type PlatformState } from './state.ts'
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
 * @throws {PlatformError} 400 for a workflow that is not offered
 */
export const openAccount = async (
  deps: VerifierDeps,
  tokens: PlatformTokens,
  caller: Client,
  order: AccountRequest,
  account: string = randomUUID(),
) => {
  const key = String(order.workflowDefinition.key)
  const workflow = workflowOf(key)
  if (!workflow) throw new PlatformError(400, `workflowDefinition.key must be one of ${workflowKeys.join(', ')}`)
  const now = deps.clock.now()
  const locale = knownLocale(order.web?.locale) ?? caller.locale
  const endsAt = new Date(now.getTime() + lifetimeMs(order.tokenLifetime ?? `${caller.tokenLifetimeMinutes}m`))
  const wireState: PlatformState = {
    key,
    credentials: workflow.credentials.map((category) => credentialOf(order, category)),
    hasConsent: order.userConsent !== undefined && order.userConsent.consent?.obtained !== 'no',
  }
  const { id, token } = await openSession(deps, {
    generation: 'platform',
    wireState,
    account,
    client: caller.token,
    customerReference: order.customerInternalReference,
    userReference: order.userReference ?? '',
    person: order.userReference || account,
    reportingCriteria: order.reportingCriteria ?? null,
    successUrl: order.web?.successUrl || caller.successUrl,
    errorUrl: order.web?.errorUrl || caller.errorUrl,
    callbackUrl: order.callbackUrl || caller.callbackUrl,
    asksForFace: workflow.asksForFace,
    preset: presetOf(order),
    isPresetFixed: isFixed(order),
    locale: locale ?? 'en',
    tokenExpiresAt: endsAt,
    liveness: livenessOf(caller, workflow.asksForFace),
  })
  const found = await findSession(deps.db, id)
  const session = found && asPlatform(found)
  if (!session) throw new Error('the session is missing')
  const uploadToken = tokens.issue(id, 'upload', endsAt)
  return {
    timestamp: timestamp(now),
    account: { id: account },
    web: {
      href: captureAddress(deps.url, token, locale),
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
          ? { api: apiOf(session, credential.id, credential.category, uploadToken, deps.url) }
          : {}),
      })),
    },
  }
}
