/**
 * What a result means for an integrator, before the claim is compared (contract section 5). `review` is the default of
 * everything unknown; only `approved` may go on, to the comparison of section 6.
 */
export type Outcome = 'approved' | 'rejected' | 'retry' | 'expired' | 'review' | 'pending'

/** Why, in stable words of ours: each has a sentence for the person and one for staff (`reasonSentences`). */
export type ReasonCode =
  | 'photo_blurry'
  | 'photo_quality'
  | 'photo_glare'
  | 'photo_grey'
  | 'document_cut_off'
  | 'document_covered'
  | 'document_damaged'
  | 'data_unreadable'
  | 'no_document'
  | 'side_missing'
  | 'wrong_page'
  | 'signature_missing'
  | 'several_documents'
  | 'copy_not_original'
  | 'screen_not_original'
  | 'sample_document'
  | 'document_unsupported'
  | 'wrong_country'
  | 'face_not_visible'
  | 'several_faces'
  | 'selfie_quality'
  | 'movement_not_seen'
  | 'document_not_accepted'
  | 'face_no_match'
  | 'selfie_not_accepted'
  | 'under_review'
  | 'timed_out'
  | 'nothing_sent'
  | 'interrupted'

/** What a result means, and why. */
export type Judgement = {
  readonly outcome: Outcome
  readonly reasons: readonly ReasonCode[]
  /** Jumio's own codes and labels, for staff. */
  readonly codes: readonly string[]
}
