import type { Signal } from '../../findings.ts'
import { retakesOfQuality } from '../../pictures/quality.ts'
import { mayLackMrz } from '../kinds.ts'
import type { DocumentReader, ReadContext, Reading } from '../reading.ts'
import {
  addSpecimenSigns,
  DOCUMENT_LINES,
  isClearSide,
  isSamePage,
  noRetake,
  READABLE_LINES,
  type Retake,
  retakeOf,
  type Sides,
  sidesOf,
} from '../sides/sides.ts'
import { printedOnly, saysIdCard, saysLicence } from './read-labels.ts'

/** Which picture to take again: one without a document, one that shows part of an MRZ, one that is bad, else the last. */
const retakeWithoutMrz = (sides: Sides): Retake => {
  const all = sidesOf(sides)
  const chosen =
    all.find(([, { boxes }]) => boxes < DOCUMENT_LINES) ??
    all.find(([, { mrzRows }]) => mrzRows > 0) ??
    all.find(([, { quality }]) => retakesOfQuality(quality).length > 0) ??
    all.at(-1)
  return chosen ? { codes: retakeOf(chosen[1]), side: chosen[0] } : noRetake
}

/**
 * Whether the pictures were read as well as they can be: both sides of a kind that may have no MRZ, sharp and light and full of
 * print, and no line that looks like one. What is not understood then is the layout, and another picture has the same.
 */
const isReadOut = (sides: Sides, { expected, pictures }: ReadContext): boolean =>
  mayLackMrz(expected) &&
  pictures.back !== undefined &&
  !isSamePage(sides) &&
  sidesOf(sides).every(([, side]) => side.mrzRows === 0 && isClearSide(side)) &&
  sidesOf(sides).some(([, { viz }]) => viz.lines.length >= READABLE_LINES)

const judge = (sides: Sides, context: ReadContext): Reading => {
  const { front, back } = sides
  const printed = printedOnly(sides, {})
  const signals = new Set<Signal>()
  addSpecimenSigns(signals, sides, { lastName: printed.lastName?.value, firstName: printed.firstName?.value })
  const isCard = sidesOf(sides).some(([, { viz }]) => saysIdCard(viz))
  // A licence whose bar code was not read, or that has none: nothing on it can be confirmed, and no other picture of it helps.
  const isSame = back !== null && isSamePage(sides)
  const isLicence = !isCard && !isSame && saysLicence(front.viz)
  const isClear = sidesOf(sides).every(([, side]) => side.mrzRows === 0 && isClearSide(side))
  const namesPerson = printed.lastName !== undefined && (printed.number ?? printed.dateOfBirth) !== undefined
  const isPlainCard = isCard && isClear && namesPerson && !isSame
  const isUnknownLayout = !isLicence && !isPlainCard && isReadOut(sides, context)
  // One picture, or two of one side: whatever the document is, its other side is missing.
  const retakeOfCard = (): Retake =>
    isSame && isClear ? { codes: ['wrong_page'], side: 'back' } : retakeWithoutMrz(sides)
  const retake: Retake = isLicence
    ? { codes: ['document_unsupported'], side: 'front' }
    : isPlainCard || isUnknownLayout
      ? noRetake
      : retakeOfCard()
  if (isPlainCard || isUnknownLayout) signals.add('no_mrz')
  return {
    kind: isLicence ? 'DRIVING_LICENSE' : isPlainCard || (isUnknownLayout && isCard) ? 'ID_CARD' : null,
    mrz: null,
    fields: isPlainCard || isUnknownLayout ? printed : {},
    quality: front.quality,
    retake: retake.codes,
    ...(retake.codes.length > 0 ? { retakeSide: retake.side } : {}),
    signals: [...signals],
    baselineShift: 'not_assessed',
    sides,
    mrzSide: null,
    isOtherSideCorroborated: false,
  }
}

/** Reads a document by the labels of its print: one reading, never sure. The last reader: it answers for every document. */
export const labelledReader: DocumentReader = {
  id: 'labelled',
  read: async (context) => judge(await context.sides(), context),
}
