import type { Homography } from './homography.ts'

/** A decoded picture: RGB, interleaved, upright. */
export type Picture = { readonly data: Uint8Array; readonly width: number; readonly height: number }

/** A grey picture: a byte a pixel, row by row, 255 is white. */
export type Grey = {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
  /** The picture that this one was rendered from, and where its pixels lie there: lines are cut out of that, so that they are resampled only once. */
  readonly from?: { readonly grey: Grey; readonly toPicture: Homography }
}

/** Whether two pictures are the same one: a side that was sent as the other side, too. */
export const isSamePicture = (a: Picture, b: Picture): boolean =>
  a.width === b.width &&
  a.height === b.height &&
  Buffer.from(a.data.buffer, a.data.byteOffset, a.data.length).equals(b.data)
