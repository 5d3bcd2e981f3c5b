import { documentKindOf, isDocumentType } from '@veridoor/contract'
import type { Assessment, FieldName, RetakeCode } from '@veridoor/engine'
import { documents, isAcceptedBy } from './accepted.ts'
import type { Client, Session } from './schema.ts'
import {
  faceResult,
  forReview,
  isRefused,
  isSample,
  notReadable,
  type Rules,
  signsOf,
  toResult,
  type Unreadable,
  unreadableAs,
  unreadWithFace,
  unsupported,
  type V4Result,
} from './v4/result.ts'

const selfieCodes: readonly RetakeCode[] = ['face_not_visible', 'several_faces', 'selfie_quality']

/** Whether the engine knows the kind and has nothing to confirm it by: visas, and licences without a code that it reads. */
export const isUnsupported = ({ document }: Assessment): boolean =>
  (document.kind !== null && !isDocumentType(document.kind)) || document.retake.includes('document_unsupported')

/** Whether the document that was chosen, or fixed by the caller, may have no MRZ. */
const mayLackMrz = (session: Session): boolean => {
  const declared = session.choice ?? session.preset
  return declared ? documentKindOf(declared.type).mrz === 'sometimes' : false
}

/** What the caller said it would be, where pictures come by API, is not taken: by this client, or by nobody here. */
const refusalOfDeclared = (session: Session, client: Client, demonstration: boolean): 'type' | 'country' | null => {
  const declared = session.choice ?? session.preset
  // The wire has visas; nothing here does (`perform-netverify.ts` keeps no choice for them).
  if (!declared) return session.source === 'API' && !session.platform ? 'type' : null
  const accepted = isAcceptedBy(client, declared)
  if (accepted !== 'yes') return accepted
  const ofCountry = documents(demonstration).filter(({ country }) => country === declared.country)
  if (ofCountry.some(({ type }) => type === declared.type)) return null
  return ofCountry.length > 0 ? 'type' : 'country'
}

/**
 * A card without a MRZ that the engine could not read from pictures on which everything else is right: sharp, light, full of
 * print, with a portrait. A person can judge those. Passports all have a zone: without one their picture is not good enough.
 */
const isForPerson = (session: Session, { document }: Assessment): boolean =>
  mayLackMrz(session) && document.retake.every((code) => code === 'data_unreadable') && document.portraitWidth !== null

/** Fields of every document, and those that some have: what is one of them and not sure leaves the document unread. */
const always: readonly FieldName[] = ['issuingCountry', 'lastName', 'number', 'dateOfBirth']
const whereThere: readonly FieldName[] = ['documentCode', 'firstName', 'expiry']

/**
 * Whether the zone, or the code, was found and the document is not read all the same: another picture was needed, and none came. A
 * black-and-white one is whole; what it may be is for a person.
 */
const isLeftUnread = ({ document: { kind, retake, fields } }: Assessment): boolean =>
  // A passport has one page: where that came as its back too, nothing else is needed.
  (retake.includes('wrong_page') && (!isDocumentType(kind) || documentKindOf(kind).sides.length > 1)) ||
  (retake.some((code) => code !== 'photo_grey') &&
    (always.some((name) => !fields[name]?.sure) || whereThere.some((name) => fields[name]?.sure === false)))

/** What was wrong with the pictures. */
const unreadableOf = ({ document: { retake, retakeSide } }: Assessment): Unreadable[] =>
  retake.map((code) => unreadableAs(code, retakeSide))

/** A zone, or a code, that was found. */
const decideFound = (session: Session, assessment: Assessment, rules: Rules): V4Result => {
  const { retake } = assessment.document
  const isDecided =
    isSample(assessment, rules) ||
    signsOf(assessment).length > 0 ||
    isRefused(faceResult(session, assessment, rules)) ||
    !isLeftUnread(assessment)
  if (isDecided) return toResult(session, assessment, rules)
  // Nothing is wrong with the pictures: a person reads what the engine is not sure of (docs/decisions/004).
  const isClear = retake.every((code) => code === 'data_unreadable')
  return isClear ? forReview(session, ['single_reading']) : notReadable(session, ...unreadableOf(assessment))
}

/** What an assessment comes to when nobody is asked for another picture (wire contract, 3.7 and 3.8). */
export const decideResult = (
  session: Session,
  client: Client,
  assessment: Assessment,
  demonstration: boolean,
): V4Result => {
  const { mrz, barcode, retake } = assessment.document
  if (isUnsupported(assessment)) return unsupported(session, 'type', assessment.document.kind)
  const rules: Rules = { demonstration, livenessRequired: (session.liveness ?? client.liveness) === 'required' }
  const [fault] = retake
  if (mrz || barcode || !fault || selfieCodes.includes(fault)) return decideFound(session, assessment, rules)
  const refusal = refusalOfDeclared(session, client, demonstration)
  if (refusal) return unsupported(session, refusal, null)
  if (
    mayLackMrz(session) &&
    session.parts.back.state === 'missing' &&
    retake.every((code) => code === 'data_unreadable')
  )
    return notReadable(session, 'side_missing')
  if (!isForPerson(session, assessment)) return notReadable(session, ...unreadableOf(assessment))
  const face = faceResult(session, assessment, rules)
  return face && isRefused(face)
    ? unreadWithFace(session, face, ['unread_print'])
    : forReview(session, ['unread_print'])
}
