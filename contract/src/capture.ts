import { z } from 'zod'
import { DocumentType } from './identity.ts'

/**
 * What crosses between the capture page and the verifier, under `/capture/api/`. Every call carries
 * `Authorization: Bearer <capture token>`; the token comes in the page's address once and is taken out of it.
 *
 *   GET    /capture/api/session              -> CaptureSession
 *   POST   /capture/api/consent              -> CaptureSession       the person agreed to the check
 *   PUT    /capture/api/choice               CaptureChoice -> CaptureSession
 *   PUT    /capture/api/pictures/:part       raw image/jpeg|png|webp, a document's also application/pdf (<= 10 MB) -> PictureAnswer
 *   POST   /capture/api/submit               -> CaptureSession       all parts are there: assess
 *   POST   /capture/api/cancel               -> CaptureSession
 *   POST   /capture/api/stay                 -> CaptureSession       renews the 15 minutes
 *   POST   /capture/api/alternative          -> CaptureSession       "I cannot take a selfie": a person will look
 *   GET    /capture/api/specimen             -> 404 unless demonstration mode
 *   POST   /capture/api/specimen             SpecimenOrder (JSON, portrait as base64 JPEG) -> image/png
 *
 * Errors: problem+json `{ status, code, title }`; codes are `CaptureFault`.
 */
export const captureParts = ['front', 'back', 'selfie'] as const
export const CapturePart = z.enum(captureParts)
export type CapturePart = z.infer<typeof CapturePart>

export const CaptureChoice = z.object({ country: z.string().regex(/^[A-Z]{3}$/), type: DocumentType })
export type CaptureChoice = z.infer<typeof CaptureChoice>

/** Steps in order; the server says which one is next, so that a reload or another device goes on at the same place. */
export const captureSteps = [
  'consent',
  'choice',
  'front',
  'back',
  'selfie',
  'submit',
  'checking',
  'retake',
  'ended',
] as const
export const CaptureStep = z.enum(captureSteps)
export type CaptureStep = z.infer<typeof CaptureStep>

export const PartState = z.object({
  state: z.enum(['missing', 'accepted', 'retake']),
  /** A retake sentence code (contract `sentences`), when state is `retake`. */
  code: z.string().nullable(),
})

export const CaptureSession = z.object({
  step: CaptureStep,
  /** Name and brand colour of the company that asked for the check. */
  client: z.object({ name: z.string(), color: z.string().nullable(), logoUrl: z.string().nullable() }),
  locale: z.string(),
  /** True when specimens are accepted and the specimen maker is offered. The page then says "Demonstration". */
  demonstration: z.boolean(),
  faceRequired: z.boolean(),
  uploadAllowed: z.boolean(),
  selfieUploadAllowed: z.boolean(),
  retentionDays: z.int(),
  preset: CaptureChoice.nullable(),
  choice: CaptureChoice.nullable(),
  /** Accepted documents; `sides` says which pictures each needs. */
  documents: z.array(z.object({ country: z.string(), type: DocumentType, sides: z.array(z.enum(['front', 'back'])) })),
  parts: z.object({ front: PartState, back: PartState, selfie: PartState }),
  /** Which picture to take again and why, when step is `retake`. */
  retake: z.object({ part: CapturePart, code: z.string() }).nullable(),
  attempt: z.int(),
  attemptsLeft: z.int(),
  expiresAt: z.iso.datetime(),
  /** Progress of the assessment while `checking`. */
  progress: z.enum(['queued', 'reading', 'comparing', 'done']).nullable(),
  /** When `ended`: how, and where the person goes on. The outcome itself is for the platform to tell. */
  ended: z
    .object({
      how: z.enum(['submitted', 'cancelled', 'timed_out', 'three_tries_used', 'interrupted']),
      returnUrl: z.string().nullable(),
    })
    .nullable(),
})
export type CaptureSession = z.infer<typeof CaptureSession>

export const PictureAnswer = z.object({
  accepted: z.boolean(),
  /** A retake sentence code when not accepted. */
  code: z.string().nullable(),
  session: CaptureSession,
})
export type PictureAnswer = z.infer<typeof PictureAnswer>

export const SpecimenOrder = z.object({
  surname: z.string().trim().min(1).max(39),
  givenNames: z.string().trim().min(1).max(39),
  number: z.string().regex(/^[A-Z0-9]{1,9}$/),
  dateOfBirth: z.iso.date(),
  expiry: z.iso.date(),
  sex: z.enum(['F', 'M', 'X']),
  portrait: z.base64().max(3_000_000),
})
export type SpecimenOrder = z.infer<typeof SpecimenOrder>

export const captureFaults = {
  LINK_NOT_USABLE: 401,
  SESSION_ENDED: 409,
  WRONG_STEP: 409,
  TOO_LARGE: 413,
  FILE_NOT_USABLE: 422,
  INVALID_INPUT: 422,
  SLOW_DOWN: 429,
  INTERRUPTED: 500,
  BUSY: 503,
} as const
export type CaptureFault = keyof typeof captureFaults
