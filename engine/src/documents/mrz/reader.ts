import type { CopyCheck, DocumentSide, Fields, MrzFinding, Signal } from '../../findings.ts'
import { retakesOfQuality } from '../../pictures/quality.ts'
import { copies as copyLimits } from '../../thresholds.ts'
import { printedOnly } from '../labelled/read-labels.ts'
import type { DocumentReader, Reading } from '../reading.ts'
import { collapseFillers, type MrzReading, type SideReading } from '../sides/read-side.ts'
import {
  addSpecimenSigns,
  noRetake,
  READABLE_LINES,
  type Retake,
  retakeOf,
  type Sides,
  sidesOf,
} from '../sides/sides.ts'
import { type ReadFields, retakeableFields, toFields, unsureFields } from './fields.ts'
import { isWhole } from './read-mrz.ts'
import { isCenturyOlder, isCorroborated, showsAnotherSurname } from './shown.ts'

type Found = { readonly side: DocumentSide; readonly read: MrzReading }

/** The MRZ that counts: one whose check digits compute before another, the front's before the back's. */
const chooseMrz = (sides: Sides): Found | null => {
  const [best] = sidesOf(sides)
    .flatMap(([side, { zone }]) => (zone ? [{ side, read: zone }] : []))
    .sort((a, b) => Number(b.read.parsed.checkDigitsValid) - Number(a.read.parsed.checkDigitsValid))
  return best ?? null
}

const isSameDocument = (a: MrzReading, b: MrzReading): boolean =>
  a.parsed.values.number === b.parsed.values.number && a.parsed.values.lastName === b.parsed.values.lastName

/** Whether a character of the MRZ is shifted from its baseline. An MRZ that glare hides in part is not assessed. */
const baselineShiftOf = ({ baselineShift, zone }: SideReading): CopyCheck =>
  baselineShift && zone && isWhole(zone.zone)
    ? baselineShift.moved >= copyLimits.baselineShift
      ? 'found'
      : 'not_found'
    : 'not_assessed'

const findingOf = ({ zone, parsed, secondReadings, stable }: MrzReading): MrzFinding => {
  const agreed = zone.lines.every((line, index) =>
    (secondReadings[index] ?? []).map(collapseFillers).includes(collapseFillers(line)),
  )
  return {
    format: zone.layout.format,
    lines: zone.lines,
    checkDigits: parsed.checkDigits,
    checkDigitsValid: parsed.checkDigitsValid,
    agreed: agreed && stable.every(Boolean),
    minConfidence: Math.round(zone.minConfidence * 1000) / 1000,
  }
}

/** How the sides go with each other: which to take again, and whether they show two documents. */
const compareSides = (sides: Sides, { side, read }: Found, first: Retake): Retake & { disagree: boolean } => {
  const { front } = sides
  const other = side === 'back' ? front : sides.back
  if (other?.zone && isSameDocument(read, other.zone))
    // The same side twice: cards of three lines have their MRZ on the back, everything else in front.
    return { codes: ['wrong_page'], side: read.zone.layout.format === 'TD1' ? 'front' : 'back', disagree: false }
  if (!other?.zone && !(side === 'back' && !isCorroborated(front, read))) return { ...first, disagree: false }
  const isFrontClear = front.viz.lines.length >= READABLE_LINES && retakesOfQuality(front.quality).length === 0
  // Where both sides are clear no other picture of them makes one document of two.
  if (isFrontClear && read.parsed.checkDigitsValid && read.stable.every(Boolean)) return { ...noRetake, disagree: true }
  if (!isFrontClear && first.codes.length === 0) return { codes: retakeOf(front), side: 'front', disagree: true }
  return { ...first, disagree: true }
}

/**
 * Both readers look at the same pixels: what hides a stroke from one hides it from the other (glare makes an F of an E). No second
 * photograph is asked for because of it, since a page may print the name in other letters than the MRZ.
 */
const contradicted = (fields: Fields): Fields =>
  fields.lastName
    ? {
        ...fields,
        lastName: { ...fields.lastName, sure: false, unsure: [...(fields.lastName.unsure ?? []), 'sources_disagree'] },
      }
    : fields

const signalsOf = (sides: Sides, read: MrzReading, found: ReadFields, isContradicted: boolean): Set<Signal> => {
  const signals = new Set<Signal>(read.parsed.signals)
  addSpecimenSigns(signals, sides, read.parsed.values)
  if (unsureFields(read, found).length > 0) signals.add('single_reading')
  if (isContradicted || isCenturyOlder(sides, read.parsed.values)) signals.add('sources_disagree')
  if (sidesOf(sides).some(([, { isMixed }]) => isMixed)) signals.add('sides_disagree')
  return signals
}

const judge = (sides: Sides, mrz: Found): Reading => {
  const { side: mrzSide, read } = mrz
  const side = (mrzSide === 'back' && sides.back) || sides.front
  const other = mrzSide === 'back' ? sides.front : sides.back
  const found = toFields(read, mrzSide, sides)
  const isContradicted = sidesOf(sides).some(([, { viz }]) => showsAnotherSurname(viz, read.parsed.values))
  const signals = signalsOf(sides, read, found, isContradicted)
  const fields = isContradicted ? contradicted(found.fields) : found.fields
  const first = retakeableFields(read, found).length > 0 ? { codes: retakeOf(side), side: mrzSide } : noRetake
  const retake = compareSides(sides, mrz, first)
  if (retake.disagree) signals.add('sides_disagree')
  const baselineShift = baselineShiftOf(side)
  if (baselineShift === 'found') signals.add('mrz_baseline_shift')
  return {
    kind: read.parsed.kind,
    mrz: findingOf(read),
    fields: { ...printedOnly(sides, fields), ...fields },
    ...(found.absent.size > 0 ? { absent: [...found.absent] } : {}),
    ...(read.parsed.partialBirth ? { partialDateOfBirth: read.parsed.partialBirth } : {}),
    quality: side.quality,
    retake: retake.codes,
    ...(retake.codes.length > 0 ? { retakeSide: retake.side } : {}),
    signals: [...signals],
    baselineShift,
    sides,
    mrzSide,
    isOtherSideCorroborated: other !== null && isCorroborated(other, read),
  }
}

/**
 * Reads a document by its MRZ, on whichever side that is, confirmed by a second model and by the print of both sides. "All check
 * digits valid" is never the rule: they do not cover names, states or the document code, and wrong readings can compute.
 */
export const mrzReader: DocumentReader = {
  id: 'mrz',
  read: async (context) => {
    const sides = await context.sides()
    const mrz = chooseMrz(sides)
    return mrz && judge(sides, mrz)
  },
}
