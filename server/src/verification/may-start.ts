import {
  countryAlternatives,
  documentAlternatives,
  fieldList,
  identityFieldLabels,
  isDocumentType,
  reason,
} from '@veridoor/contract'
import type { CommonSettings } from '@veridoor/providers'
import { countsAsVerified, missingFields, type User } from '../accounts/index.ts'
import {
  applicationOf,
  findOrganization,
  openProvider,
  type ProviderRow,
  providerRowsOf,
  usedThisMonth,
} from '../organizations/index.ts'
import { CATEGORY, type Deps } from './deps.ts'
import type { RefusedStart } from './provider-faults.ts'
import { findOpen, sessionsSince, triesSince } from './store.ts'

/** A provider that may be asked, with its opened settings. */
export type Candidate = { readonly row: ProviderRow; readonly settings: CommonSettings }
/** Whether a person may start a check now: then `refusal` is null. `triesLeft` looks back over 24 hours. */
export type MayStart = {
  readonly refusal: RefusedStart | null
  readonly triesLeft: number
  /** Providers to try in order, and those passed over with the reason. */
  readonly candidates: readonly Candidate[]
  readonly passedOver: readonly string[]
}

const DAY_MS = 86_400_000
/** For each try that counts: a cancelled session uses none up, but costs one at the provider. */
const SESSIONS_PER_TRY = 3

/** A provider counts calls by calendar month in UTC: on the first of the next one it takes checks again. */
export const quotaReached = (limit: number, now: Date): RefusedStart => {
  const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))
  return reason('quota_reached', { date: next.toISOString().slice(0, 10), limit })
}

const acceptsDocument = (settings: CommonSettings, user: User): boolean =>
  isDocumentType(user.identity.documentType) &&
  settings.documentTypes.includes(user.identity.documentType) &&
  (settings.countries.length === 0 ||
    user.identity.documentCountry === '' ||
    settings.countries.includes(user.identity.documentCountry))

/** Ready providers in the application's order; a provider whose circuit is open, whose quota is used up or that takes other documents is passed over. */
const chooseProviders = async (deps: Deps, user: User, rows: readonly ProviderRow[]) => {
  const now = deps.clock.now()
  const candidates: Candidate[] = []
  const passedOver: string[] = []
  let why: RefusedStart = reason('provider_down')
  for (const row of rows) {
    const name = `${row.owner}/${row.name}`
    const over = (word: string, refusal: RefusedStart): void => {
      passedOver.push(`${name}: ${word}`)
      why = refusal
    }
    let settings: CommonSettings
    try {
      settings = openProvider(deps.organizations, row).settings
    } catch {
      over('not ready', reason('provider_not_ready'))
      continue
    }
    const used = settings.monthlyLimit === null ? 0 : await usedThisMonth(deps.organizations, row.owner, row.name)
    if (!acceptsDocument(settings, user)) {
      const documents = documentAlternatives(settings.documentTypes)
      const countries = countryAlternatives(settings.countries)
      over('document not accepted', reason('document_choice_refused', { documents, countries }))
    } else if (settings.monthlyLimit !== null && used >= settings.monthlyLimit) {
      over('quota reached', quotaReached(settings.monthlyLimit, now))
    } else if (row.openUntil && row.openUntil > now) {
      const minutes = Math.max(1, Math.ceil((row.openUntil.getTime() - now.getTime()) / 60_000))
      over(
        row.healthDetail || 'circuit open',
        row.healthDetail === 'rate_limited' ? reason('provider_busy', { minutes }) : reason('provider_down'),
      )
    } else candidates.push({ row, settings })
  }
  return { candidates, passedOver, why }
}

/** Each refusal of design section 4, in the order in which a person can correct them. */
export const mayStart = async (deps: Deps, user: User): Promise<MayStart> => {
  const organization = await findOrganization(deps.organizations.db, user.organization)
  const application = await applicationOf(deps.organizations.db, user.organization, user.application)
  const now = deps.clock.now()
  const since = new Date(now.getTime() - DAY_MS)
  const { tries, firstAt } = await triesSince(deps.db, user.id, since)
  const opened = await sessionsSince(deps.db, user.id, since)
  const triesPerDay = organization?.triesPerDay ?? 5
  const hasSessions = opened.sessions < triesPerDay * SESSIONS_PER_TRY
  const triesLeft = hasSessions ? Math.max(0, triesPerDay - tries) : 0
  const usedUpSince = hasSessions ? firstAt : opened.firstAt
  const no = (refusal: RefusedStart): MayStart => ({ refusal, triesLeft, candidates: [], passedOver: [] })

  if (user.isForbidden) return no(reason('account_suspended'))
  if (user.verifiedAt) {
    // A specimen sealed this account on a server in demonstration mode; elsewhere it proves nobody.
    if (!countsAsVerified(user, deps.demonstration)) return no(reason('sample_document'))
    return no(reason('already_verified', { date: user.verifiedAt.toISOString().slice(0, 10) }))
  }
  const open = await findOpen(deps.db, user.id)
  if (open) return no(reason('verification_open', { time: open.createdAt.toISOString() }))

  const rows = application
    ? (await providerRowsOf(deps.organizations.db, application.name)).map((entry) => entry.provider)
    : []
  const ours = rows.filter((row) => row.category === CATEGORY)
  if (ours.length === 0) return no(reason('provider_missing', { app: application?.displayName || 'This application' }))
  const missing = missingFields(user.identity)
  if (missing.length > 0)
    return no(
      reason('profile_incomplete', {
        fields: fieldList(missing.map((field) => identityFieldLabels[field])),
      }),
    )
  if (triesLeft === 0 && usedUpSince)
    return no(reason('attempts_used_up', { time: new Date(usedUpSince.getTime() + DAY_MS).toISOString() }))

  const { candidates, passedOver, why } = await chooseProviders(deps, user, ours)
  return { refusal: candidates.length === 0 ? why : null, triesLeft, candidates, passedOver }
}
