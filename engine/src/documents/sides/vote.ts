import { retakesOfQuality } from '../../pictures/quality.ts'
import { parseMrz } from '../mrz/parse.ts'
import { isWhole, type MrzText } from '../mrz/read-mrz.ts'
import type { MrzReading, SideReading } from './read-side.ts'

type WithMrz = SideReading & { readonly zone: MrzReading }
type Seen = { readonly letter: string; readonly confidence: number }

/**
 * One character by vote. Each reading counts by the square of its confidence, so that two clear ones outweigh one under glare; the
 * confidence of the winner shrinks by the share of those that saw something else.
 */
export const voteCharacter = (seen: readonly Seen[]): Seen => {
  const weights = new Map<string, number>()
  for (const { letter, confidence } of seen) weights.set(letter, (weights.get(letter) ?? 0) + confidence ** 2)
  const [[letter, weight] = ['<', 0]] = [...weights].sort((a, b) => b[1] - a[1])
  const all = [...weights.values()].reduce((sum, one) => sum + one, 0)
  const best = Math.max(
    ...seen.filter((character) => character.letter === letter).map(({ confidence }) => confidence),
    0,
  )
  return { letter, confidence: all === 0 ? 0 : (best * weight) / all }
}

/** A character with less says nothing about which document it stands on. */
const CLEAR = 0.5
/** Clear characters that two zones are compared by at least, and the share of equal ones of one document: two documents of a state have a third. */
const COMPARED = 16
const EQUAL = 0.7

/** Whether two readings are of one zone, by the characters that are clear in both, fillers in both left out; null where too few tell. */
const isSameMrz = ({ zone: a }: MrzReading, { zone: b }: MrzReading): boolean | null => {
  if (a.layout !== b.layout) return null
  const pairs = a.lines.flatMap((line, row) =>
    [...line].flatMap((letter, column) => {
      const other = b.lines[row]?.charAt(column) ?? '<'
      const clear = Math.min(a.confidences[row]?.[column] ?? 0, b.confidences[row]?.[column] ?? 0) >= CLEAR
      return clear && !(letter === '<' && other === '<') ? [letter === other] : []
    }),
  )
  return pairs.length < COMPARED ? null : pairs.filter(Boolean).length / pairs.length >= EQUAL
}

/** Readings of one zone in several pictures as one: character by character by vote, the second reader's of all of them. */
const voteMrz = (alike: readonly MrzReading[], best: MrzReading, today: Date): MrzReading => {
  const voted = best.zone.lines.map((line, index) =>
    [...line].map((_value, column) =>
      voteCharacter(
        alike.map(({ zone }) => ({
          letter: zone.lines[index]?.charAt(column) ?? '<',
          confidence: zone.confidences[index]?.[column] ?? 0,
        })),
      ),
    ),
  )
  const lines = voted.map((line) => line.map(({ letter }) => letter).join(''))
  const confidences = voted.map((line) => line.map(({ confidence }) => confidence))
  // A line counts as whole, or as stable, by a picture in which it reads as it was voted.
  const byOne = (flags: (one: MrzReading) => readonly boolean[]): boolean[] =>
    lines.map((line, index) => alike.some((one) => one.zone.lines[index] === line && flags(one)[index] === true))
  const zone: MrzText = {
    ...best.zone,
    lines,
    confidences,
    whole: byOne((one) => one.zone.whole),
    minConfidence: Math.min(...confidences.flat()),
  }
  return {
    zone,
    parsed: parseMrz(zone.layout, lines, today),
    secondReadings: lines.map((_value, index) => alike.flatMap(({ secondReadings }) => secondReadings[index] ?? [])),
    stable: byOne((one) => one.stable),
  }
}

/** The clearest of the readings: valid zone before another, whole before cut, then by the least sure character. */
const clarity = ({ zone }: MrzReading): number => zone.minConfidence + Number(isWhole(zone)) * 2

/** Of pictures without a zone: a good one before another, then the one with most print, then the sharpest. */
const legibility = ({ viz, quality }: SideReading): number =>
  Number(retakesOfQuality(quality).length === 0) * 1000 + viz.lines.length + quality.sharpness / (1 + quality.sharpness)

/**
 * Several pictures of one side as one reading. A vote may make a zone whole that glare hid in parts, each time another one; a field
 * is sure by it only as by one picture: a second, independent reading must agree.
 *
 * Only pictures of one document count together, and what nothing ties to the others counts for itself: print and portrait of two
 * documents would make a third one. Where zones tell that the pictures show different documents, `isMixed` says so.
 */
export const voteSide = (readings: readonly [SideReading, ...SideReading[]], today: Date): SideReading => {
  if (readings.length === 1) return readings[0]
  const withZone = readings.filter((reading): reading is WithMrz => reading.zone !== null)
  if (withZone.length === 0) return [...readings].sort((a, b) => legibility(b) - legibility(a))[0] ?? readings[0]
  const alikeOf = (one: WithMrz): WithMrz[] =>
    withZone.filter((other) => other === one || isSameMrz(one.zone, other.zone) === true)
  // Most pictures tell which document it is, then the clearest.
  const rank = ({ zone }: WithMrz): number => Number(zone.parsed.checkDigitsValid) * 4 + clarity(zone)
  const [best] = [...withZone].sort((a, b) => alikeOf(b).length - alikeOf(a).length || rank(b) - rank(a))
  if (!best) return readings[0]
  const alike = alikeOf(best)
  return {
    ...best,
    mrzRows: Math.max(...alike.map(({ mrzRows }) => mrzRows)),
    zone: voteMrz(
      alike.map(({ zone }) => zone),
      best.zone,
      today,
    ),
    viz: {
      lines: alike.flatMap(({ viz }) => viz.lines),
      placed: best.viz.placed,
      ms: readings.reduce((sum, { viz }) => sum + viz.ms, 0),
    },
    isMixed: withZone.some((other) => isSameMrz(best.zone, other.zone) === false),
  }
}
