import type { Judgement, Outcome, ReasonCode } from '../outcome.ts'
import { signalCodes, staffWord } from '../values.ts'
import { capabilityDataOf } from './capabilities.ts'
import type { CapabilityEntry, DetailsResponse } from './details.ts'
import { livenessFrauds, livenessRetries, selfieReasons, usabilityReasons } from './labels.ts'
import { type Required, requiredOf } from './workflows.ts'

type Entry = { readonly capability: string; readonly type: string; readonly label: string; readonly category: string }

/** The pass that a capability must name, where passing alone is not enough to say so (section 5.2). */
const passLabels: Readonly<Record<string, string>> = {
  similarity: 'MATCH',
  liveness: 'OK',
  authentication: 'OK',
  watchlistScreening: 'OK',
}

const entryOf = (capability: string, entry: CapabilityEntry): Entry => ({
  capability,
  type: entry.decision?.type ?? 'unknown',
  label: entry.decision?.details?.label ?? 'unknown',
  category: entry.credentials.length === 1 ? (entry.credentials[0]?.category ?? '') : '',
})

/** A face map that was not uploaded occurs in good transactions; liveness itself says what counts (section 4.13). */
const isFaceMapUsability = ({ capability, category }: Entry): boolean =>
  capability === 'usability' && category === 'FACEMAP'

/** Every entry that did not pass, without those that only waited for another. */
const failuresOf = (entries: readonly Entry[]): Entry[] =>
  entries.filter(
    (entry) =>
      entry.type !== 'PASSED' &&
      !(entry.type === 'NOT_EXECUTED' && entry.label === 'PRECONDITION_NOT_FULFILLED') &&
      !(isFaceMapUsability(entry) && entry.label === 'NOT_UPLOADED'),
  )

/** What makes a rejection final, in words that do not disclose the sign (rule 6). */
const fraudOf = ({ capability, type, label }: Entry): ReasonCode | undefined => {
  if (type !== 'REJECTED') return undefined
  switch (capability) {
    case 'imageChecks':
    case 'dataChecks':
      return 'document_not_accepted'
    case 'similarity':
      return label === 'NO_MATCH' || label === 'NOT_MATCH' ? 'face_no_match' : undefined
    case 'liveness':
      return livenessFrauds.includes(label) ? 'selfie_not_accepted' : undefined
    case 'authentication':
      return 'face_no_match'
    default:
      return undefined
  }
}

/** What the person can mend (rule 7). */
const retryOf = ({ capability, category, label }: Entry): ReasonCode | undefined => {
  if (capability === 'liveness') return livenessRetries[label]
  if (capability !== 'usability') return undefined
  const onSelfie = category === 'SELFIE' || category === 'FACEMAP' ? selfieReasons[label] : undefined
  return onSelfie ?? usabilityReasons[label] ?? 'photo_quality'
}

const judgeRejected = (failures: readonly Entry[], codes: readonly string[]): Judgement => {
  const frauds = failures.map(fraudOf).filter((reason) => reason !== undefined)
  if (frauds.length > 0) return { outcome: 'rejected', reasons: [...new Set(frauds)], codes }
  // Jumio's own trouble is not the person's: a human looks, where the table would allow a rejection.
  if (failures.some((entry) => entry.label === 'TECHNICAL_ERROR')) return review(codes)
  const retries = failures.map(retryOf)
  if (failures.length > 0 && retries.every((reason) => reason !== undefined))
    return { outcome: 'retry', reasons: [...new Set(retries)], codes }
  return { outcome: 'rejected', reasons: ['document_not_accepted'], codes }
}

/** The face was seen in other workflows: a hint at one person on two accounts, so a person looks (section 6.2). */
const isFaceRepeated = (details: DetailsResponse): boolean =>
  capabilityDataOf(details, 'imageChecks').some(({ faceSearchFindings }) =>
    (faceSearchFindings?.findings ?? []).some((found) => /^[0-9a-f-]{36}$/i.test(found)),
  )

/** Rules 10 and 11: what was asked for is there, all of it passed, and nothing else speaks against it. */
const judgePassed = (
  entries: readonly Entry[],
  required: Required,
  isRepeated: boolean,
  codes: readonly string[],
): Judgement => {
  const missing = required.capabilities.filter((capability) => {
    const own = entries.filter((entry) => entry.capability === capability && !isFaceMapUsability(entry))
    const needed = capability === 'usability' ? own.some((entry) => entry.category === 'ID') : own.length > 0
    return (
      !needed || own.some((entry) => entry.type !== 'PASSED' || entry.label !== (passLabels[capability] ?? entry.label))
    )
  })
  const doubts = entries.filter(
    (entry) => !isFaceMapUsability(entry) && entry.type !== 'PASSED' && entry.type !== 'NOT_EXECUTED',
  )
  if (missing.length === 0 && doubts.length === 0 && !isRepeated) return { outcome: 'approved', reasons: [], codes }
  return review([
    ...codes,
    ...missing.map((capability) => `${capability}:not_passed`),
    ...(isRepeated ? ['faceSearchFindings:repeated'] : []),
  ])
}

const review = (codes: readonly string[]): Judgement => ({ outcome: 'review', reasons: ['under_review'], codes })
const expired = (reason: ReasonCode, codes: readonly string[]): Judgement => ({
  outcome: 'expired',
  reasons: [reason],
  codes,
})

/** Whether any picture or value was ever sent. */
export const sentAnything = (details: DetailsResponse): boolean =>
  details.credentials.some((credential) => credential.parts.length > 0)

/** Workflows of the older kind carry no decision of their own: it follows from the capabilities (rule 12). */
const decisionOf = (entries: readonly Entry[]): string => {
  const counted = entries.filter((entry) => !isFaceMapUsability(entry))
  if (counted.some((entry) => entry.type === 'REJECTED')) return 'REJECTED'
  return counted.length > 0 && counted.every((entry) => entry.type === 'PASSED') ? 'PASSED' : 'WARNING'
}

/** Before details are fetched: what the status alone says. `fetch` where only the details can tell. */
export const outcomeOfStatus = (status: string | undefined): Outcome | 'fetch' => {
  switch (status) {
    case 'INITIATED':
    case 'ACQUIRED':
      return 'pending'
    case 'SESSION_EXPIRED':
    case 'TOKEN_EXPIRED':
      return 'expired'
    case 'PROCESSED':
      return 'fetch'
    default:
      return 'review'
  }
}

/**
 * Judges fetched details by section 5.2: the first rule that fits wins, every unlisted combination is a review. Rule 1 (ids and
 * references equal those stored) is the caller's.
 * @param asked the workflow *we* asked for, not the one that the answer names
 */
export const outcomePlatform = (
  details: DetailsResponse,
  asked: { readonly workflowKey: string | number; readonly faceRequired: boolean },
): Judgement => {
  const { workflow, decision, capabilities } = details
  const entries = Object.entries(capabilities).flatMap(([name, list]) => list.map((entry) => entryOf(name, entry)))
  const failures = failuresOf(entries)
  const codes = [
    ...failures.map(({ capability, type, label }) => `${staffWord(capability)}:${staffWord(type)}:${staffWord(label)}`),
    ...capabilityDataOf(details, 'dataChecks').flatMap(({ signals }) => signalCodes(signals)),
  ]
  const early = outcomeOfStatus(workflow.status)
  if (early === 'pending') return { outcome: 'pending', reasons: [], codes: [] }
  if (early === 'expired')
    return expired(workflow.status === 'TOKEN_EXPIRED' ? 'nothing_sent' : 'timed_out', [staffWord(workflow.status)])
  if (early !== 'fetch') return review(['status:unknown', ...codes])

  const label = decision?.details?.label
  switch (decision ? decision.type : decisionOf(entries)) {
    case 'NOT_EXECUTED':
      if (label !== 'TECHNICAL_ERROR' && !sentAnything(details)) return expired('nothing_sent', [staffWord(label)])
      return review([`decision:${staffWord(label)}`, ...codes])
    case 'REJECTED':
      return judgeRejected(failures, codes)
    case 'WARNING':
      return review(codes.length > 0 ? codes : ['decision:WARNING'])
    case 'PASSED':
      return judgePassed(entries, requiredOf(asked.workflowKey, asked.faceRequired), isFaceRepeated(details), codes)
    default:
      return review(['decision:unknown', ...codes])
  }
}
