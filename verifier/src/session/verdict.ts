import { DocumentType } from '@veridoor/contract'
import type { RetakeCode } from '@veridoor/engine'
import { z } from 'zod'

/** Fields that a document may have, in the order in which a verdict lists them. */
export const documentFields = [
  'issuingCountry',
  'firstName',
  'lastName',
  'dateOfBirth',
  'expiry',
  'number',
  'state',
  'nationality',
  'sex',
  'personalNumber',
  'optionalData1',
  'optionalData2',
] as const
export type DocumentField = (typeof documentFields)[number]

/**
 * Values that were read with certainty. Null: the document has the field and its value is not certain. Absent: the document does not
 * have the field, or the client may not see it.
 */
const DocumentFields = z.partialRecord(z.enum(documentFields), z.string().nullable())
export type DocumentFields = z.infer<typeof DocumentFields>

/** Why a document could not be read: the engine's reason, and which side is missing. */
export type UnreadableCause = RetakeCode | 'front_missing'

/** Why a face does not count, or what was not examined about it. */
export const faceReasons = [
  'portrait_used_as_selfie',
  'movement_failed',
  'face_not_visible',
  'several_faces',
  'selfie_quality',
  'liveness_not_assessed',
] as const

/** What the comparison of selfie and portrait is worth. */
const FaceFinding = z.object({
  /** Whether selfie and portrait show the same person. */
  similarity: z.enum(['match', 'no_match', 'not_possible']),
  /** One whole, clear face that is not the portrait itself, with the movement check passed where the client requires it. */
  isValid: z.boolean(),
  reason: z.enum(faceReasons).nullable(),
})
export type FaceFinding = z.infer<typeof FaceFinding>

/** The kind and country that a session was about, where they are known. */
const DocumentName = z.object({ type: DocumentType.nullable(), country: z.string().nullable() })
export type DocumentName = z.infer<typeof DocumentName>

const findings = {
  /** The document is a specimen: issued by Utopia, or it says so itself. Every outcome keeps the mark. */
  isSpecimen: z.boolean(),
  /** The client's own data about the person differ from the document: `certain` for a number or date, `possible` for a name. */
  dataDifference: z.enum(['certain', 'possible']).nullable(),
  /** Sessions of other people that show the same face. Null: nobody searched. */
  repeatedFaces: z.array(z.string()).nullable(),
}

/** The result of a session in our own terms. Each wire translates it (`wires/`). */
export const Verdict = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('nothing_sent') }),
  /** The engine cannot judge this document, or the client does not accept it. */
  z.object({
    outcome: z.literal('unsupported'),
    cause: z.enum(['type', 'country']),
    document: DocumentName,
    ...findings,
  }),
  /** The pictures are not good enough. The first cause weighs most. */
  z.object({
    outcome: z.literal('unreadable'),
    document: DocumentName,
    causes: z.array(z.string().transform((cause) => cause as UnreadableCause)),
    ...findings,
  }),
  /** A specimen, where specimens are refused. */
  z.object({ outcome: z.literal('sample'), document: DocumentName, ...findings }),
  /** Only a person can decide; `signals` say why. */
  z.object({ outcome: z.literal('review'), document: DocumentName, signals: z.array(z.string()), ...findings }),
  /** The document was read. The face may still be refused (`isFaceRefused`). */
  z.object({
    outcome: z.literal('read'),
    type: DocumentType.nullable(),
    fields: DocumentFields,
    /** Whether the check digits of the machine-readable zone compute. Null: this client may not see it. */
    mrz: z.enum(['valid', 'not_available']).nullable(),
    face: FaceFinding.nullable(),
    signals: z.array(z.string()),
    /** A field without which a document does not count was not certain, whatever the client may see of it. */
    isIncomplete: z.boolean(),
    ...findings,
  }),
])
export type Verdict = z.infer<typeof Verdict>
/** A verdict about a document. */
export type DocumentVerdict = Exclude<Verdict, { outcome: 'nothing_sent' }>

/** The result of a session to which no picture was sent. */
export const nothingSent: Verdict = { outcome: 'nothing_sent' }

/** What a verdict starts with before anybody searched or compared. */
export const noFindings = { isSpecimen: false, dataDifference: null, repeatedFaces: null } as const

/**
 * Whether a face is refused: another person's, one that did not move as asked, or the document's own portrait. No sign for a person to
 * look at turns that into a review: somebody who shows a copy of another person's document must not be better off.
 */
export const isFaceRefused = (face: FaceFinding | null): boolean =>
  face !== null &&
  (face.similarity === 'no_match' || face.reason === 'movement_failed' || face.reason === 'portrait_used_as_selfie')

/** Whether another sign changes a verdict: it leaves a refusal as it is, and what could not be read. */
export const isOpenToSigns = (verdict: Verdict): boolean =>
  verdict.outcome === 'review' || (verdict.outcome === 'read' && !isFaceRefused(verdict.face))

/** The verdict as a review for one more reason; what else was found stays with it. */
export const withSign = (verdict: DocumentVerdict, document: DocumentName, sign: string): Verdict => ({
  outcome: 'review',
  document,
  signals: [...('signals' in verdict ? verdict.signals : []), sign],
  isSpecimen: verdict.isSpecimen,
  dataDifference: verdict.dataDifference,
  repeatedFaces: verdict.repeatedFaces,
})
