import type { DocumentKind } from './documents/kinds.ts'

export type { DocumentKind } from './documents/kinds.ts'

/**
 * What the engine says about pictures. Findings are data, never a verdict about a person; the caller decides.
 * A field is `sure` only when two independent readings agree, or the VIZ confirms the MRZ.
 */
export type FieldSource = 'mrz' | 'mrz_second_reader' | 'visual' | 'barcode'
/** A side as the caller names it: which one has the MRZ is found out. */
export type DocumentSide = 'front' | 'back'

/** Why a field is not sure. The first three are doubts about the reading, which another picture may end; the others stay. */
export type UnsureReason =
  /** Neither a second reader nor the print says the same. */
  | 'one_source'
  /** A character has too little confidence. */
  | 'characters_unclear'
  /** The same reader read a line otherwise from another crop, or not whole. */
  | 'crops_disagree'
  | 'check_digit_wrong'
  /** The code of a state is not on the list of ICAO 9303-3, section 5. */
  | 'unknown_code'
  /** The page prints the year of another century. */
  | 'century_unknown'
  /** The name fills its field, or the issuer says that it is cut, and may go on. */
  | 'name_truncated'
  /** Another source says something else. */
  | 'sources_disagree'

/** A value that was read of a document, with its evidence. Values of a bar code have no side. */
export type Field = {
  readonly value: string
  /**
   * 0 to 1: of a zone the lowest among the characters that the value was read from, of other print the mean of its line; of a bar
   * code 0.99 where the front shows the value, else 0.5.
   */
  readonly confidence: number
  readonly sources: readonly FieldSource[]
  /** Where the value was read, and where a page's print shows it; for the second the other side counts, too. */
  readonly side?: DocumentSide
  readonly shownOn?: DocumentSide
  readonly sure: boolean
  /** Why it is not sure; only of a field that is not. */
  readonly unsure?: readonly UnsureReason[]
}

/** Names of fields, the same for MRZs and bar codes. */
export const fieldNames = [
  'documentCode',
  'issuingCountry',
  'lastName',
  'firstName',
  'number',
  'nationality',
  'dateOfBirth',
  'sex',
  'expiry',
  /** The first optional field: the personal number, where the state puts one there. */
  'personalNumber',
  /** The second optional field of TD1 cards; each state has its own use for it. */
  'optionalData',
] as const
export type FieldName = (typeof fieldNames)[number]

/** Dates are `YYYY-MM-DD`. Names are as the MRZ spells them, fillers as spaces. */
export type Fields = Partial<Record<FieldName, Field>>

/** ICAO's formats, and `FRA-ID`: the French identity card of 1988 to 2021, which has a layout of its own. */
export type DocumentFormat = 'TD1' | 'TD2' | 'TD3' | 'MRV-A' | 'MRV-B' | 'FRA-ID'

/** Whether each check digit computes (ICAO 9303-3, section 4.9); absent where the format has none. */
export type CheckDigits = Partial<Record<'number' | 'dateOfBirth' | 'expiry' | 'personalNumber' | 'composite', boolean>>

/** An MRZ as it was read. `minConfidence`, 0 to 1, is that of its least sure character. */
export type MrzFinding = {
  readonly format: DocumentFormat
  readonly lines: readonly string[]
  readonly checkDigits: CheckDigits
  /** Every check digit of the format computes. It says nothing about names, states or document code. */
  readonly checkDigitsValid: boolean
  /** A second, independent reading gave the same text. */
  readonly agreed: boolean
  readonly minConfidence: number
}

/** What the camera did, as `assessQuality` measures it; limits: `thresholds.ts`. */
export type PictureQuality = {
  /** Pixels after orientation. */
  readonly width: number
  readonly height: number
  /** 90th percentile of the Laplacian's variance over tiles of an 800 px copy. */
  readonly sharpness: number
  /** Share of pixels, 0 to 1, with every channel at 250 or more. */
  readonly glareShare: number
  /** Mean of luma, 0 to 255. */
  readonly brightness: number
}

/** Codes of `retake` sentences: what the person can do better. */
export type RetakeCode =
  | 'photo_blurry'
  | 'photo_quality'
  | 'photo_glare'
  | 'photo_grey'
  | 'document_cut_off'
  | 'data_unreadable'
  | 'no_document'
  | 'side_missing'
  | 'wrong_page'
  | 'document_unsupported'
  | 'face_not_visible'
  | 'several_faces'
  | 'selfie_quality'
  | 'file_not_usable'
  | 'pdf_locked'
  | 'pdf_damaged'

/** Things worth a human look or a refusal; none of them helps an approval. */
export type Signal =
  | 'specimen'
  /** The print has a word of samples where it may be a name, or the person carries a name of samples. */
  | 'says_sample'
  | 'expired'
  | 'check_digit_wrong'
  | 'impossible_date'
  | 'unknown_country'
  | 'unknown_document_code'
  /** The zone of this format does not tell when the document expires. */
  | 'expiry_missing'
  /** A name fills its field to the end and may go on. */
  | 'name_truncated'
  | 'sources_disagree'
  /** Front and back do not show the same document, or nothing on the one says that the other belongs to it. */
  | 'sides_disagree'
  /** A card without an MRZ: all of it rests on one reading of the print. */
  | 'no_mrz'
  | 'single_reading'
  | 'portrait_missing'
  /** Another person's face is beside the portrait. */
  | 'several_portraits'
  | 'portrait_equals_selfie'
  /** The page has one hue throughout: a copy in black and white, or a camera without colour. */
  | 'no_colour'
  /** A fine grid lies over the whole page, as over a screen that was photographed. */
  | 'screen_pattern'
  /** A character of the MRZ is above or below its baseline, as if it had been added separately. */
  | 'mrz_baseline_shift'

/** What the bar code of a card said of itself; its values are among the fields. */
export type BarcodeReading = {
  readonly standard: 'AAMVA'
  readonly version: number
  /** Issuer identification number. */
  readonly issuer: string
  /** State or province, as its two letters. */
  readonly state: string | null
  /** The print of the front shows every field that a check needs. */
  readonly agreed: boolean
}

/** What was read of a document. `kind` is null where it was not recognised, `mrz` where none was read. `ms` is the time it took. */
export type DocumentReading = {
  readonly kind: DocumentKind | null
  readonly mrz: MrzFinding | null
  /** Only of documents that have one. */
  readonly barcode?: BarcodeReading
  readonly fields: Fields
  /** Fields that the document leaves empty, as two readings agree: a name that the holder does not have, an unknown day of birth. */
  readonly absent?: readonly FieldName[]
  /** What is known of a birth date without a day or month, `YYYY-MM` or `YYYY`. */
  readonly partialDateOfBirth?: string
  /** Of the picture that the MRZ was read from, else of the front. */
  readonly quality: PictureQuality
  readonly retake: readonly RetakeCode[]
  /** Which picture `retake` is about; the front when absent. */
  readonly retakeSide?: DocumentSide
  readonly signals: readonly Signal[]
  /** Width in pixels of the largest face on the document, front before back; null when no face was found. */
  readonly portraitWidth: number | null
  readonly ms: number
}

/** Whether two faces are one person's, by `FaceLimits`. `not_comparable`: a face is missing, or the portrait is too small. */
export type FaceComparison = {
  readonly verdict: 'match' | 'review' | 'no_match' | 'not_comparable'
  /** Cosine of the two descriptors; null when not comparable. */
  readonly cosine: number | null
  /** 0 to 1, for people; null when not comparable. */
  readonly similarity: number | null
}

/** The result of a check for copies. `not_assessed`: the picture does not allow the check, or it was not run. */
export type CopyCheck = 'found' | 'not_found' | 'not_assessed'

/** What `assess` finds. `selfie` and `face` are null where no selfie was sent; `ms` is the time that it took. */
export type Assessment = {
  readonly document: DocumentReading
  readonly selfie: {
    readonly quality: PictureQuality
    readonly faces: number
    readonly retake: readonly RetakeCode[]
  } | null
  readonly face: FaceComparison | null
  readonly liveness: 'not_assessed' | 'passed' | 'failed'
  /**
   * What each picture looks like, as `hashPicture` tells it, so that a caller can notice one that was sent before; null where there is
   * none. Personal data, like the picture.
   */
  readonly hashes: { readonly front: string | null; readonly back: string | null; readonly selfie: string | null }
  /**
   * Signs of a copy or of an alteration, on the front; `screenPattern` on the picture of the zone, too, `baselineShift` on that
   * alone. What is found is among the signals, too.
   */
  readonly copies: {
    readonly colourless: CopyCheck
    readonly screenPattern: CopyCheck
    readonly baselineShift: CopyCheck
  }
  /**
   * pass: every field that a check needs is sure and the faces match; nationality, sex and what else a zone holds may be unsure, and
   * an expired document passes here: the caller decides. retake: the person can do better.
   * review: a human has to look. refuse: the faces differ.
   */
  readonly verdict: 'pass' | 'retake' | 'review' | 'refuse'
  readonly ms: number
}
