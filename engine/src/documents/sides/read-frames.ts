import type { Fields } from '../../findings.ts'
import { retakesOfQuality } from '../../pictures/quality.ts'
import { toFields, unsureFields } from '../mrz/fields.ts'
import { showsAnotherSurname } from '../mrz/shown.ts'
import type { Frames, ReadContext } from '../reading.ts'
import { readSide, type SideReading } from './read-side.ts'
import { READABLE_LINES, type Sides } from './sides.ts'
import { voteSide } from './vote.ts'

/** Pictures of one side that are looked at, at most: more bring nothing. */
export const MAX_FRAMES = 5

/**
 * Whether nothing is left that another of the frames could improve: a nationality that is not sure, and a surname that the page
 * prints otherwise, be it glare on the MRZ or print in other letters.
 */
const isClear = ({ zone, viz }: SideReading, { nationality }: Fields): boolean =>
  !zone || (nationality?.sure !== false && !showsAnotherSurname(viz, zone.parsed.values))

/** Reads pictures of one side, one after another, until what they say together is sure. */
const readFrames = async (frames: Frames, today: Date, options: { mrzElsewhere?: boolean }): Promise<SideReading> => {
  const [first, ...more] = frames.slice(0, MAX_FRAMES) as unknown as Frames
  const readings: [SideReading, ...SideReading[]] = [await readSide(first, today, options)]
  let voted = readings[0]
  const isEnough = (side: SideReading): boolean => {
    const { zone, viz, quality } = side
    if (!zone)
      return (
        options.mrzElsewhere === true && viz.lines.length >= READABLE_LINES && retakesOfQuality(quality).length === 0
      )
    const read = toFields(zone, 'front', { front: side, back: null })
    return unsureFields(zone, read).length === 0 && (readings.length > 1 || isClear(side, read.fields))
  }
  for (const frame of more) {
    if (isEnough(voted)) break
    readings.push(await readSide(frame, today, options))
    voted = voteSide(readings, today)
  }
  return voted
}

/** MRZ and print of both sides. The back is read first: where it has the MRZ, the front is searched for one only once. */
export const readSides = async ({ front, back }: ReadContext['pictures'], today: Date): Promise<Sides> => {
  const second = back ? await readFrames(back, today, {}) : null
  const mrzElsewhere = second?.zone?.parsed.checkDigitsValid === true
  return { front: await readFrames(front, today, { mrzElsewhere }), back: second }
}
