import type { Assessment, RetakeCode } from '@veridoor/engine'
import { documents, isAcceptedBy } from './accepted.ts'
import type { Client, Session } from './schema.ts'
import { forReview, notReadable, toResult, unsupported, type V4Result } from './v4/result.ts'

const selfieCodes: readonly RetakeCode[] = ['face_not_visible', 'several_faces', 'selfie_quality']

/** Whether the engine knows the kind and has nothing to confirm it by: visas, and licences without a code that it reads. */
export const isUnsupported = ({ document }: Assessment): boolean =>
  document.kind === 'VISA' || document.retake.includes('document_unsupported')

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
 * A card without a machine zone that the engine could not read from pictures on which everything else is right: sharp, light, full of
 * print, with a portrait. A person can judge those. Passports all have a zone: without one their picture is not good enough.
 */
const isForPerson = (session: Session, { document }: Assessment): boolean =>
  (session.choice ?? session.preset)?.type === 'ID_CARD' &&
  document.retake.every((code) => code === 'data_unreadable') &&
  document.portraitWidth !== null

/** What an assessment comes to when nobody is asked for another picture (wire contract, 3.7 and 3.8). */
export const decideResult = (
  session: Session,
  client: Client,
  assessment: Assessment,
  demonstration: boolean,
): V4Result => {
  const { machineZone, barcode, retake } = assessment.document
  if (isUnsupported(assessment)) return unsupported(session, 'type', assessment.document.kind)
  const [fault] = retake
  if (machineZone || barcode || !fault || selfieCodes.includes(fault))
    return toResult(session, assessment, { demonstration })
  const refusal = refusalOfDeclared(session, client, demonstration)
  if (refusal) return unsupported(session, refusal, null)
  const isCard = (session.choice ?? session.preset)?.type === 'ID_CARD'
  if (isCard && session.parts.back.state === 'missing' && retake.every((code) => code === 'data_unreadable'))
    return notReadable(session, 'side_missing')
  return isForPerson(session, assessment) ? forReview(session, ['unread_print']) : notReadable(session, ...retake)
}
