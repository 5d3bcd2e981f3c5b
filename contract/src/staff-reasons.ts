import { signalSentence } from './review-signals.ts'
import { isSentenceCode, sentences } from './sentences/index.ts'

const fields = { name: 'name', number: 'number', type: 'kind of document', country: 'country' } as const
const checks = {
  document: 'check of the document',
  readable: 'check whether the document is readable',
  face: 'comparison of the faces',
  liveness: 'liveness check',
} as const

/** How claim and document compare, and how the checks ended, as `decide` writes them. */
const comparisons: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(fields).flatMap(([field, word]) => [
      [`${field}:close`, `The ${word} on the document is close to the claimed one, but not the same.`],
      [`${field}:different`, `The ${word} on the document is not the claimed one.`],
      [`${field}:absent`, `The ${word} could not be read from the document.`],
    ]),
  ),
  'expiry:different': 'The document has expired.',
  'expiry:absent': 'The expiry date could not be read from the document.',
  ...Object.fromEntries(
    Object.entries(checks).flatMap(([check, word]) => [
      [`${check}:fail`, `The ${word} failed.`],
      [`${check}:unclear`, `The ${word} had no clear result.`],
      [`${check}:not_assessed`, `The ${word} was not made.`],
    ]),
  ),
}

/** How a call to a provider failed, in words that complete a sentence. */
export const providerFaultWords = {
  unreachable: 'its address could not be reached',
  timeout: 'it did not answer in time',
  tls: 'its certificate was not accepted',
  credentials_refused: 'it refused our credentials',
  forbidden: 'it refused the call',
  rate_limited: 'it takes no more calls at the moment',
  not_found: 'it does not know this check',
  bad_request: 'it did not understand the call',
  bad_response: 'its answer could not be read',
  server_error: 'it had a fault of its own',
  address_not_allowed: 'its address is not allowed here',
} as const satisfies Record<string, string>

/** Why a provider was not asked, in words that complete a sentence. */
const passedOverWords: Readonly<Record<string, string>> = {
  ...providerFaultWords,
  'not ready': 'its settings are not complete',
  'document not accepted': 'it does not accept this document',
  'quota reached': 'its monthly limit is used up',
  resting: 'its last calls failed',
  open: 'its last calls failed',
}

const lookUp = (table: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

const ends: Readonly<Record<string, string>> = {
  rejected: 'rejected',
  retry: 'not usable',
  review: 'to be reviewed',
  expired: 'expired',
}

const fixed: Readonly<Record<string, string>> = {
  duplicate_identity: sentences.duplicate_identity.staff,
  'outcome:unknown': 'The provider gave a result that is not known here.',
  'provider removed': 'The provider was removed while the check was open.',
  'no result within the schedule': 'The provider gave no result in time.',
  'interrupted before the provider answered': 'The start was interrupted before the provider answered.',
  'decided by a person': 'Decided by a person.',
  demonstration: 'A specimen was used.',
  returned_elsewhere:
    'Somebody came back who was not signed in to this account. Make sure that the person who did the check is the one who has the account.',
  'provider not approved by the installation': 'The installation has not approved this provider.',
  'references differ': 'The provider answered about another check.',
  'given up after repeated interruptions': 'The check was given up: fetching its result was interrupted five times.',
  'sent to provider: name and document number': 'Name and document number were sent to the provider.',
  test: 'This is a test verification.',
  'quota at 80 %': '80 % of the monthly limit of the provider is used.',
}

const patterns: readonly { pattern: RegExp; sentence: (match: RegExpExecArray) => string | undefined }[] = [
  {
    pattern: /^provider:(\w+)$/,
    sentence: ([, fault = '']) => {
      const words = lookUp(providerFaultWords, fault)
      return words && `The provider failed: ${words}.`
    },
  },
  {
    pattern: /^late:(\w+)$/,
    sentence: ([, end = '']) => {
      const words = lookUp(ends, end)
      return words && `After the approval the provider changed its result to “${words}”.`
    },
  },
  {
    pattern: /^([^\s:]+\/[^\s:]+): (.+)$/,
    sentence: ([, provider, why = '']) =>
      `${provider} was passed over: ${lookUp(passedOverWords, why) ?? why.replaceAll('_', ' ')}.`,
  },
]

/**
 * A reason for staff as a sentence. `providerWords` are those of the provider's type, by its own codes. A code without a description
 * is named as such, so that staff never wonder what a bare number means.
 */
export const staffReasonSentence = (code: string, providerWords: Readonly<Record<string, string>> = {}): string => {
  const known = lookUp(providerWords, code) ?? signalSentence(code) ?? lookUp(comparisons, code) ?? lookUp(fixed, code)
  if (known !== undefined) return known
  for (const { pattern, sentence } of patterns) {
    const match = pattern.exec(code)
    const words = match ? sentence(match) : undefined
    if (words) return words
  }
  if (isSentenceCode(code) && !sentences[code].staff.includes('{')) return sentences[code].staff
  // A sentence already: shown as it is.
  if (/^[A-Z].*[a-z].* .*\.$/.test(code)) return code
  return `The provider reported “${code.replaceAll('_', ' ').toLowerCase()}”, which has no description here.`
}
