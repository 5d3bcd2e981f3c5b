import { ownModel, readText } from '../../models.ts'
import type { MrzText } from './read-mrz.ts'

let temperature: number | undefined
const temperatureOfModel = (): number => {
  temperature ??= (JSON.parse(readText(ownModel('mrz-ocrb.json'))) as { confidence: { temperature: number } })
    .confidence.temperature
  return temperature
}

/**
 * What the net says of a character as the share of characters that are right when it says so: temperature scaling (Guo et al. 2017), fitted
 * for readings averaged over cuts. `models/CARD.md` says how, and why print of all sizes has the same.
 *
 * @param confidence 0 to 1, as the net says it
 */
export const calibrate = (confidence: number): number =>
  confidence <= 0 || confidence >= 1
    ? confidence
    : 1 / (1 + ((1 - confidence) / confidence) ** (1 / temperatureOfModel()))

/** A zone with confidences that are rates. Rows and cuts are found by what the net says itself; this is for what counts as sure. */
export const calibrated = (zone: MrzText): MrzText => {
  const confidences = zone.confidences.map((line) => line.map(calibrate))
  return { ...zone, confidences, minConfidence: Math.min(...confidences.flat()) }
}
