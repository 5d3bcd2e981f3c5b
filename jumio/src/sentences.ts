import type { ReasonCode } from './outcome.ts'

/** One reason in words, for either reader. */
export type ReasonSentences = {
  /** Tells the person what to do. Never says which sign of fraud was seen. */
  readonly person: string
  /** Tells staff what Jumio said. */
  readonly staff: string
}

/** Each reason in words, in English. Texts may change; codes do not. */
export const reasonSentences: Readonly<Record<ReasonCode, ReasonSentences>> = {
  photo_blurry: {
    person: 'The photo is not sharp. Put the document on a table and hold the phone still.',
    staff: 'Blurred (2001, BLURRED).',
  },
  photo_quality: {
    person: 'The photo is not clear enough. Go to a brighter place and move closer.',
    staff: 'Bad quality (2002, BAD_QUALITY).',
  },
  photo_glare: {
    person: 'Light covers part of the document. Turn off the flash and tilt it a little.',
    staff: 'Glare (2006, GLARE).',
  },
  photo_grey: { person: 'A colour photo is needed. Turn off filters.', staff: 'Black and white (210, BLACK_WHITE).' },
  document_cut_off: {
    person: 'All four corners of the document must be in the photo.',
    staff: 'Part missing (2003, PART_OF_DOCUMENT_MISSING).',
  },
  document_covered: {
    person: 'Something covers the document. Move your fingers to its edge.',
    staff: 'Part hidden (2004, PART_OF_DOCUMENT_HIDDEN).',
  },
  document_damaged: {
    person: 'The document looks damaged. Use another one if you have it.',
    staff: 'Damaged (2005, DAMAGED_DOCUMENT).',
  },
  data_unreadable: {
    person: 'The document could not be read. Take a new photo in good light.',
    staff: 'Not readable (200, 2007, MISSING_MANDATORY_DATAPOINTS).',
  },
  no_document: {
    person: 'No document was found. Put it alone on a plain, dark surface.',
    staff: 'No document (201, NOT_A_DOCUMENT).',
  },
  side_missing: {
    person: 'The other side of the document is needed, too.',
    staff: 'A side is missing (206, 214, NOT_UPLOADED).',
  },
  wrong_page: { person: 'Open the page with your photo and take it again.', staff: 'Wrong page (207, MISSING_PAGE).' },
  signature_missing: {
    person: 'The document counts only when signed. Sign it, or use another one.',
    staff: 'Signature missing (209, MISSING_SIGNATURE).',
  },
  several_documents: {
    person: 'Photograph your own document, alone.',
    staff: 'Papers of several people (211).',
  },
  copy_not_original: {
    person: 'This looks like a paper copy. Photograph the document itself.',
    staff: 'Photocopy (102, 103, PHOTOCOPY). Repeated: review.',
  },
  screen_not_original: {
    person: 'This looks like a photo of a screen. Photograph the document itself.',
    staff: 'Digital copy (104, DIGITAL_COPY). Repeated: review.',
  },
  sample_document: {
    person: 'This looks like a sample. Use your own document.',
    staff: 'Sample (202). Repeated: review.',
  },
  document_unsupported: {
    person: 'This kind of document cannot be checked. Use another one.',
    staff: 'Type not supported, or not accepted in the portal.',
  },
  wrong_country: {
    person: 'Documents of this country cannot be checked. Use another one.',
    staff: 'Country not supported, or not accepted in the portal.',
  },
  face_not_visible: {
    person: 'Your whole face must be seen. Take off dark glasses and face the light.',
    staff: 'NO_FACE_PRESENT or FACE_NOT_FULLY_VISIBLE.',
  },
  several_faces: { person: 'Take the selfie alone, against a plain wall.', staff: 'MULTIPLE_PEOPLE.' },
  selfie_quality: {
    person: 'The selfie is not clear. Face a window or lamp, and turn off filters.',
    staff: 'BAD_QUALITY or black and white on the selfie.',
  },
  movement_not_seen: {
    person: 'The movements could not be seen. Take more time, in better light.',
    staff: 'LIVENESS_UNDETERMINED.',
  },
  document_not_accepted: {
    person: 'This document could not be accepted. Use another one, or ask a person.',
    staff: 'A sign of fraud: see the codes. Do not tell the person which.',
  },
  face_no_match: {
    person: 'The selfie did not match the photo of the document.',
    staff: 'NO_MATCH, or a failed authentication.',
  },
  selfie_not_accepted: {
    person: 'The selfie must be taken live, by you, in this check.',
    staff: 'Selfie not live: see the codes. Do not tell the person which.',
  },
  under_review: { person: 'A person is looking at it.', staff: 'For a human: see the codes.' },
  timed_out: { person: 'The time ran out. Nothing was decided.', staff: 'SESSION_EXPIRED.' },
  nothing_sent: { person: 'No photos arrived. Nothing was decided.', staff: 'NO_ID_UPLOADED or TOKEN_EXPIRED.' },
  interrupted: { person: 'The check was cut off. Try again.', staff: 'Technical error.' },
}
