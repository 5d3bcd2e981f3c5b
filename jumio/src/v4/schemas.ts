import { z } from 'zod'
import {
  Address,
  available,
  countrySpecials,
  FaceSearch,
  KeptText,
  LicenceCategories,
  listOf,
  OptionalText,
  PageAddress,
  parseEmbedded,
  RareText,
  rareTexts,
  Text,
} from '../values.ts'

/** The wire of Netverify v4 (contract section 3), read tolerantly: unknown members stay out, every enum may grow. */

/** Workflows of the web page (section 3.3): 1xx a document, 2xx a face, too; last digit 0 camera and files, 1 camera, 2 files. */
export const workflowIds = [100, 101, 102, 200, 201, 202] as const
/** Workflows 2xx ask for a face besides the document. */
export const asksForFace = (workflowId: number): boolean => workflowId >= 200

/** Verdicts about the document (section 3.7); none of them says anything about the face. */
export const verificationStatuses = [
  'APPROVED_VERIFIED',
  'DENIED_FRAUD',
  'DENIED_UNSUPPORTED_ID_TYPE',
  'DENIED_UNSUPPORTED_ID_COUNTRY',
  'ERROR_NOT_READABLE_ID',
  'NO_ID_UPLOADED',
] as const
export type VerificationStatus = (typeof verificationStatuses)[number]

/** The document that the person is to show (section 3.3). */
export const Preset = z.object({
  index: z.literal(1),
  country: z.string().regex(/^[A-Z]{3}$/),
  type: z.enum(['PASSPORT', 'DRIVING_LICENSE', 'ID_CARD']),
})
export type Preset = z.infer<typeof Preset>

/** Opens a transaction (section 3.3). The lifetime of the link is in minutes, up to 60 days. */
export const InitiateRequest = z.object({
  customerInternalReference: KeptText.min(1).max(100),
  userReference: KeptText.min(1).max(100),
  reportingCriteria: KeptText.max(100).optional(),
  successUrl: z.string().max(2047).optional(),
  errorUrl: z.string().max(255).optional(),
  callbackUrl: z.string().max(255).optional(),
  workflowId: z
    .int()
    .refine((value) => (workflowIds as readonly number[]).includes(value), 'unknown workflow')
    .optional(),
  presets: z.array(Preset).max(1).optional(),
  locale: z.string().max(5).optional(),
  tokenLifetimeInMinutes: z.int().min(5).max(86_400).optional(),
})
export type InitiateRequest = z.infer<typeof InitiateRequest>

/** A transaction that was opened (section 3.3). The address is a bearer secret. */
export const InitiateResponse = z.object({
  timestamp: OptionalText,
  transactionReference: z.string().min(1).max(100),
  redirectUrl: PageAddress,
})
export type InitiateResponse = z.infer<typeof InitiateResponse>

const ReasonDetail = z.object({ detailsCode: Text, detailsDescription: OptionalText })
/** Why a document was refused (section 3.8); details are always a list here. */
export const RejectReason = z.object({
  rejectReasonCode: Text,
  rejectReasonDescription: OptionalText,
  // One detail is an object, several an array, none is absent (section 3.8).
  rejectReasonDetails: z
    .union([z.array(ReasonDetail), ReasonDetail])
    .nullish()
    .transform(listOf),
})
export type RejectReason = z.infer<typeof RejectReason>

/** What the face evidence is worth (section 3.9). `validity` is text or a boolean: read it with `toBoolean`. */
export const IdentityVerification = z.object({
  similarity: OptionalText,
  validity: z.union([z.boolean(), z.string()]).nullish(),
  reason: OptionalText,
  /** By switch of the account; none of them counts for the verdict (section 3.9). */
  ...rareTexts(['handwrittenNoteMatches', 'similarityScore', 'similarityDecision']),
})
export type IdentityVerification = z.infer<typeof IdentityVerification>

const Parts = z.object({ year: OptionalText, month: OptionalText, day: OptionalText })

/** The document of a result (section 3.11). Values may be placeholders: see `available`. */
export const Document = z.object({
  status: OptionalText,
  type: OptionalText,
  idSubtype: OptionalText,
  issuingCountry: OptionalText,
  firstName: OptionalText,
  lastName: OptionalText,
  dob: OptionalText,
  expiry: OptionalText,
  issuingDate: OptionalText,
  number: OptionalText,
  personalNumber: OptionalText,
  usState: OptionalText,
  gender: OptionalText,
  nationality: OptionalText,
  dateOfBirthParts: Parts.nullish(),
  expiryDateParts: Parts.nullish(),
  issuingDateParts: Parts.nullish(),
  address: Address.nullish(),
  ...rareTexts(['placeOfBirth', 'issuingAuthority', 'issuingPlace', 'originDob', 'optionalData1', 'optionalData2']),
  dlCarPermission: RareText,
  dlCategories: LicenceCategories,
  ...rareTexts(countrySpecials),
  /** Only our own verifier sends it: the document said of itself that it is a specimen. */
  specimen: z.boolean().nullish(),
})
export type Document = z.infer<typeof Document>

/** The transaction of a result (section 3.11). */
export const Transaction = z.object({
  status: OptionalText,
  source: OptionalText.transform((value) => value?.replace('WEB-CAM', 'WEB_CAM')),
  date: OptionalText,
  clientIp: OptionalText,
  customerId: OptionalText,
  merchantScanReference: OptionalText,
  merchantReportingCriteria: OptionalText,
  updatedAt: OptionalText,
})
export type Transaction = z.infer<typeof Transaction>

/** Checks beside the document's own, where the account has them (section 3.11). Shapes that are not documented stay as they came. */
export const AdditionalChecks = z.object({
  addressValidation: z.unknown().optional(),
  proofOfResidency: z.object(rareTexts(['searchResults', 'searchResponse'])).nullish(),
  personalNumberValidation: z.object(rareTexts(['searchResults', 'searchReason'])).nullish(),
  watchlistScreening: z.unknown().optional(),
  faceSearchFindings: FaceSearch.nullish(),
})
export type AdditionalChecks = z.infer<typeof AdditionalChecks>

/** The checks of a result (section 3.11). JSON as text is read where callbacks have it; what is broken is absent. */
export const Verification = z.object({
  mrzCheck: OptionalText,
  rejectReason: z.preprocess(parseEmbedded, RejectReason.nullish()),
  identityVerification: z.preprocess(parseEmbedded, IdentityVerification.nullish()),
  additionalChecks: AdditionalChecks.nullish(),
  /** Only our own verifier sends it: what a person should look at, in its own words. */
  signals: z.array(z.string()).nullish(),
})
export type Verification = z.infer<typeof Verification>

/** Where a transaction stands (section 3.11); without a status it counts as pending. */
export const StatusResponse = z.object({ timestamp: OptionalText, scanReference: z.string(), status: OptionalText })
export type StatusResponse = z.infer<typeof StatusResponse>

const head = { timestamp: OptionalText, scanReference: z.string() }
/** The parts of a result as their own resources: flat, with the reference beside (section 3.11). */
export const DocumentResponse = Document.extend(head)
export type DocumentResponse = z.infer<typeof DocumentResponse>
export const TransactionResponse = Transaction.extend(head)
export type TransactionResponse = z.infer<typeof TransactionResponse>
export const VerificationResponse = Verification.extend(head)
export type VerificationResponse = z.infer<typeof VerificationResponse>

/** A whole result (section 3.11). Document and transaction may be empty: it is so while the status is `PENDING`. */
export const DataResponse = z.object({
  timestamp: OptionalText,
  scanReference: z.string(),
  document: Document.nullish().transform((value): Document => value ?? ({} as Document)),
  transaction: Transaction.nullish().transform((value): Transaction => value ?? ({} as Transaction)),
  verification: Verification.nullish(),
  /** There is a face map to fetch (`client.facemap`). */
  facemap: z.object({ classifier: RareText, href: RareText }).nullish(),
})
export type DataResponse = z.infer<typeof DataResponse>

const Image = z.object({ classifier: z.string(), href: z.string() })
/** Which pictures there are (section 3.11); one or several, always lists here. Links are not followed. */
export const ImagesResponse = z.object({
  timestamp: OptionalText,
  scanReference: z.string(),
  images: z
    .union([z.array(Image), Image])
    .nullish()
    .transform(listOf),
  livenessImages: z
    .union([z.array(z.string()), z.string()])
    .nullish()
    .transform(listOf),
})
export type ImagesResponse = z.infer<typeof ImagesResponse>

const IdType = z.object({
  idType: z.string(),
  acquisitionConfig: z.object({ backSide: z.boolean().default(false) }).default({ backSide: false }),
})
/** Documents of one country that are taken (section 3.13). */
export const IdTypes = z.object({ countryName: z.string(), countryCode: z.string(), idTypes: z.array(IdType) })
export type IdTypes = z.infer<typeof IdTypes>
/** A list of documents (section 3.13), of all that Jumio supports or of those that this account accepts. */
export const IdTypesResponse = z.object({
  timestamp: OptionalText,
  supportedIdTypes: z.array(IdTypes).optional(),
  acceptedIdTypes: z.array(IdTypes).optional(),
})

/** The shape of an error body as it was observed for 404: note the string status. */
export const ErrorBody = z.object({ httpStatus: Text, message: z.string(), requestURI: z.string() })
export type ErrorBody = z.infer<typeof ErrorBody>

/** A date only when day, month and year are known: Jumio fills missing ones with `01` in the plain field (section 3.7). */
export const wholeDate = (
  plain: string | undefined,
  parts: z.infer<typeof Parts> | null | undefined,
): string | undefined => {
  const date = available(plain)
  if (!date || !/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined
  if (parts && !(parts.year && parts.month && parts.day)) return undefined
  return date
}
