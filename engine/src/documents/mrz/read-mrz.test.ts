import { describe, expect, it } from 'vitest'
import { sampleAt } from '../../../accuracy/run.ts'
import { decodePicture } from '../../pictures/decode.ts'
import { toGrey } from '../../pictures/quality.ts'
import { detectText } from '../../text/detect.ts'
import { findBlock, findRows, readBlock } from './read-mrz.ts'

/** The zone of one photograph of the seeded set, as it lies, and what it says. */
const mrzOf = async (index: number) => {
  const sample = sampleAt(1, index)
  const { front, back } = await sample.pictures()
  const [photograph] = back ?? front
  if (!photograph) throw new Error('the sample has no photograph')
  const picture = await decodePicture(photograph)
  const grey = { data: toGrey(picture), width: picture.width, height: picture.height }
  const zone = await readBlock(grey, findBlock(await findRows(grey, await detectText(picture))))
  return { zone, format: sample.kind.format, lines: sample.kind.lines(sample.specimen) }
}

describe('an MRZ is read whole', { timeout: 60_000 }, () => {
  it.each([
    ['the edge of the page was read as a character behind one line', 1059],
    ['it was read as one before a line', 1172],
    ['it was read as one before both lines', 877],
    ['print of the paper below was read before a line', 1102],
    ['other print was read at both ends, and most fillers not at all', 668],
  ])('where %s', async (_value, index) => {
    const { zone, lines } = await mrzOf(index)
    expect(zone?.lines).toEqual(lines)
  })

  it('where glare hides characters of a long line, and is not taken for a shorter one', async () => {
    const { zone, format } = await mrzOf(41)
    expect(format).toBe('MRV-A')
    expect(zone?.layout.format).toBe('MRV-A')
  })
})
