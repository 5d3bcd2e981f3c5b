import { z } from 'zod'
import { UserConsent } from '../user-consent.ts'
import { KeptText, OptionalText } from '../values.ts'

/** Jumio's limit for one picture, as base64 text: 15 MB of bytes (section 3.14). */
const Base64Picture = z
  .string()
  .min(1)
  .max(Math.ceil((15 * 1_048_576) / 3) * 4)
const MimeType = z.enum(['image/jpeg', 'image/png'])

/** The fields that `enabledFields` may list; what is not listed is not processed, the face comparison included. */
export const enabledFields = [
  'idNumber',
  'idFirstName',
  'idLastName',
  'idDob',
  'idExpiry',
  'idUsState',
  'idPersonalNumber',
  'idFaceMatch',
  'idAddress',
] as const

/** Pictures taken elsewhere, sent for verification (section 3.14). */
export const PerformRequest = z.object({
  merchantIdScanReference: KeptText.min(1).max(100),
  frontsideImage: Base64Picture,
  frontsideImageMimeType: MimeType.optional(),
  backsideImage: Base64Picture.optional(),
  backsideImageMimeType: MimeType.optional(),
  faceImage: Base64Picture.optional(),
  faceImageMimeType: MimeType.optional(),
  country: z.string().regex(/^[A-Z]{3}$/),
  idType: z.enum(['PASSPORT', 'DRIVING_LICENSE', 'ID_CARD', 'VISA']),
  customerId: KeptText.max(100).optional(),
  userConsent: UserConsent.optional(),
  enabledFields: z
    .string()
    .max(500)
    .refine((list) => list.split(',').every((name) => (enabledFields as readonly string[]).includes(name)))
    .optional(),
  merchantReportingCriteria: KeptText.max(100).optional(),
  callbackUrl: z.string().max(255).optional(),
  /** `onAllSteps` sends a callback when the pictures arrive, too: that one is not a result. */
  callbackGranularity: z.enum(['onFinish', 'onAllSteps']).optional(),
  firstName: z.string().max(100).optional(),
  lastName: z.string().max(100).optional(),
  number: z.string().max(100).optional(),
  usState: z.string().max(100).optional(),
  dob: z.iso.date().optional(),
  expiry: z.iso.date().optional(),
  personalNumber: z.string().max(14).optional(),
})
export type PerformRequest = z.infer<typeof PerformRequest>

/** The reference of pictures that were taken in (section 3.14). */
export const PerformResponse = z.object({
  timestamp: OptionalText,
  jumioIdScanReference: z.string().min(1).max(100),
})
export type PerformResponse = z.infer<typeof PerformResponse>
