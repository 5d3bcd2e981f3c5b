import { normalize, type Viz } from './confirm.ts'

/** Words of samples that are names of people and streets, too, and names that only samples are known to carry. */
const sampleWords = ['SAMPLE', 'MUSTER']
const sampleNames = [...sampleWords, 'MUSTERMANN']
/** Words beside such a word where a page says what it is. The recogniser drops spaces, so a line consists of these words only. */
const saidBeside = [
  ...['A', 'THIS', 'IS', 'OF', 'FOR', 'NO', 'NOT', 'ONLY', 'REAL', 'VALID', 'INVALID', 'VOID', 'TEST', 'COPY'],
  ...['DOCUMENT', 'PASSPORT', 'CARD', 'ID', 'IDENTITY', 'IDENTIFICATION', 'LICENSE', 'LICENCE', 'DRIVER', 'DRIVERS'],
  ...['NICHT', 'KEIN', 'GULTIG', 'UNGULTIG', 'DOKUMENT', 'REISEPASS', 'PASS', 'AUSWEIS', 'PERSONALAUSWEIS'],
]
const nothingElse = new RegExp(`^(?:${[...sampleWords, ...saidBeside].join('|')})+$`)

/**
 * What a page says of itself: `specimen` where it says so and no person can be meant. Where the word may be somebody's name, or a
 * street's (Sample Road is a long one), it is `says_sample`: for a person to look at, so that nobody is refused for their name.
 *
 * @param names the person's, as the zone, the bar code or the print has them
 */
export const specimenSign = (zone: Viz, names: readonly string[] = []): 'specimen' | 'says_sample' | null => {
  const wordsOf = (text: string): string[] => text.split(/[^\p{L}\p{N}\p{M}]+/u).map(normalize)
  const own = names.flatMap(wordsOf)
  const isOwn = sampleNames.some((word) => own.includes(word))
  const says = (line: string): boolean => nothingElse.test(line) && sampleWords.some((word) => line.includes(word))
  if (zone.lines.map(normalize).some((line) => line.includes('SPECIMEN') || (!isOwn && says(line)))) return 'specimen'
  const isSaid = zone.lines.some((line) => wordsOf(line).some((word) => sampleWords.includes(word)))
  return isOwn || isSaid ? 'says_sample' : null
}
