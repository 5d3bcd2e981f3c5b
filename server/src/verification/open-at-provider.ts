import { identityFieldLabels, isDocumentType, reason } from '@veridoor/contract'
import {
  type BrowserFields,
  type Claim,
  type CommonSettings,
  type Order,
  ProviderError,
  type ProviderType,
  type Started,
} from '@veridoor/providers'
import type { User } from '../accounts/index.ts'
import {
  acquireQuota,
  openProvider,
  type ProviderRow,
  recordFault,
  recordSuccess,
  releaseQuota,
  tryAcquire,
} from '../organizations/index.ts'
import type { Deps } from './deps.ts'
import { type Candidate, quotaReached } from './may-start.ts'
import { type RefusedStart, refusalOfFault } from './provider-faults.ts'
import type { VerificationRow } from './store.ts'

/** After these faults the provider may have created something, so the call counts. */
const surelyNothingCreated = (error: ProviderError): boolean =>
  error.fault !== 'timeout' && error.fault !== 'bad_response'

/** What the browser says of itself, and the person's own words; a type is given them only where it declares that it needs them. */
export type StartInput = { readonly claim: Claim; readonly browser: BrowserFields }

/** A check that a provider opened. `shared`: what was told to it besides random references. */
export type OpenedCheck = {
  readonly started: Started
  readonly provider: ProviderRow
  readonly type: ProviderType
  readonly settings: CommonSettings
  readonly passedOver: readonly string[]
  readonly warned: boolean
  readonly shared: readonly string[]
}

const neededOf = ({ needs }: ProviderType, { claim, browser }: StartInput): Pick<Order, 'claim' | 'browser'> => ({
  ...(needs?.claim ? { claim } : {}),
  ...(needs?.browser ? { browser: Object.fromEntries(needs.browser.map((field) => [field, browser[field]])) } : {}),
})

/** For the audit: what leaves this installation, by its kind and never by its value. */
const sharedOf = ({ needs }: ProviderType): string[] => [
  ...(needs?.claim ? ['sent to provider: name and document number'] : []),
  ...(needs?.browser ?? []).map((field) => `sent to provider: browser ${field}`),
]

/** Opens the check at the first candidate that takes it; the next one when it is down or used up. */
export const openAtProvider = async (
  deps: Deps,
  row: VerificationRow,
  user: User,
  token: string,
  candidates: readonly Candidate[],
  input: StartInput,
): Promise<OpenedCheck | { readonly refusal: RefusedStart; readonly passedOver: readonly string[] }> => {
  const { organizations, url } = deps
  const { documentType } = user.identity
  if (!isDocumentType(documentType))
    return {
      refusal: reason('profile_incomplete', { fields: identityFieldLabels.documentType }),
      passedOver: [...row.passedOver],
    }
  let last: RefusedStart = reason('provider_down')
  const passedOver = [...row.passedOver]
  for (const { row: provider, settings } of candidates) {
    const name = `${provider.owner}/${provider.name}`
    if (!(await tryAcquire(organizations, provider.owner, provider.name))) {
      passedOver.push(`${name}: circuit open`)
      continue
    }
    const quota = await acquireQuota(organizations, provider.owner, provider.name, settings.monthlyLimit)
    if (!quota.allowed) {
      passedOver.push(`${name}: quota reached`)
      last = quotaReached(settings.monthlyLimit ?? 0, deps.clock.now())
      continue
    }
    try {
      const { adapter, type } = openProvider(organizations, provider)
      const started = await adapter.start({
        verificationReference: row.id,
        subjectReference: row.subjectReference,
        documentType: user.identity.documentType as 'PASSPORT',
        country: user.identity.documentCountry || null,
        successUrl: `${url}/verifications/return/${row.id}`,
        errorUrl: `${url}/verifications/stopped/${row.id}`,
        webhookUrl: `${url}/notices/${token}`,
        ...neededOf(type, input),
      })
      await recordSuccess(organizations, provider.owner, provider.name)
      return { started, provider, type, settings, passedOver, warned: quota.warned, shared: sharedOf(type) }
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      if (surelyNothingCreated(error)) await releaseQuota(organizations, provider.owner, provider.name)
      await recordFault(organizations, provider.owner, provider.name, {
        detail: error.fault,
        retryAfterMs: error.retryAfterMs,
      })
      deps.log.warn('verification.start_failed', { verification: row.id, provider: name, code: error.fault })
      passedOver.push(`${name}: ${error.fault}`)
      last = refusalOfFault(error)
    }
  }
  return { refusal: last, passedOver }
}
