import { listOf } from '@veridoor/jumio'
import type { PlatformSession, Session } from '../schema.ts'
import { LIVENESS_NOT_ASSESSED, type V4Result } from '../v4/result.ts'
import { type CapabilityName, type Category, capabilityNames, workflowOf } from './workflows.ts'

type Verdict = readonly [type: 'PASSED' | 'REJECTED' | 'WARNING' | 'NOT_EXECUTED', label: string]
type Verdicts = Partial<Record<CapabilityName, Verdict>>

const ok: Verdict = ['PASSED', 'OK']
const notUploaded: Verdict = ['NOT_EXECUTED', 'NOT_UPLOADED']
/** What a capability says that another one kept from running (section 4.13). */
const blocked: Verdict = ['NOT_EXECUTED', 'PRECONDITION_NOT_FULFILLED']

const usabilityLabels: Record<string, string> = {
  '2001': 'BLURRED',
  '2002': 'BAD_QUALITY',
  '2003': 'PART_OF_DOCUMENT_MISSING',
  '2006': 'GLARE',
  '2007': 'MISSING_MANDATORY_DATAPOINTS',
  '201': 'NOT_A_DOCUMENT',
  '206': 'MISSING_PAGE',
  '207': 'MISSING_PAGE',
  '210': 'BLACK_WHITE',
  '214': 'MISSING_PAGE',
}
const livenessVerdicts: Record<string, Verdict> = {
  SELFIE_CROPPED_FROM_ID: ['REJECTED', 'ID_USED_AS_SELFIE'],
  MULTIPLE_PEOPLE: ['REJECTED', 'MULTIPLE_PEOPLE'],
  FACE_NOT_FULLY_VISIBLE: ['REJECTED', 'FACE_NOT_FULLY_VISIBLE'],
  BAD_QUALITY: ['WARNING', 'BAD_QUALITY'],
  // The wire's list has no plainer word for a person whose movements were not seen.
  LIVENESS_FAILED: ['REJECTED', 'LIVENESS_UNDETERMINED'],
}
const similarityVerdicts: Record<string, Verdict> = {
  MATCH: ['PASSED', 'MATCH'],
  NO_MATCH: ['REJECTED', 'NO_MATCH'],
}

type Detail = { detailsCode?: string }
type Reject = { rejectReasonCode?: string; rejectReasonDetails?: Detail | Detail[] }
type Face = { similarity?: string; validity?: string; reason?: string }

type FaceSearch = { status: string; findings?: string[] }
const faceSearchOf = ({ verification }: Pick<V4Result, 'verification'>): FaceSearch | undefined =>
  (verification?.additionalChecks as { faceSearchFindings?: FaceSearch } | undefined)?.faceSearchFindings

/** What the client said about the person beside what the document says. */
const dataVerdicts: Record<NonNullable<V4Result['dataDifference']>, Verdict> = {
  sure: ['REJECTED', 'ID_DATA_MISMATCH'],
  unsure: ['WARNING', 'ID_DATA_MISMATCH_LOW_CONFIDENCE'],
}

const dataVerdictOf = ({ isUnread, dataDifference }: V4Result): Verdict => {
  if (dataDifference) return dataVerdicts[dataDifference]
  // The wire has no word in `extraction` for what was not read for sure; only a pass.
  return isUnread ? ['WARNING', 'UNREADABLE_DATASOURCE'] : ok
}

const livenessVerdictOf = ({ validity, reason }: Face): Verdict => {
  if (validity === 'true') return ok
  if (reason === LIVENESS_NOT_ASSESSED) return blocked
  return livenessVerdicts[reason ?? ''] ?? ['WARNING', 'BAD_QUALITY']
}

/** A result's words of Netverify v4 in those of the Platform (section 4.20). */
const verdictsOf = (result: V4Result): Verdicts => {
  const { document, verification, dataDifference } = result
  const reject = verification?.rejectReason as Reject | undefined
  const face = verification?.identityVerification as Face | undefined
  const search = faceSearchOf({ verification })
  const repeated: Verdict | undefined = search?.findings && ['WARNING', 'REPEATED_FACE']
  const unread: Verdicts = { imageChecks: blocked, extraction: blocked, dataChecks: blocked }
  switch (document.status) {
    case 'APPROVED_VERIFIED':
      // A specimen has no mark on this wire that clients read: it never passes here, not even in demonstration mode.
      return {
        usability: ok,
        imageChecks: document.specimen === true ? ['REJECTED', 'SAMPLE'] : (repeated ?? ok),
        extraction: ok,
        dataChecks: dataVerdictOf(result),
        similarity: face ? (similarityVerdicts[face.similarity ?? ''] ?? ['WARNING', 'NOT_POSSIBLE']) : blocked,
        liveness: face ? livenessVerdictOf(face) : blocked,
      }
    case 'DENIED_UNSUPPORTED_ID_TYPE':
      return { ...unread, usability: ['WARNING', 'UNSUPPORTED_DOCUMENT_TYPE'] }
    case 'DENIED_UNSUPPORTED_ID_COUNTRY':
      return { ...unread, usability: ['WARNING', 'UNSUPPORTED_COUNTRY'] }
    case 'ERROR_NOT_READABLE_ID': {
      const code = reject?.rejectReasonCode ?? ''
      if (code === '202') return { ...unread, usability: ok, imageChecks: ['REJECTED', 'SAMPLE'] }
      if (code === '300')
        return {
          ...unread,
          usability: ok,
          imageChecks: repeated ?? blocked,
          // What surely differs from the client's own data is no doubt that a person could lift.
          dataChecks: dataVerdicts[dataDifference ?? 'unsure'],
        }
      const label = usabilityLabels[listOf(reject?.rejectReasonDetails)[0]?.detailsCode ?? code] ?? 'BAD_QUALITY'
      return { ...unread, usability: ['REJECTED', label] }
    }
    default:
      return { ...unread, usability: notUploaded }
  }
}

/** Names of the wire's extraction, from those of Netverify v4. */
const extractionNames: Record<string, string> = {
  type: 'type',
  issuingCountry: 'issuingCountry',
  firstName: 'firstName',
  lastName: 'lastName',
  dob: 'dateOfBirth',
  expiry: 'expiryDate',
  number: 'documentNumber',
  nationality: 'nationality',
  gender: 'gender',
  usState: 'state',
  personalNumber: 'personalNumber',
  optionalData1: 'optionalMrzField1',
  optionalData2: 'optionalMrzField2',
}

const decisionOf = ([type, label]: readonly [string, string]): { type: string; details: { label: string } } => ({
  type,
  details: { label },
})

/** Whether the whole was unsupported: a warning of usability, yet a rejected workflow (section 4.20). */
const overallOf = (verdicts: readonly Verdict[]): 'PASSED' | 'WARNING' | 'REJECTED' => {
  if (verdicts.some(([type, label]) => type === 'REJECTED' || label.startsWith('UNSUPPORTED_'))) return 'REJECTED'
  return verdicts.every(([type]) => type === 'PASSED') ? 'PASSED' : 'WARNING'
}

const scores = { PASSED: 0, WARNING: 50, REJECTED: 100 } as const

/** An id that stays the same from one read to the next, without a table of its own. @param index 16 to 255 */
export const entryId = (session: Pick<Session, 'id'>, index: number): string =>
  `${session.id.slice(0, -2)}${index.toString(16)}`

/** What a capability tells beside its label. */
const dataOf = (
  name: CapabilityName,
  [type, label]: Verdict,
  result: V4Result,
): Record<string, unknown> | undefined => {
  const search = faceSearchOf(result)
  const face = result.verification?.identityVerification as Face | undefined
  switch (name) {
    case 'extraction':
      if (type !== 'PASSED') return undefined
      return Object.fromEntries(
        Object.entries(extractionNames).flatMap(([from, to]) =>
          result.document[from] === undefined ? [] : [[to, result.document[from]]],
        ),
      )
    case 'imageChecks':
      return search && { faceSearchFindings: { findings: [], ...search } }
    case 'dataChecks': {
      const signals = result.verification?.signals as readonly string[] | undefined
      return signals && { signals }
    }
    case 'similarity':
      return type === 'NOT_EXECUTED' ? undefined : { similarity: label }
    case 'liveness':
      // Where the client does not require it the label passes, as clients know it; what was looked at stands beside it.
      return face?.reason === LIVENESS_NOT_ASSESSED ? { type: 'NOT_ASSESSED' } : undefined
    default:
      return undefined
  }
}

/** Whose credentials a capability looks at (section 4.13). */
const about: Readonly<Record<CapabilityName, readonly Category[]>> = {
  usability: ['ID'],
  imageChecks: ['ID'],
  extraction: ['ID'],
  dataChecks: ['ID'],
  similarity: ['ID', 'SELFIE'],
  liveness: ['SELFIE'],
}

/** Decision and capabilities of a finished session (sections 4.12, 4.13, 4.17); older workflows have no decision of the whole. */
export const judged = (
  session: Session,
  platform: PlatformSession,
  result: V4Result,
  status: string,
): { decision?: Record<string, unknown>; capabilities: Record<string, unknown> } => {
  const workflow = workflowOf(platform.key)
  const isOurFault = session.endedHow === 'interrupted'
  const verdicts = verdictsOf(result)
  const asked = workflow?.capabilities ?? []
  const listed = asked.map(
    (name): Verdict => (isOurFault ? ['NOT_EXECUTED', 'TECHNICAL_ERROR'] : (verdicts[name] ?? blocked)),
  )
  const of = (...categories: Category[]): { id: string; category: Category }[] =>
    platform.credentials
      .filter(({ category }) => categories.includes(category))
      .map(({ id, category }) => ({ id, category }))
  const entry = (index: number, verdict: Verdict, categories: readonly Category[], data?: Record<string, unknown>) => ({
    id: entryId(session, index),
    credentials: of(...categories),
    decision: decisionOf(verdict),
    ...(data ? { data } : {}),
  })
  // Usability has an entry for each credential that pictures belong to (section 4.13).
  const more = (['SELFIE', 'FACEMAP'] as const)
    .filter((category) => of(category).length > 0)
    .map((category, index) => {
      const isThere =
        category === 'SELFIE' ? session.parts.selfie.state === 'accepted' : session.livenessOutcome === 'passed'
      return entry(32 + index, isThere && session.state === 'DONE' ? ok : notUploaded, [category])
    })
  const capabilities = Object.fromEntries(
    asked.map((name, index) => {
      const verdict = listed[index] ?? blocked
      const own = entry(16 + capabilityNames.indexOf(name), verdict, about[name], dataOf(name, verdict, result))
      return [name, name === 'usability' ? [own, ...more] : [own]]
    }),
  )
  if (!workflow?.hasDecision) return { capabilities }
  if (session.state === 'FAILED') {
    const label = isOurFault ? 'TECHNICAL_ERROR' : status
    return { decision: { ...decisionOf(['NOT_EXECUTED', label]), risk: { score: -1 } }, capabilities }
  }
  const overall = overallOf(listed)
  return { decision: { ...decisionOf([overall, overall]), risk: { score: scores[overall] } }, capabilities }
}
