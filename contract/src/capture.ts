import { z } from 'zod'
import { DocumentType } from './identity.ts'

/**
 * What crosses between the capture page and the verifier, under `/capture/api/`. The token of a link opens its check, on one
 * device, and nothing else: the first device gets a key of its own (an HttpOnly cookie), and from then on that key is asked for.
 * Calls name their check in `X-Capture-Session`; without it, reading goes to the check that this device worked on last.
 *
 *   POST   /capture/api/open                 -> CaptureSession       Authorization: Bearer <token of the link>
 *   GET    /capture/api/session              -> CaptureSession
 *   POST   /capture/api/hand-over            -> HandOver             a code for another device; earlier ones end
 *   DELETE /capture/api/hand-over            -> CaptureSession       takes it back: this device goes on
 *   POST   /capture/api/hand-over/look       HandOverCode -> HandOverView      what the other device is asked to take
 *   POST   /capture/api/hand-over/take       HandOverCode -> CaptureSession    once: that device goes on, this one follows
 *   POST   /capture/api/consent              -> CaptureSession       the person agreed to the check
 *   PUT    /capture/api/choice               CaptureChoice -> CaptureSession
 *   PUT    /capture/api/pictures/:side       raw image/jpeg|png|webp, a document's also application/pdf (<= 10 MB) -> PictureAnswer
 *   PUT    /capture/api/pictures/:side/frames/:number?picture=   raw image/jpeg (<= 10 MB), 1 to 4 -> FrameAccepted   beside the accepted picture of that name
 *   POST   /capture/api/movement             MovementOrder -> Challenge          a new one; the one before is over
 *   PUT    /capture/api/movement/:challenge/frames/:number   raw image/jpeg (<= 200 kB), numbered from 0 -> FrameAnswer
 *   POST   /capture/api/movement/:challenge/judge            -> MovementAnswer   after the last frame
 *   POST   /capture/api/movement/skip        -> CaptureSession       only where the check is offered, not required
 *   POST   /capture/api/submit               -> CaptureSession       all pictures are there: assess
 *   POST   /capture/api/cancel               CancelOrder -> CaptureSession
 *   POST   /capture/api/stay                 -> CaptureSession       renews the 15 minutes
 *   POST   /capture/api/alternative          -> CaptureSession       "I cannot take a selfie": a person will look
 *   POST   /capture/api/specimen             SpecimenOrder -> SpecimenSides       of the kind that was chosen; 404 unless demonstration
 *
 * Errors: problem+json `{ status, code, title }`; codes are `CaptureErrorCode`.
 */
export const captureSides = ['front', 'back', 'selfie'] as const
export const CaptureSide = z.enum(captureSides)
export type CaptureSide = z.infer<typeof CaptureSide>

export const CaptureChoice = z.object({ country: z.string().regex(/^[A-Z]{3}$/), type: DocumentType })
export type CaptureChoice = z.infer<typeof CaptureChoice>

/** Steps in order; the server says which one is next, so that a reload or another device goes on at the same place. */
export const captureSteps = [
  'consent',
  'choice',
  'front',
  'back',
  'selfie',
  'movement',
  'submit',
  'checking',
  'retake',
  'ended',
] as const
export const CaptureStep = z.enum(captureSteps)
export type CaptureStep = z.infer<typeof CaptureStep>

export const SideState = z.object({
  state: z.enum(['missing', 'accepted', 'retake']),
  /** A retake sentence code (contract `sentences`), when state is `retake`. */
  code: z.string().nullable(),
})

export const CaptureSession = z.object({
  id: z.uuid(),
  step: CaptureStep,
  /** `doing`: the check goes on here. `following`: it was handed to another device; this one may only look, or take it back. */
  device: z.enum(['doing', 'following']),
  /** Another device waits for the end, and the person goes on there. */
  isFollowed: z.boolean(),
  /** Name and brand colour of the company that asked for the check. */
  client: z.object({ name: z.string(), color: z.string().nullable(), logoUrl: z.string().nullable() }),
  /** The person's account with that company, as the company calls it; null where it said nothing. */
  account: z.string().nullable(),
  locale: z.string(),
  /** True when specimens are accepted and the specimen maker is offered. The page then says "Demonstration". */
  demonstration: z.boolean(),
  faceRequired: z.boolean(),
  uploadAllowed: z.boolean(),
  /** Whether a file may stand for the selfie: never, only where the camera does not do, or always. */
  selfieUpload: z.enum(['never', 'without_camera', 'always']),
  retentionDays: z.int(),
  preset: CaptureChoice.nullable(),
  choice: CaptureChoice.nullable(),
  /** Accepted documents; `sides` says which pictures each needs. */
  documents: z.array(z.object({ country: z.string(), type: DocumentType, sides: z.array(z.enum(['front', 'back'])) })),
  sides: z.object({ front: SideState, back: SideState, selfie: SideState }),
  /** The movement check, null where this session has none; how often it may still be tried. */
  movement: z.object({ required: z.boolean(), triesLeft: z.int() }).nullable(),
  /** Which picture to take again and why, when step is `retake`. */
  retake: z.object({ side: CaptureSide, code: z.string() }).nullable(),
  attempt: z.int(),
  attemptsLeft: z.int(),
  /** Seconds until it closes by itself: the device's clock may be wrong by hours, but it runs evenly. */
  leftSec: z.int().nonnegative(),
  /** Progress of the assessment while `checking`. */
  progress: z.enum(['queued', 'reading']).nullable(),
  /** Checks that wait before this one while it is `queued`; 0 is next. */
  queuePosition: z.int().nullable(),
  /** When `ended`: how, and where the person goes on. The outcome itself is for the platform to tell. */
  ended: z
    .object({
      how: z.enum(['submitted', 'cancelled', 'timed_out', 'three_tries_used', 'interrupted']),
      returnUrl: z.string().nullable(),
    })
    .nullable(),
  /** Where the person goes on when the verifier cannot be reached: the page puts its code behind it, 9800 or 9810. */
  errorReturn: z.string().nullable(),
})
export type CaptureSession = z.infer<typeof CaptureSession>

/**
 * What stood in the way when a person stops. The page's word, for the return address only: the check ends without a result, whatever
 * is said here.
 */
export const captureTroubles = ['no_camera', 'no_camera_support', 'movement_failed', 'not_sent', 'page_fault'] as const
export type CaptureTrouble = (typeof captureTroubles)[number]
export const CancelOrder = z.object({ because: z.enum(captureTroubles).nullable().default(null) })

export const PictureAnswer = z.object({
  accepted: z.boolean(),
  /** A retake sentence code when not accepted. */
  code: z.string().nullable(),
  /** What its frames call the accepted picture (`?picture=`), so that none lands beside another one; null when it was not accepted. */
  picture: z.string().nullable(),
  session: CaptureSession,
})
export type PictureAnswer = z.infer<typeof PictureAnswer>

/** Frames of the camera kept beside the picture of a side: five pictures with it. */
export const FRAMES_BESIDE = 4
export const FrameAccepted = z.object({ kept: z.int() })
export type FrameAccepted = z.infer<typeof FrameAccepted>

/** Twelve characters in groups of four; small letters and missing dashes are forgiven. */
export const HandOverCode = z.object({
  code: z
    .string()
    .max(40)
    .transform((text) => text.toUpperCase().replace(/[^0-9A-Z]/g, ''))
    .pipe(z.string().length(12)),
})

/** What the device that hands over shows. The address carries the code behind `#`, so that it reaches no log and no referrer. */
export const HandOver = z.object({
  address: z.url(),
  /** Which devices can open it: all, those of this network, or none but this one. */
  reach: z.enum(['anywhere', 'network', 'this_device']),
  /** Two digits that both screens show, so that nobody takes somebody else's check. */
  match: z.string().regex(/^\d\d$/),
  /** Seconds that the code lives from now on. */
  lifetimeSec: z.int(),
})
export type HandOver = z.infer<typeof HandOver>

export const HandOverView = z.object({
  client: CaptureSession.shape.client,
  account: CaptureSession.shape.account,
  match: HandOver.shape.match,
  /** This device took it already; it just goes on. */
  isTakenHere: z.boolean(),
})
export type HandOverView = z.infer<typeof HandOverView>
/** What a person may be asked to do; left and right are their own. `centre`: look straight ahead. */
export const Movement = z.enum(['centre', 'turn_left', 'turn_right', 'look_up', 'look_down', 'closer'])
export type Movement = z.infer<typeof Movement>

/** `slow`: twice the time for each movement, no reason asked. */
export const MovementOrder = z.object({ slow: z.boolean().default(false) })

/**
 * Where a challenge stands: what to do now. The next movement is told only when this one's time is over by the server's clock, and
 * the frames sent until then belong to this one.
 */
export const Challenge = z.object({
  id: z.uuid(),
  step: z.int(),
  steps: z.int(),
  movement: Movement,
  /** Milliseconds for this step, and between two frames. */
  stepMs: z.int(),
  everyMs: z.int(),
  expiresAt: z.iso.datetime(),
})
export type Challenge = z.infer<typeof Challenge>

/** `done`: all frames are there, and the judge may be asked. */
export const FrameAnswer = z.object({ done: z.boolean(), challenge: Challenge })
export type FrameAnswer = z.infer<typeof FrameAnswer>

export const MovementAnswer = z.object({
  passed: z.boolean(),
  /** What the person can do better; `unsure` says nothing more. Null when passed. */
  why: z.enum(['face', 'slow', 'not_seen', 'other_movement', 'unsure']).nullable(),
  /** With `not_seen`: the first movement that was not. */
  movement: Movement.nullable(),
  session: CaptureSession,
})
export type MovementAnswer = z.infer<typeof MovementAnswer>

/** A specimen of the kind that was chosen; `portrait` is a JPEG. */
export const SpecimenOrder = z.object({
  surname: z.string().trim().min(1).max(39),
  givenNames: z.string().trim().min(1).max(39),
  number: z.string().regex(/^[A-Z0-9]{1,20}$/),
  dateOfBirth: z.iso.date(),
  expiry: z.iso.date(),
  sex: z.enum(['F', 'M', 'X']),
  portrait: z.base64().max(3_000_000),
})
export type SpecimenOrder = z.infer<typeof SpecimenOrder>

/** PNG of each side; a passport has one. */
export const SpecimenSides = z.object({ front: z.base64(), back: z.base64().nullable() })
export type SpecimenSides = z.infer<typeof SpecimenSides>

export const captureErrorStatus = {
  LINK_NOT_USABLE: 401,
  /** The check is open on another device. */
  OPEN_ELSEWHERE: 409,
  /** A hand-over code that never was, or was taken back. */
  CODE_NOT_USABLE: 404,
  CODE_USED: 410,
  CODE_EXPIRED: 410,
  SESSION_ENDED: 409,
  WRONG_STEP: 409,
  CHALLENGE_OVER: 409,
  TOO_LARGE: 413,
  FILE_NOT_USABLE: 422,
  INVALID_INPUT: 422,
  SLOW_DOWN: 429,
  INTERRUPTED: 500,
  BUSY: 503,
} as const
export type CaptureErrorCode = keyof typeof captureErrorStatus
