/**
 * What the local verifier saw that only a person can judge, in words for the reviewer. The codes come as `signal:<name>` among the
 * reasons for staff. The person who is checked never reads them.
 */
const reviewSignals: Readonly<Record<string, string>> = {
  check_digit_wrong: 'A check digit of the machine-readable zone is wrong. Compare the zone with the printed text.',
  impossible_date: 'A printed date is impossible, or its century is unclear. Look at the dates.',
  no_colour: 'The photo has no colour: a black-and-white copy, or a camera in grey mode. Ask for the document itself.',
  screen_pattern:
    'The photo has a fine grid, as when a screen is photographed. Fine print can look alike. Enlarge the photo and look.',
  mrz_baseline_shift:
    'A character of the machine-readable zone stands above or below its line. Enlarge the zone: was a character replaced?',
  unknown_document_code: 'The document code is not in ICAO Doc 9303. Look at the kind of document.',
  unknown_country:
    'The country code does not exist. Compare the machine-readable zone or bar code with the printed text.',
  sides_disagree: 'Front and back are not of the same document. Compare name and number on both sides.',
  no_mrz: 'The document has no machine-readable zone: everything was read from the printed text, once.',
  unread_print:
    'The printed text could not be read, although the photos are sharp and bright. Read the document yourself.',
  portrait_missing: 'No face was found on the document. Look for the portrait.',
  country_unsure: 'The issuing country is not certain, and not every country is accepted. Read it yourself.',
  several_portraits: 'The photo shows the face of a second person. Look whose document it is, and who holds it.',
  sources_disagree: 'Machine-readable zone, bar code and printed text do not agree. Compare name, number and dates.',
  expiry_missing: 'The machine-readable zone has no expiry date. Read it from the printed text.',
  data_differs: 'The document does not agree with what the application sent. Compare name, number and dates.',
  says_sample: 'The document has a word that samples carry. It may be a name or a street: look where it stands.',
  single_reading: 'Some fields are not certain, although the photos are sharp and bright. Read the document yourself.',
  picture_seen_before: 'The same photo was sent for another person before. Compare with that check before you decide.',
}

/** The names that a signal can have. */
export const signalNames: readonly string[] = Object.keys(reviewSignals)

/** A signal in words; undefined for a reason that is not a known signal. */
export const signalSentence = (reason: string): string | undefined =>
  Object.entries(reviewSignals).find(([name]) => reason === `signal:${name}`)?.[1]
