import type { DocumentReading } from '../findings.ts'
import { aamvaReader } from './aamva/reader.ts'
import type { DocumentKind } from './kinds.ts'
import { labelledReader } from './labelled/reader.ts'
import { mrzReader } from './mrz/reader.ts'
import type { DocumentReader, ReadContext, Reading } from './reading.ts'
import { readSides } from './sides/read-frames.ts'
import type { Sides } from './sides/sides.ts'

/**
 * The readers, in the order in which they are asked. A bar code is quick to find and tells what it is, an MRZ counts before the
 * print, and the reader of labels answers for every document that no other one knows.
 */
export const readers: readonly DocumentReader[] = [aamvaReader, mrzReader, labelledReader]

/**
 * Reads a document from pictures of its sides.
 *
 * @param input.expected what the person said the document is
 * @param input.from the readers to ask; the tests give their own
 */
export const readDocument = async (
  input: { pictures: ReadContext['pictures']; today: Date; expected?: DocumentKind | undefined },
  from: readonly DocumentReader[] = readers,
): Promise<Reading & Pick<DocumentReading, 'ms'>> => {
  const begin = performance.now()
  let sides: Promise<Sides> | undefined
  const context: ReadContext = {
    pictures: input.pictures,
    today: input.today,
    expected: input.expected,
    sides: () => {
      sides ??= readSides(input.pictures, input.today)
      return sides
    },
  }
  for (const reader of from) {
    const reading = await reader.read(context)
    if (reading) return { ...reading, ms: Math.round(performance.now() - begin) }
  }
  throw new Error('no reader answered')
}
