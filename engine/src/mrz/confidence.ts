import { ownModel, readText } from '../models.ts'
import type { ZoneReading } from './read-zone.ts'

/** Of the model's card: by how much confidence is to be tempered for print whose symbols stand less than this far apart. */
type Step = { readonly belowPitchPx?: number; readonly temperature: number }

let table: readonly Step[] | undefined
const steps = (): readonly Step[] => {
  table ??= (JSON.parse(readText(ownModel('mrz-ocrb.json'))) as { confidence: readonly Step[] }).confidence
  return table
}

/** A line's cut is 1.75 pitches high (`read-zone.ts`). */
const CUT_HEIGHT = 1.75

/**
 * What the net says of a symbol as the share of symbols that are right when it says so, for print of this size: temperature scaling
 * (Guo et al. 2017), fitted on lines that neither training nor the figures of the card saw.
 *
 * @param confidence 0 to 1, as the net says it
 * @param pitch distance of two symbols in the photograph, pixels
 */
export const temper = (confidence: number, pitch: number): number => {
  if (confidence <= 0 || confidence >= 1) return confidence
  const step = steps().find(({ belowPitchPx }) => belowPitchPx === undefined || pitch < belowPitchPx)
  return 1 / (1 + ((1 - confidence) / confidence) ** (1 / (step?.temperature ?? 1)))
}

/** A zone with confidences that are rates. Rows and cuts are found by what the net says itself; this is for what counts as sure. */
export const tempered = (zone: ZoneReading): ZoneReading => {
  const confidences = zone.confidences.map((line, index) =>
    line.map((confidence) => temper(confidence, (zone.slants[index]?.height ?? 0) / CUT_HEIGHT)),
  )
  return { ...zone, confidences, minConfidence: Math.min(...confidences.flat()) }
}
