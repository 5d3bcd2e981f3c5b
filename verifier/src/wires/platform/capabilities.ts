import type { DocumentField, DocumentVerdict, FaceFinding, UnreadableCause, Verdict } from '../../session/verdict.ts'
import type { Decision, PlatformCredential, PlatformSession } from './state.ts'
import { type CapabilityName, type Category, capabilityNames, workflowOf } from './workflows.ts'

/** What a capability says (section 4.13). */
type Judgement = readonly [type: 'PASSED' | 'REJECTED' | 'WARNING' | 'NOT_EXECUTED', label: string]
type Judgements = Partial<Record<CapabilityName, Judgement>>

const ok: Judgement = ['PASSED', 'OK']
const notUploaded: Judgement = ['NOT_EXECUTED', 'NOT_UPLOADED']
/** What a capability says that another one kept from running (section 4.13). */
const blocked: Judgement = ['NOT_EXECUTED', 'PRECONDITION_NOT_FULFILLED']
const sample: Judgement = ['REJECTED', 'SAMPLE']

const unreadableLabels: Partial<Record<UnreadableCause, string>> = {
  photo_blurry: 'BLURRED',
  photo_quality: 'BAD_QUALITY',
  document_cut_off: 'PART_OF_DOCUMENT_MISSING',
  photo_glare: 'GLARE',
  data_unreadable: 'MISSING_MANDATORY_DATAPOINTS',
  no_document: 'NOT_A_DOCUMENT',
  side_missing: 'MISSING_PAGE',
  wrong_page: 'MISSING_PAGE',
  photo_grey: 'BLACK_WHITE',
  front_missing: 'MISSING_PAGE',
}

const livenessJudgements: Readonly<Record<NonNullable<FaceFinding['reason']>, Judgement>> = {
  portrait_used_as_selfie: ['REJECTED', 'ID_USED_AS_SELFIE'],
  several_faces: ['REJECTED', 'MULTIPLE_PEOPLE'],
  face_not_visible: ['REJECTED', 'FACE_NOT_FULLY_VISIBLE'],
  selfie_quality: ['WARNING', 'BAD_QUALITY'],
  // The wire has no plainer word for a person whose movements were not seen.
  movement_failed: ['REJECTED', 'LIVENESS_UNDETERMINED'],
  liveness_not_assessed: blocked,
}
const livenessOf = ({ isValid, reason }: FaceFinding): Judgement =>
  isValid ? ok : reason ? livenessJudgements[reason] : ['WARNING', 'BAD_QUALITY']

const similarityJudgements: Readonly<Record<FaceFinding['similarity'], Judgement>> = {
  match: ['PASSED', 'MATCH'],
  no_match: ['REJECTED', 'NO_MATCH'],
  not_possible: ['WARNING', 'NOT_POSSIBLE'],
}

/** What the client said about the person, beside what the document says. */
const dataJudgements: Readonly<Record<NonNullable<DocumentVerdict['dataDifference']>, Judgement>> = {
  certain: ['REJECTED', 'ID_DATA_MISMATCH'],
  possible: ['WARNING', 'ID_DATA_MISMATCH_LOW_CONFIDENCE'],
}

const repeatedOf = ({ repeatedFaces }: DocumentVerdict): Judgement | undefined =>
  repeatedFaces && repeatedFaces.length > 0 ? ['WARNING', 'REPEATED_FACE'] : undefined

const unread: Judgements = { imageChecks: blocked, extraction: blocked, dataChecks: blocked }

const readJudgements = (verdict: Verdict & { outcome: 'read' }): Judgements => ({
  usability: ok,
  // Clients read no mark of a specimen on this wire: it never passes here, not even in demonstration mode.
  imageChecks: verdict.isSpecimen ? sample : (repeatedOf(verdict) ?? ok),
  extraction: ok,
  dataChecks: verdict.dataDifference
    ? dataJudgements[verdict.dataDifference]
    : // `extraction` has no word for a value that is not certain, only a pass.
      verdict.isIncomplete
      ? ['WARNING', 'UNREADABLE_DATASOURCE']
      : ok,
  similarity: verdict.face ? similarityJudgements[verdict.face.similarity] : blocked,
  liveness: verdict.face ? livenessOf(verdict.face) : blocked,
})

/** A verdict in the words of the Platform (section 4.20). */
const judgementsOf = (verdict: Verdict): Judgements => {
  switch (verdict.outcome) {
    case 'read':
      return readJudgements(verdict)
    case 'unsupported':
      return {
        ...unread,
        usability: ['WARNING', verdict.cause === 'type' ? 'UNSUPPORTED_DOCUMENT_TYPE' : 'UNSUPPORTED_COUNTRY'],
      }
    case 'sample':
      return { ...unread, usability: ok, imageChecks: sample }
    case 'review':
      return {
        ...unread,
        usability: ok,
        imageChecks: verdict.isSpecimen ? sample : (repeatedOf(verdict) ?? blocked),
        // A certain difference from the client's own data is not a doubt that a person could resolve.
        dataChecks: dataJudgements[verdict.dataDifference ?? 'possible'],
      }
    case 'unreadable': {
      const [label] = verdict.causes.flatMap((cause) => unreadableLabels[cause] ?? [])
      return { ...unread, usability: ['REJECTED', label ?? 'BAD_QUALITY'] }
    }
    case 'nothing_sent':
      return { ...unread, usability: notUploaded }
  }
}

/** Names of the wire's extraction, in its order. */
const extractionNames: Readonly<Record<DocumentField, string>> = {
  issuingCountry: 'issuingCountry',
  firstName: 'firstName',
  lastName: 'lastName',
  dateOfBirth: 'dateOfBirth',
  expiry: 'expiryDate',
  number: 'documentNumber',
  nationality: 'nationality',
  sex: 'gender',
  state: 'state',
  personalNumber: 'personalNumber',
  optionalData1: 'optionalMrzField1',
  optionalData2: 'optionalMrzField2',
}
const extractionOf = ({ type, fields }: Verdict & { outcome: 'read' }): Record<string, string> => ({
  ...(type ? { type } : {}),
  ...Object.fromEntries(
    (Object.entries(extractionNames) as [DocumentField, string][]).flatMap(([field, name]) => {
      const value = fields[field]
      return value === undefined ? [] : [[name, value ?? 'N/A']]
    }),
  ),
})

const decisionOf = ([type, label]: readonly [string, string]): Pick<Decision, 'type' | 'details'> => ({
  type,
  details: { label },
})

/** An unsupported document is a warning of usability, yet the workflow is rejected (section 4.20). */
const overallOf = (judgements: readonly Judgement[]): 'PASSED' | 'WARNING' | 'REJECTED' => {
  if (judgements.some(([type, label]) => type === 'REJECTED' || label.startsWith('UNSUPPORTED_'))) return 'REJECTED'
  return judgements.every(([type]) => type === 'PASSED') ? 'PASSED' : 'WARNING'
}

const scores = { PASSED: 0, WARNING: 50, REJECTED: 100 } as const

/**
 * An id that stays the same from one read to the next, without a table of its own, and is never the session's.
 * @param index 16 to 255
 */
export const entryId = ({ id }: Pick<PlatformSession, 'id'>, index: number): string => {
  const flipped = (Number.parseInt(id.slice(-4, -2), 16) ^ 1).toString(16).padStart(2, '0')
  return `${id.slice(0, -4)}${flipped}${index.toString(16)}`
}

/** What a capability tells beside its label (section 4.13); `signals` are our own. */
type CapabilityData =
  | Readonly<Record<string, string>>
  | { readonly faceSearchFindings: { readonly findings: readonly string[]; readonly status: 'DONE' } }
  | { readonly signals: readonly string[] }

const dataOf = (name: CapabilityName, [type, label]: Judgement, verdict: Verdict): CapabilityData | undefined => {
  if (verdict.outcome !== 'read' && verdict.outcome !== 'review') return undefined
  switch (name) {
    case 'extraction':
      return type === 'PASSED' && verdict.outcome === 'read' ? extractionOf(verdict) : undefined
    case 'imageChecks':
      return verdict.repeatedFaces
        ? { faceSearchFindings: { findings: verdict.repeatedFaces, status: 'DONE' } }
        : undefined
    case 'dataChecks':
      return verdict.signals.length > 0 ? { signals: verdict.signals } : undefined
    case 'similarity':
      return type === 'NOT_EXECUTED' ? undefined : { similarity: label }
    case 'liveness':
      // Where the client does not require it the label passes, as clients know it; the data say that nobody assessed it.
      return verdict.outcome === 'read' && verdict.face?.reason === 'liveness_not_assessed'
        ? { type: 'NOT_ASSESSED' }
        : undefined
    default:
      return undefined
  }
}

/** Categories of the credentials that a capability looks at (section 4.13). */
const credentialsOf: Readonly<Record<CapabilityName, readonly Category[]>> = {
  usability: ['ID'],
  imageChecks: ['ID'],
  extraction: ['ID'],
  dataChecks: ['ID'],
  similarity: ['ID', 'SELFIE'],
  liveness: ['SELFIE'],
}

type CapabilityEntry = {
  readonly id: string
  readonly credentials: readonly Pick<PlatformCredential, 'id' | 'category'>[]
  readonly decision: Pick<Decision, 'type' | 'details'>
  readonly data?: CapabilityData
}
/** Decision and capabilities of a finished session. Older workflows have no decision of the whole. */
export type Judged = {
  readonly decision?: Decision
  readonly capabilities: Readonly<Record<string, readonly CapabilityEntry[]>>
}

const entryOf = (
  session: PlatformSession,
  index: number,
  judgement: Judgement,
  categories: readonly Category[],
  data?: CapabilityData,
): CapabilityEntry => ({
  id: entryId(session, index),
  credentials: session.platform.credentials
    .filter(({ category }) => categories.includes(category))
    .map(({ id, category }) => ({ id, category })),
  decision: decisionOf(judgement),
  ...(data ? { data } : {}),
})

/** Usability has an entry for each credential that pictures belong to (section 4.13). */
const faceUsability = (session: PlatformSession): CapabilityEntry[] =>
  (['SELFIE', 'FACEMAP'] as const)
    .filter((category) => session.platform.credentials.some((credential) => credential.category === category))
    .map((category, index) => {
      const isThere =
        category === 'SELFIE' ? session.sides.selfie.state === 'accepted' : session.livenessOutcome === 'passed'
      return entryOf(session, 32 + index, isThere && session.state === 'DONE' ? ok : notUploaded, [category])
    })

/** A finished session in the words of sections 4.12, 4.13 and 4.17. @param status as `executionStatus` says it */
export const judged = (session: PlatformSession, verdict: Verdict, status: string): Judged => {
  const workflow = workflowOf(session.platform.key)
  const isFaultHere = session.endedHow === 'interrupted'
  const judgements = judgementsOf(verdict)
  const asked = workflow?.capabilities ?? []
  const listed = asked.map(
    (name): Judgement => (isFaultHere ? ['NOT_EXECUTED', 'TECHNICAL_ERROR'] : (judgements[name] ?? blocked)),
  )
  const capabilities = Object.fromEntries(
    asked.map((name, index) => {
      const judgement = listed[index] ?? blocked
      const data = dataOf(name, judgement, verdict)
      const own = entryOf(session, 16 + capabilityNames.indexOf(name), judgement, credentialsOf[name], data)
      return [name, name === 'usability' ? [own, ...faceUsability(session)] : [own]]
    }),
  )
  if (!workflow?.hasDecision) return { capabilities }
  if (session.state === 'FAILED') {
    const label = isFaultHere ? 'TECHNICAL_ERROR' : status
    return { decision: { ...decisionOf(['NOT_EXECUTED', label]), risk: { score: -1 } }, capabilities }
  }
  const overall = overallOf(listed)
  return { decision: { ...decisionOf([overall, overall]), risk: { score: scores[overall] } }, capabilities }
}
