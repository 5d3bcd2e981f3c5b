import { parseZone } from './mrz/parse.ts'
import { isWhole, type ZoneReading } from './mrz/read-zone.ts'
import type { ReadZone, SideReading } from './read-side.ts'

type Seen = { readonly letter: string; readonly confidence: number }

/**
 * One symbol by vote. Each reading counts by the square of its confidence, so that two clear ones outweigh one under glare; the
 * confidence of the winner shrinks by the share of those that saw something else.
 */
export const voteSymbol = (seen: readonly Seen[]): Seen => {
  const weights = new Map<string, number>()
  for (const { letter, confidence } of seen) weights.set(letter, (weights.get(letter) ?? 0) + confidence ** 2)
  const [[letter, weight] = ['<', 0]] = [...weights].sort((a, b) => b[1] - a[1])
  const all = [...weights.values()].reduce((sum, one) => sum + one, 0)
  const best = Math.max(...seen.filter((symbol) => symbol.letter === letter).map(({ confidence }) => confidence), 0)
  return { letter, confidence: all === 0 ? 0 : (best * weight) / all }
}

/** Readings of the zone in several pictures as one: symbol by symbol by vote, the second reader's of all of them. */
const voteZone = (zones: readonly ReadZone[], best: ReadZone, today: Date): ReadZone => {
  const alike = zones.filter(({ zone }) => zone.layout === best.zone.layout)
  const voted = best.zone.lines.map((line, index) =>
    [...line].map((_, column) =>
      voteSymbol(
        alike.map(({ zone }) => ({
          letter: zone.lines[index]?.charAt(column) ?? '<',
          confidence: zone.confidences[index]?.[column] ?? 0,
        })),
      ),
    ),
  )
  const lines = voted.map((line) => line.map(({ letter }) => letter).join(''))
  const confidences = voted.map((line) => line.map(({ confidence }) => confidence))
  // A line counts as whole, or as locked, by a picture in which it reads as it was voted.
  const byOne = (flags: (one: ReadZone) => readonly boolean[]): boolean[] =>
    lines.map((line, index) => alike.some((one) => one.zone.lines[index] === line && flags(one)[index] === true))
  const zone: ZoneReading = {
    ...best.zone,
    lines,
    confidences,
    whole: byOne((one) => one.zone.whole),
    minConfidence: Math.min(...confidences.flat()),
  }
  return {
    zone,
    parsed: parseZone(zone.layout, lines, today),
    again: lines.map((_, index) => alike.flatMap(({ again }) => again[index] ?? [])),
    locked: byOne((one) => one.locked),
  }
}

/** The clearest of the readings: valid zone before another, whole before cut, then by the least sure symbol; without zones the sharpest. */
const rank = ({ zone, quality }: SideReading): number =>
  zone
    ? 10 + Number(zone.parsed.checkDigitsValid) * 4 + Number(isWhole(zone.zone)) * 2 + zone.zone.minConfidence
    : quality.sharpness / (1 + quality.sharpness)

/**
 * Several pictures of one side as one reading. A vote may make a zone whole that glare hid in parts, each time another one; a field
 * is sure by it only as by one picture: a second, independent reading must agree.
 */
export const voteSide = (readings: readonly [SideReading, ...SideReading[]], today: Date): SideReading => {
  const zones = readings.flatMap(({ zone }) => zone ?? [])
  // Glare may make one picture's zone look like another layout's: most pictures tell which it is, then the clearest.
  const alike = ({ zone }: SideReading): number =>
    zones.filter((other) => other.zone.layout === zone?.zone.layout).length
  const [best = readings[0]] = [...readings].sort((a, b) => alike(b) - alike(a) || rank(b) - rank(a))
  if (readings.length === 1) return best
  return {
    ...best,
    zoneRows: Math.max(...readings.map(({ zoneRows }) => zoneRows)),
    zone: best.zone ? voteZone(zones, best.zone, today) : null,
    visual: {
      lines: readings.flatMap(({ visual }) => visual.lines),
      placed: best.visual.placed,
      ms: readings.reduce((sum, { visual }) => sum + visual.ms, 0),
    },
  }
}
