import type { ReasonCode } from '../outcome.ts'

/** What the person can do about a picture of the document: labels of `usability` (section 4.13). */
export const usabilityReasons: Readonly<Record<string, ReasonCode>> = {
  BAD_QUALITY: 'photo_quality',
  BAD_QUALITY_IMAGE: 'photo_quality',
  BLURRED: 'photo_blurry',
  GLARE: 'photo_glare',
  PART_OF_DOCUMENT_MISSING: 'document_cut_off',
  PART_OF_DOCUMENT_HIDDEN: 'document_covered',
  DAMAGED_DOCUMENT: 'document_damaged',
  MISSING_MANDATORY_DATAPOINTS: 'data_unreadable',
  BLACK_WHITE: 'photo_grey',
  MISSING_PAGE: 'wrong_page',
  MISSING_SIGNATURE: 'signature_missing',
  NOT_A_DOCUMENT: 'no_document',
  NOT_UPLOADED: 'side_missing',
  DOCUMENT_CONTENT_NOT_SUPPORTED: 'document_unsupported',
  UNSUPPORTED_DOCUMENT_TYPE: 'document_unsupported',
  UNSUPPORTED_COUNTRY: 'wrong_country',
  PHOTOCOPY: 'copy_not_original',
  DIGITAL_COPY: 'screen_not_original',
  LIVENESS_UNDETERMINED: 'movement_not_seen',
}

/** The same label on a selfie asks for another selfie. */
export const selfieReasons: Readonly<Record<string, ReasonCode>> = {
  BAD_QUALITY: 'selfie_quality',
  BAD_QUALITY_IMAGE: 'selfie_quality',
  BLURRED: 'selfie_quality',
  GLARE: 'selfie_quality',
  BLACK_WHITE: 'selfie_quality',
}

/** Liveness labels with an innocent cause: another try may help (rule 7 of section 5.2). */
export const livenessRetries: Readonly<Record<string, ReasonCode>> = {
  NO_FACE_PRESENT: 'face_not_visible',
  FACE_NOT_FULLY_VISIBLE: 'face_not_visible',
  BLACK_WHITE: 'selfie_quality',
  MULTIPLE_PEOPLE: 'several_faces',
  LIVENESS_UNDETERMINED: 'movement_not_seen',
}

/** Liveness labels of a selfie that was not taken live (rule 6). */
export const livenessFrauds: readonly string[] = ['ID_USED_AS_SELFIE', 'DIGITAL_COPY', 'PHOTOCOPY', 'MANIPULATED']
