import type { DocumentSide, RetakeCode, Signal } from '../../findings.ts'
import { isSamePicture } from '../../pictures/picture.ts'
import { retakesOfQuality } from '../../pictures/quality.ts'
import { specimenSign } from '../../viz/specimen-words.ts'
import type { SideReading } from './read-side.ts'

/** Both sides of a document as they were read; `back` is null where none was sent. */
export type Sides = { readonly front: SideReading; readonly back: SideReading | null }

/** The sides that there are, each with its name, the front first. */
export const sidesOf = ({ front, back }: Sides): [DocumentSide, SideReading][] =>
  back
    ? [
        ['front', front],
        ['back', back],
      ]
    : [['front', front]]

/** A page with fewer lines of text shows no document. */
export const DOCUMENT_LINES = 4
/** A page with fewer readable lines tells nothing about the document. */
export const READABLE_LINES = 6

/** What is wrong with the pictures, and of which side. */
export type Retake = { readonly codes: readonly RetakeCode[]; readonly side: DocumentSide }
export const noRetake: Retake = { codes: [], side: 'front' }

/** Why a side could not be read. */
export const retakeOf = (side: SideReading): RetakeCode[] => {
  const faults = retakesOfQuality(side.quality)
  if (faults.length > 0) return faults
  return [side.boxes < DOCUMENT_LINES && !side.zone ? 'no_document' : 'data_unreadable']
}

/** A sharp and light picture with enough text. */
export const isClearSide = ({ boxes, quality }: SideReading): boolean =>
  boxes >= DOCUMENT_LINES && retakesOfQuality(quality).length === 0

/** Whether both pictures show the same side: they are one picture, or most lines of the one are lines of the other. */
export const isSamePage = ({ front, back }: Sides): boolean => {
  if (!back) return false
  if (isSamePicture(front.picture, back.picture)) return true
  if (back.viz.lines.length < READABLE_LINES) return false
  const seen = new Set(front.viz.lines)
  return back.viz.lines.filter((line) => seen.has(line)).length > back.viz.lines.length * 0.6
}

/** What the sides say of themselves. Of a specimen nothing else needs to be told. */
export const addSpecimenSigns = (
  signals: Set<Signal>,
  sides: Sides,
  { lastName = '', firstName = '' }: { lastName?: string | undefined; firstName?: string | undefined },
): void => {
  const said = sidesOf(sides).map(([, { viz }]) => specimenSign(viz, [lastName, firstName]))
  if (signals.has('specimen') || said.includes('specimen')) signals.add('specimen')
  else if (said.includes('says_sample')) signals.add('says_sample')
}
