import { readFileSync } from 'node:fs'
import { ApiError } from '@veridoor/contract'
import { type EmbedOrigins, findProviderType, type ProviderType } from '@veridoor/providers'
import type { Caller } from '../accounts/index.ts'
import { findProvider } from '../organizations/index.ts'
import type { Deps } from './deps.ts'
import { decryptNextStep } from './next-step.ts'
import { findById, type VerificationRow } from './store.ts'

/** What the page with an embedded check needs. */
export type EmbeddedCheck = {
  readonly script: string
  readonly module: string
  readonly token: string
  readonly options: Record<string, string>
}

const typeOfCheck = async (deps: Deps, row: VerificationRow): Promise<ProviderType | undefined> => {
  const provider = await findProvider(deps.organizations.db, row.providerOwner, row.providerName)
  return provider && findProviderType(deps.organizations.types, provider.category, provider.type)
}

/** Address of the browser's part of a type. */
const moduleUrl = (type: ProviderType): string => `/verifications/embed/${encodeURIComponent(type.type)}`

/**
 * How the person goes on with an embedded check. The token opens the check, so nobody else gets it, administrators neither.
 * @throws {ApiError} NOT_FOUND for anybody else; CHANGED_MEANWHILE when the check does not wait for them any more
 */
export const embeddedCheck = async (deps: Deps, caller: Caller, id: string): Promise<EmbeddedCheck> => {
  const row = await findById(deps.db, id)
  if (row?.userId !== caller.userId) throw new ApiError('NOT_FOUND')
  const step = decryptNextStep(deps, row)
  const type = await typeOfCheck(deps, row)
  if (step?.next !== 'embed' || !type?.embed) throw new ApiError('CHANGED_MEANWHILE')
  // Only the origins that the type declares: the page is opened for no other.
  if (!type.embed.origins.script.includes(new URL(step.script).origin)) throw new ApiError('CHANGED_MEANWHILE')
  return { script: step.script, module: moduleUrl(type), token: step.token, options: { ...step.options } }
}

/** The origins that the page with a check is opened for; null unless it is embedded and waits for this very person. */
export const embedOriginsOf = async (deps: Deps, userId: string, id: string): Promise<EmbedOrigins | null> => {
  const row = await findById(deps.db, id)
  if (row?.userId !== userId || decryptNextStep(deps, row)?.next !== 'embed') return null
  return (await typeOfCheck(deps, row))?.embed?.origins ?? null
}

/** The browser's part of a type, as it stands in the type's folder; undefined for types that embed nothing. */
export const embedModule = (deps: Pick<Deps, 'organizations'>, name: string): string | undefined => {
  const type = deps.organizations.types.find((candidate) => candidate.type === name && candidate.embed)
  return type?.embed && readFileSync(type.embed.module, 'utf8')
}
