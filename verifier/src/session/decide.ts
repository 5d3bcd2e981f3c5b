import { documentKindOf, isDocumentType } from '@veridoor/contract'
import type { Assessment, FieldName, RetakeCode, Signal } from '@veridoor/engine'
import { documents, isAcceptedBy } from './accepted.ts'
import { wantsFace } from './rules.ts'
import type { Client, Session } from './schema.ts'
import {
  type DocumentField,
  type DocumentFields,
  type DocumentName,
  type FaceFinding,
  isFaceRefused,
  noFindings,
  type UnreadableCause,
  type Verdict,
} from './verdict.ts'

/** What a verdict depends on besides the pictures. */
export type Rules = {
  /** Specimens pass, marked as such. */
  readonly demonstration: boolean
  /** The client approves nobody whose movements were not seen. */
  readonly livenessRequired: boolean
}

/** Kind and country that a session is about: as the person chose, or as the caller named them. */
export const documentNameOf = (session: Pick<Session, 'choice' | 'preset'>): DocumentName => ({
  type: session.choice?.type ?? session.preset?.type ?? null,
  country: session.choice?.country ?? null,
})

const SPECIMEN_STATE = 'UTO'
/**
 * Whether a document is a specimen: it says so, or Utopia issued it, the state of ICAO's specimens (Doc 9303-3, section 5), whatever
 * else was read. Where no issuer was read, the person's choice counts.
 */
const isSpecimen = (session: Session, { document: { fields, signals } }: Assessment): boolean =>
  signals.includes('specimen') ||
  fields.issuingCountry?.value === SPECIMEN_STATE ||
  fields.nationality?.value === SPECIMEN_STATE ||
  (!fields.issuingCountry && (session.choice ?? session.preset)?.country === SPECIMEN_STATE)

const findingsOf = (session: Session, assessment: Assessment) => ({
  ...noFindings,
  isSpecimen: isSpecimen(session, assessment),
})

/** Whether the engine knows the kind and cannot confirm it: visas, and licences without a bar code that it reads. */
export const isUnsupported = ({ document }: Assessment): boolean =>
  (document.kind !== null && !isDocumentType(document.kind)) || document.retake.includes('document_unsupported')

/** @param side which picture is asked for again: the back of a licence may have come as its front */
export const unreadableCauseOf = (code: RetakeCode, side: string | null | undefined): UnreadableCause =>
  code === 'side_missing' && side === 'front' ? 'front_missing' : code

/** A verdict about pictures that are not good enough; the first cause weighs most. */
export const unreadable = (
  session: Session,
  causes: readonly UnreadableCause[],
  findings: ReturnType<typeof findingsOf> = noFindings,
): Verdict => ({ outcome: 'unreadable', document: documentNameOf(session), causes: [...causes], ...findings })

/** A document that cannot be judged here, or that the client does not accept. A kind that was read counts before the one that was chosen. */
const unsupported = (
  session: Session,
  cause: 'type' | 'country',
  assessment: Assessment,
  kind: Assessment['document']['kind'],
): Verdict => {
  const named = documentNameOf(session)
  const type = kind === null ? named.type : isDocumentType(kind) ? kind : null
  return {
    outcome: 'unsupported',
    cause,
    document: { ...named, type },
    ...findingsOf(session, assessment),
  }
}

const selfieReasons: Partial<Record<RetakeCode, FaceFinding['reason']>> = {
  face_not_visible: 'face_not_visible',
  several_faces: 'several_faces',
}

/**
 * What the face evidence is worth, where a face was asked for. Without a movement check the face is valid only where the client does
 * not require one, and the verdict says that nobody examined liveness.
 */
export const faceFindingOf = (
  session: Session,
  { face, selfie, document }: Assessment,
  { livenessRequired }: Rules,
): FaceFinding | null => {
  if (!selfie || !wantsFace(session)) return null
  const { livenessOutcome } = session
  const similarity =
    face?.verdict === 'match' ? 'match' : face?.verdict === 'no_match' ? 'no_match' : ('not_possible' as const)
  const invalid = (reason: FaceFinding['reason']): FaceFinding => ({ similarity, isValid: false, reason })
  // The portrait of a specimen comes from the same camera a minute before: two pictures this similar are expected.
  if (document.signals.includes('portrait_equals_selfie') && !document.signals.includes('specimen'))
    return invalid('portrait_used_as_selfie')
  if (livenessOutcome === 'failed') return invalid('movement_failed')
  const [fault] = selfie.retake
  if (fault) return invalid(selfieReasons[fault] ?? 'selfie_quality')
  if (livenessOutcome === 'passed') return { similarity, isValid: true, reason: null }
  return { similarity, isValid: !livenessRequired, reason: 'liveness_not_assessed' }
}

/**
 * Signs that no reading can settle, so that a person looks: a check digit that does not compute, a date or code that cannot exist, an
 * MRZ without an expiry date, a print that names another person than the MRZ, two sides of different documents, a card of which only
 * the print can be read, signs of a copy or a sample.
 */
const reviewSignals: readonly Signal[] = [
  'check_digit_wrong',
  'impossible_date',
  'no_colour',
  'screen_pattern',
  'mrz_baseline_shift',
  'unknown_document_code',
  'unknown_country',
  'sides_disagree',
  'sources_disagree',
  'several_portraits',
  'no_mrz',
  'expiry_missing',
  'says_sample',
]

/** Signs of an assessment that only a person may decide. A page without a portrait is one, except of a specimen: some are drawn without. */
export const signsOf = ({ document: { signals } }: Assessment): Signal[] =>
  signals.filter(
    (signal) => reviewSignals.includes(signal) || (signal === 'portrait_missing' && !signals.includes('specimen')),
  )

const review = (session: Session, assessment: Assessment, signals: readonly string[]): Verdict => ({
  outcome: 'review',
  document: documentNameOf(session),
  signals: [...signals],
  ...findingsOf(session, assessment),
})

const isRefusedSample = (session: Session, assessment: Assessment, { demonstration }: Rules): boolean =>
  isSpecimen(session, assessment) && !demonstration

/** The MRZ's optional field: a passport's is for the personal number (ICAO 9303-4); a card's is the issuing state's own. */
const optionalFieldsOf = ({ mrz, fields }: Assessment['document']): Partial<Record<DocumentField, FieldName>> => ({
  ...(fields.personalNumber ? { [mrz?.format === 'TD3' ? 'personalNumber' : 'optionalData1']: 'personalNumber' } : {}),
  ...(fields.optionalData ? { optionalData2: 'optionalData' } : {}),
})

/** What was read with certainty; null for fields that were not. A field that the document leaves empty is not among them. */
export const fieldsOf = ({ document }: Assessment): DocumentFields => {
  const { barcode, fields, signals, absent = [] } = document
  const disagree = signals.includes('sources_disagree')
  const certain = (name: FieldName): string | null => {
    const field = fields[name]
    if (disagree && (name === 'lastName' || name === 'firstName')) return null
    return field?.sure ? field.value : null
  }
  return {
    issuingCountry: certain('issuingCountry'),
    // A person with one name has no first name. That is not the same as a name that could not be read.
    ...(fields.firstName ? { firstName: certain('firstName') } : {}),
    ...Object.fromEntries(
      (['lastName', 'dateOfBirth', 'expiry'] as const).flatMap((name) =>
        absent.includes(name) ? [] : [[name, certain(name)]],
      ),
    ),
    number: certain('number'),
    // A licence names its state and no nationality.
    ...(barcode
      ? { state: barcode.agreed && barcode.state ? barcode.state : null }
      : { nationality: certain('nationality') }),
    sex: certain('sex'),
    ...Object.fromEntries(
      Object.entries(optionalFieldsOf(document)).flatMap(([name, field]) => (field ? [[name, certain(field)]] : [])),
    ),
  }
}

/** Without one of these a document does not count, however good the rest is. */
const requiredFields: readonly DocumentField[] = [
  'issuingCountry',
  'firstName',
  'lastName',
  'dateOfBirth',
  'expiry',
  'number',
]

const read = (session: Session, assessment: Assessment, rules: Rules): Verdict => {
  const { document } = assessment
  if (isRefusedSample(session, assessment, rules))
    return { outcome: 'sample', document: documentNameOf(session), ...findingsOf(session, assessment) }
  // A card of two sides of which one came, by API: without its back nobody can judge it.
  if (document.signals.includes('no_mrz') && session.sides.back.state === 'missing')
    return unreadable(session, ['side_missing'], findingsOf(session, assessment))
  const face = faceFindingOf(session, assessment, rules)
  const signals = signsOf(assessment)
  if (signals.length > 0 && !isFaceRefused(face)) return review(session, assessment, signals)
  const fields = fieldsOf(assessment)
  return {
    outcome: 'read',
    type: isDocumentType(document.kind) ? document.kind : null,
    fields,
    mrz: document.mrz?.checkDigitsValid ? 'valid' : 'not_available',
    face,
    // Beside a refused face, for the person who looks at the refusal.
    signals,
    isIncomplete: requiredFields.some((name) => fields[name] === null),
    ...findingsOf(session, assessment),
  }
}

/** Fields that every readable document has, unless it was read that it leaves one empty (ICAO 9303-3, sections 4.6 and 4.8). */
const alwaysThere: readonly FieldName[] = ['issuingCountry', 'lastName', 'number', 'dateOfBirth']
/** Fields that some documents have: where one is found and not certain, the document stays unread. */
const sometimesThere: readonly FieldName[] = ['documentCode', 'firstName', 'expiry']

/**
 * Whether the MRZ or the bar code was found and the document still cannot be read: another picture was needed, and there is none. A
 * picture in black and white is whole; a person decides what it is.
 */
const isLeftUnread = ({ document: { kind, retake, fields, absent = [] } }: Assessment): boolean =>
  // A passport has one page: where that came as its back, too, nothing else is needed.
  (retake.includes('wrong_page') && (!isDocumentType(kind) || documentKindOf(kind).sides.length > 1)) ||
  (retake.some((code) => code !== 'photo_grey') &&
    (alwaysThere.some((name) => !fields[name]?.sure && !absent.includes(name)) ||
      sometimesThere.some((name) => fields[name]?.sure === false)))

const unreadableWith = (session: Session, assessment: Assessment): Verdict => {
  const { retake, retakeSide } = assessment.document
  const causes = retake.map((code) => unreadableCauseOf(code, retakeSide))
  return unreadable(session, causes, findingsOf(session, assessment))
}

/** An MRZ or a bar code was found. */
const decideFound = (session: Session, assessment: Assessment, rules: Rules): Verdict => {
  const isDecided =
    isRefusedSample(session, assessment, rules) ||
    signsOf(assessment).length > 0 ||
    isFaceRefused(faceFindingOf(session, assessment, rules)) ||
    !isLeftUnread(assessment)
  if (isDecided) return read(session, assessment, rules)
  // Nothing is wrong with the pictures: a person reads what the engine is not certain of (docs/decisions/004).
  const isClear = assessment.document.retake.every((code) => code === 'data_unreadable')
  return isClear ? review(session, assessment, ['single_reading']) : unreadableWith(session, assessment)
}

/** Whether the document that was chosen, or named by the caller, may have no MRZ. */
const mayLackMrz = (session: Session): boolean => {
  const { type } = documentNameOf(session)
  return type !== null && documentKindOf(type).mrz === 'sometimes'
}

/** Whether what the caller declared, where pictures come by API, is refused: by this client, or because it is not read here. */
const declaredRefusal = (session: Session, client: Client, demonstration: boolean): 'type' | 'country' | null => {
  if (session.declaresUnsupported) return 'type'
  const declared = session.choice ?? session.preset
  if (!declared) return null
  const accepted = isAcceptedBy(client, declared)
  if (accepted !== 'yes') return accepted
  const ofCountry = documents(demonstration).filter(({ country }) => country === declared.country)
  if (ofCountry.some(({ type }) => type === declared.type)) return null
  return ofCountry.length > 0 ? 'type' : 'country'
}

/**
 * A card without an MRZ that the engine could not read from pictures on which everything else is right: sharp, bright, full of print,
 * with a portrait. A person can judge those. Passports always have an MRZ: without one their picture is not good enough.
 */
const isForPerson = (session: Session, { document }: Assessment): boolean =>
  mayLackMrz(session) && document.retake.every((code) => code === 'data_unreadable') && document.portraitWidth !== null

/** A card whose print could not be read, beside a face that is refused: the verdict says nothing about the card. */
const unreadWithRefusedFace = (session: Session, assessment: Assessment, face: FaceFinding): Verdict => {
  const { type, country } = documentNameOf(session)
  const unknown = ['firstName', 'lastName', 'dateOfBirth', 'expiry', 'number', 'nationality', 'sex'] as const
  return {
    outcome: 'read',
    type,
    fields: {
      ...(country ? { issuingCountry: country } : {}),
      ...Object.fromEntries(unknown.map((name) => [name, null])),
    },
    mrz: 'not_available',
    face,
    signals: ['unread_print'],
    // Nothing about the document is claimed: the refused face decides.
    isIncomplete: false,
    ...findingsOf(session, assessment),
  }
}

const selfieCodes: readonly RetakeCode[] = ['face_not_visible', 'several_faces', 'selfie_quality']

/** The verdict on an assessment when nobody is asked for another picture (wire contract, 3.7 and 3.8). Pure. */
export const decide = (session: Session, client: Client, assessment: Assessment, demonstration: boolean): Verdict => {
  const { mrz, barcode, retake, kind } = assessment.document
  if (isUnsupported(assessment)) return unsupported(session, 'type', assessment, kind)
  const rules: Rules = { demonstration, livenessRequired: (session.liveness ?? client.liveness) === 'required' }
  const [fault] = retake
  if (mrz || barcode || !fault || selfieCodes.includes(fault)) return decideFound(session, assessment, rules)
  const refusal = declaredRefusal(session, client, demonstration)
  if (refusal) return unsupported(session, refusal, assessment, null)
  if (
    mayLackMrz(session) &&
    session.sides.back.state === 'missing' &&
    retake.every((code) => code === 'data_unreadable')
  )
    return unreadable(session, ['side_missing'], findingsOf(session, assessment))
  if (!isForPerson(session, assessment)) return unreadableWith(session, assessment)
  const face = faceFindingOf(session, assessment, rules)
  return face && isFaceRefused(face)
    ? unreadWithRefusedFace(session, assessment, face)
    : review(session, assessment, ['unread_print'])
}
