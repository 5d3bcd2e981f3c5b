import { z } from 'zod'
import { FaceSearch, RareText, rareTexts } from '../values.ts'
import { type DetailsResponse, ExtractionData } from './details.ts'

/** Types of a decision, of a capability and of the whole alike (sections 4.12 and 4.13). */
export type DecisionType = 'PASSED' | 'REJECTED' | 'WARNING' | 'NOT_EXECUTED'

/** Any capability may say these of itself. */
const notExecuted = ['PRECONDITION_NOT_FULFILLED', 'TECHNICAL_ERROR'] as const
const manipulated = [
  'PHOTO',
  'DOCUMENT_NUMBER',
  'EXPIRY',
  'DOB',
  'NAME',
  'ADDRESS',
  'SECURITY_CHECKS',
  'SIGNATURE',
  'PERSONAL_NUMBER',
  'PLACE_OF_BIRTH',
  'GENDER',
  'ISSUING_DATE',
].map((what) => `MANIPULATED_DOCUMENT_${what}`)
const words = (text: string): string[] => text.split(' ')

type Labels = Readonly<Record<DecisionType, readonly string[]>>
const labels = (PASSED: string, REJECTED: readonly string[], WARNING: readonly string[], more = ''): Labels => ({
  PASSED: [PASSED],
  REJECTED,
  WARNING,
  NOT_EXECUTED: [...notExecuted, ...(more ? words(more) : [])],
})

/** Every label that Jumio documents, by capability and type of decision (section 4.13). More may come: judge by the type. */
export const capabilityLabels = {
  usability: labels(
    'OK',
    words(
      'BAD_QUALITY BAD_QUALITY_IMAGE BLURRED GLARE PART_OF_DOCUMENT_MISSING PART_OF_DOCUMENT_HIDDEN DAMAGED_DOCUMENT MISSING_MANDATORY_DATAPOINTS BLACK_WHITE MISSING_PAGE MISSING_SIGNATURE NOT_A_DOCUMENT DOCUMENT_CONTENT_NOT_SUPPORTED PHOTOCOPY DIGITAL_COPY',
    ),
    words('UNSUPPORTED_COUNTRY UNSUPPORTED_DOCUMENT_TYPE LIVENESS_UNDETERMINED'),
    'NOT_UPLOADED',
  ),
  imageChecks: labels(
    'OK',
    [
      ...words(
        'DIGITAL_COPY WATERMARK FAILED OTHER_REJECTION GHOST_IMAGE_DIFFERENT PUNCHED SAMPLE FAKE CHIP_MISSING DIGITAL_MANIPULATION MISMATCH_FRONT_BACK LOOKUPS_HIGH_RISK_FACE MANIPULATED_DOCUMENT',
      ),
      ...manipulated,
    ],
    words('DIFFERENT_PERSON REPEATED_FACE GHOST_IMAGE_QUALITY_INSUFFICIENT'),
  ),
  extraction: labels('OK', [], []),
  dataChecks: labels(
    'OK',
    words(
      'NFC_CERTIFICATE MISMATCHING_DATAPOINTS MRZ_CHECKSUM MISMATCHING_DATA_REPEATED_FACE MISMATCH_HRZ_MRZ_DATA MISMATCH_FRONT_BACK SUPERIMPOSED_TEXT HIGH_FRAUD_RISK CUSTOMER_FEEDBACK ID_DATA_MISMATCH LOOKUPS_HIGH_RISK_SAME_DATA LOOKUPS_HIGH_RISK_SAME_FACE_MISMATCHING_DATA LOOKUPS_HIGH_RISK_DEVICE LOOKUPS_HIGH_RISK_IP_ADDRESS',
    ),
    words(
      'DOCUMENT_EXPIRY_WITHIN_CONFIGURED_LIMIT ID_DATA_MISMATCH_LOW_CONFIDENCE ID_DATA_INVALID UNREADABLE_DATASOURCE LOOKUPS_MEDIUM_RISK_IP_ADDRESS LOOKUPS_MEDIUM_RISK_DEVICE LOOKUPS_MEDIUM_RISK_SAME_DOCUMENT_NUMBER',
    ),
  ),
  // One table prints NOT_MATCH: both mean the same.
  similarity: labels('MATCH', ['NO_MATCH', 'NOT_MATCH'], ['NOT_POSSIBLE']),
  liveness: labels(
    'OK',
    words(
      'LIVENESS_UNDETERMINED ID_USED_AS_SELFIE MULTIPLE_PEOPLE DIGITAL_COPY PHOTOCOPY MANIPULATED NO_FACE_PRESENT FACE_NOT_FULLY_VISIBLE BLACK_WHITE',
    ),
    words('AGE_DIFFERENCE BAD_QUALITY'),
  ),
  authentication: labels('OK', ['FAILED'], []),
  watchlistScreening: labels(
    'OK',
    [],
    ['ALERT'],
    'NOT_ENOUGH_DATA VALIDATION_FAILED INVALID_MERCHANT_SETTINGS EXTRACTION_NOT_DONE NO_VALID_ID_CREDENTIAL',
  ),
  addressValidation: labels('OK', ['DENY'], ['ALERT'], 'NOT_ENOUGH_DATA UNSUPPORTED_COUNTRY'),
  proofOfResidency: labels('OK', ['DENY'], ['ALERT'], 'NOT_ENOUGH_DATA UNSUPPORTED_COUNTRY'),
  drivingLicenseVerification: labels(
    'OK',
    ['DENY'],
    ['ALERT'],
    'UNSUPPORTED_COUNTRY UNSUPPORTED_STATE VALIDATION_FAILED',
  ),
  braCpfValidation: labels(
    'OK',
    ['DENY'],
    ['UNSUPPORTED_COUNTRY'],
    'NOT_ENOUGH_DATA INVALID_MERCHANT_SETTINGS VALIDATION_FAILED',
  ),
  // Its labels are known, which type each comes with is not.
  biometricVerification: labels('LOW_RISK', ['HIGH_RISK'], ['MEDIUM_RISK'], 'PERMISSION_DENIED BAD_REQUEST'),
} as const satisfies Record<string, Labels>
/** A capability that Jumio documents. */
export type Capability = keyof typeof capabilityLabels

/** What each capability may carry under `data` (sections 4.13 and 4.17). Everything may be missing. */
export const capabilityData = {
  extraction: ExtractionData,
  imageChecks: z.object({ faceSearchFindings: FaceSearch.nullish() }),
  /** Only our own verifier sends it: what a person should look at, in its own words. */
  dataChecks: z.object({ signals: z.array(z.string()).nullish() }),
  similarity: z.object({ similarity: RareText }),
  liveness: z.object(rareTexts(['type', 'predictedAge', 'ageConfidenceRange'])),
  authentication: z.object({ type: RareText }),
  watchlistScreening: z.object({
    ...rareTexts(['searchDate', 'searchId', 'searchReference', 'searchResultUrl', 'searchStatus']),
    /** How many were found. */
    searchResults: z.coerce.number().nullish(),
  }),
} as const
/** What the `data` of a capability hold. */
export type CapabilityData<N extends keyof typeof capabilityData> = z.infer<(typeof capabilityData)[N]>

/**
 * What the entries of a capability carry, in order; entries without readable data are left out. Personal data.
 * @example capabilityDataOf(details, 'watchlistScreening')[0]?.searchResults // 2
 */
export const capabilityDataOf = <N extends keyof typeof capabilityData>(
  details: DetailsResponse,
  name: N,
): CapabilityData<N>[] =>
  (details.capabilities[name] ?? []).flatMap((entry) => {
    const read = entry.data ? capabilityData[name].safeParse(entry.data) : undefined
    return read?.success ? [read.data as CapabilityData<N>] : []
  })
