/**
 * What a local check saw that no machine may decide, in words for the reviewer. Codes come as `signal:<name>` among the reasons for
 * staff; one that is not known here is shown as it came. Never told to the person.
 */
const reviewSignals: Readonly<Record<string, string>> = {
  check_digit_wrong: 'A check digit of the machine zone does not compute. Compare zone and print symbol by symbol.',
  impossible_date: 'A date cannot be as printed, or its century cannot be told. Look at the dates.',
  no_colour: 'The page has no colours: a black-and-white copy, or a camera in grey mode. Ask for the document itself.',
  screen_pattern:
    'A fine grid lies over the whole page, as over a screen that was photographed. Fine print can look alike: look at the picture enlarged.',
  zone_print_uneven:
    'A symbol of the machine zone stands above or below its line. Look at the zone enlarged: was a symbol put in by itself?',
  unknown_document_code: 'The document code is none of the standard. Look at the kind of document.',
  unknown_country: 'The code of a state is none that exists. Compare the zone, or the bar code, with the print.',
  sides_disagree: 'Front and back do not show the same document. Compare name and number of both sides.',
  no_machine_zone: 'The document has no machine zone: all of it rests on one reading of the print.',
  unread_print: 'The print could not be read, though the pictures are sharp and light. Read the document yourself.',
  portrait_missing: 'No face was found on the document. Look for the photograph.',
  country_unsure: 'The issuing country could not be read for sure, and not every country is taken. Read it yourself.',
  several_portraits:
    'Beside the portrait stands the face of somebody else. Look whose document it is, and who holds it.',
  zones_disagree: 'Machine zone, bar code and print do not say the same. Compare name, number and dates.',
  expiry_missing: 'The machine zone does not say when the document ends. Read it from the print.',
  data_differs: 'The document says something else than the application did. Compare name, number and dates.',
  says_sample:
    'The page has a word that samples of documents carry. It may be a name or a street: look where it stands.',
  single_reading:
    'Not everything could be read for sure, though the pictures are sharp and light. Read the document yourself.',
  picture_seen_before:
    'The same picture was sent for another person before. Compare with the other check before you decide.',
}

/** A reason for staff in words, where it is one of a local check's signals. */
export const signalSentence = (reason: string): string =>
  (reason.startsWith('signal:') ? reviewSignals[reason.slice('signal:'.length)] : undefined) ?? reason
