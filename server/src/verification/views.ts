import {
  countryName,
  documentTypeLabels,
  identityFieldLabels,
  maskDocumentNumber,
  readStaffSentence,
  staffReasonSentence,
  staffSentence,
} from '@veridoor/contract'
import { type Claim, findProviderType, wordsOf } from '@veridoor/providers'
import { findProvider } from '../organizations/index.ts'
import { readDecision } from './decision.ts'
import { type Deps, decryptClaim, decryptFinding, EMBED_PAGE, reviewNoteAad, type StoredFinding } from './deps.ts'
import { canShowPictures } from './look-at-pictures.ts'
import { decryptNextStep } from './next-step.ts'
import { matchOf, nameToSeal } from './review-verification.ts'
import { canMove } from './states.ts'
import { type VerificationRow, webhooksOf } from './store.ts'
import type { Comparison, Detail, Row, View } from './types.ts'

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

/** Where the person goes on: the provider's page, or ours that shows the embedded check. */
const redirectUrlOf = (deps: Deps, row: VerificationRow): string | null => {
  const step = decryptNextStep(deps, row)
  if (!step) return null
  return step.next === 'redirect' ? step.url : `${deps.url}${EMBED_PAGE}?check=${row.id}`
}

/** @param forPerson the person themself sees where to go on */
export const toView = (deps: Deps, row: VerificationRow, forPerson: boolean): View => ({
  id: row.id,
  reference: row.reference,
  state: row.state,
  isTest: row.isTest,
  isDemonstration: row.isDemonstration,
  createdAt: row.createdAt.toISOString(),
  expiresAt: iso(row.expiresAt),
  endedAt: iso(row.endedAt),
  redirectUrl: forPerson ? redirectUrlOf(deps, row) : null,
  reasons: row.reasons,
  canCancel: canMove(row.state, 'cancelled'),
})

/** For lists of staff: decrypts nothing. */
export const toRow = (deps: Deps, row: VerificationRow): Row => ({
  id: row.id,
  reference: row.reference,
  state: row.state,
  isTest: row.isTest,
  isDemonstration: row.isDemonstration,
  person: { organization: row.organization, name: row.userName },
  provider: `${row.providerOwner}/${row.providerName}`,
  trust: readDecision(deps, row)?.trust ?? null,
  reasons: row.reasons,
  createdAt: row.createdAt.toISOString(),
  endedAt: iso(row.endedAt),
})

/** Claimed against printed, for staff; numbers masked for good. */
const comparisonOf = (claim: Claim, kept: StoredFinding | null, at: Date): Comparison[] => {
  const document = kept?.finding.document ?? {}
  const fields = kept?.match ? matchOf(kept, claim, at).fields : undefined
  const printed = [document.firstName, document.lastName].filter(Boolean).join(' ')
  const line = (
    field: string,
    claimed: string,
    shown: string,
    result: Comparison['result'] | undefined,
  ): Comparison => ({
    field,
    claimed,
    document: shown,
    result: result ?? 'absent',
  })
  return [
    line(identityFieldLabels.realName, claim.realName, printed, fields?.name),
    line(
      identityFieldLabels.documentNumber,
      maskDocumentNumber(claim.number),
      maskDocumentNumber(document.number ?? ''),
      fields?.number,
    ),
    line(identityFieldLabels.documentType, documentName(claim.type), documentName(document.type ?? ''), fields?.type),
    line('Issued by', countryName(claim.country), countryName(document.country ?? ''), fields?.country),
    line('Valid until', '', document.expiry ?? '', fields?.expiry),
  ]
}

/** The end of a sentence: without a full stop, and in lower case where it is no name or abbreviation. */
const asClause = (text: string): string =>
  text
    .trim()
    .replace(/[.!?]+$/, '')
    .replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase())

/** Why a check came to its state, for staff: first the reasons of the decision, then what was seen. */
const staffReasonsOf = (row: VerificationRow, providerWords: Readonly<Record<string, string>>): string[] => {
  const decided = row.reasons.map(({ code, values }) =>
    code === 'rejected_by_person'
      ? staffSentence({
          code,
          values: {
            reviewer: row.reviewedBy?.split('/').at(-1) ?? 'a reviewer',
            day: iso(row.endedAt) ?? '',
            reason: asClause(row.reviewReason ?? 'no reason given'),
          },
        })
      : readStaffSentence(code, values),
  )
  return [...new Set([...decided, ...row.staffReasons.map((code) => staffReasonSentence(code, providerWords))])]
}

const documentName = (type: string): string =>
  documentTypeLabels[type as keyof typeof documentTypeLabels] ?? type.replaceAll('_', ' ').toLowerCase()

/**
 * For staff: decrypts claim and finding, with numbers masked. The timeline has the newest first: at most 100 lines of the audit, and
 * all webhooks.
 */
export const toDetail = async (deps: Deps, row: VerificationRow): Promise<Detail> => {
  const provider = await findProvider(deps.organizations.db, row.providerOwner, row.providerName)
  const type = provider && findProviderType(deps.organizations.types, provider.category, provider.type)
  const { lines } = await deps.audit.list({ organization: row.organization, reference: row.reference, limit: 100 })
  const providerWords = wordsOf(type, [...row.staffReasons, ...lines.flatMap(({ reasons }) => reasons)])
  const received = await webhooksOf(deps.db, row.id)
  const timeline = [
    ...lines.map((line) => ({
      at: line.at.toISOString(),
      event: line.action,
      before: line.before,
      after: line.after,
      text: [line.actor, line.reasons.map((code) => staffReasonSentence(code, providerWords)).join(' ')]
        .filter(Boolean)
        .join(' · '),
    })),
    ...received.map((webhook) => ({
      at: webhook.receivedAt.toISOString(),
      event: 'webhook',
      before: null,
      after: null,
      text: webhook.copies === 1 ? '1 copy' : `${webhook.copies} copies`,
    })),
  ].sort((a, b) => b.at.localeCompare(a.at))
  const claim = decryptClaim(deps, row)
  const kept = decryptFinding(deps, row)
  return {
    ...toView(deps, row, false),
    person: { organization: row.organization, name: row.userName },
    provider: {
      organization: row.providerOwner,
      name: row.providerName,
      displayName: provider?.displayName ?? row.providerName,
      type: provider?.type ?? '',
    },
    trust: readDecision(deps, row)?.trust ?? null,
    application: row.application,
    startedBy: row.startedBy,
    providerReference: row.providerReference,
    checks: row.checks,
    comparison: comparisonOf(claim, kept, deps.clock.now()),
    staffReasons: staffReasonsOf(row, providerWords),
    timeline,
    reviewedBy: row.reviewedBy,
    reviewReason: row.reviewReason,
    reviewNote: row.reviewNote === null ? null : deps.cipher.decrypt(row.reviewNote, reviewNoteAad(row.id)),
    nameToSeal: row.state === 'review' && kept ? nameToSeal(kept.finding.document, claim) : null,
    canShowPictures: await canShowPictures(deps, row),
  }
}
