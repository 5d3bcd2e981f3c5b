import type { CopyCheck, DocumentReading, DocumentSide } from '../findings.ts'
import type { DecodedPicture } from '../pictures/decode.ts'
import type { DocumentKind } from './kinds.ts'
import type { SideReading } from './sides/read-side.ts'
import type { Sides } from './sides/sides.ts'

/** Pictures of one side, at least one. */
export type Frames = readonly [DecodedPicture, ...DecodedPicture[]]

/** What a reader has to work with. */
export type ReadContext = {
  readonly pictures: { readonly front: Frames; readonly back?: Frames }
  readonly today: Date
  /** What the person said the document is. It decides which search is worth its time, never what was read. */
  readonly expected: DocumentKind | undefined
  /** MRZ and print of both sides. Read at the first call, for all readers that need it. */
  readonly sides: () => Promise<Sides>
}

/** A side as it was read: what copies are looked for in, where the portrait is, and where the page lies. */
export type ShownSide = Pick<SideReading, 'picture' | 'upright' | 'area'>

/** What a reader read, with the pictures it rests on. Every reader answers in this shape. */
export type Reading = Omit<DocumentReading, 'ms' | 'portraitWidth'> & {
  readonly sides: { readonly front: ShownSide; readonly back: ShownSide | null }
  /** The side with the MRZ; null where none was read. */
  readonly mrzSide: DocumentSide | null
  /** The side without the MRZ shows its values, so that a portrait there is of the same document. */
  readonly isOtherSideCorroborated: boolean
  readonly baselineShift: CopyCheck
}

/**
 * One way to read documents: by MRZ, by bar code, by the labels of the print. Readers are asked in the order of `readers`
 * (`index.ts`), and the first that answers counts.
 */
export type DocumentReader = {
  readonly id: string
  /** @returns null for documents of other readers */
  readonly read: (context: ReadContext) => Promise<Reading | null>
}
