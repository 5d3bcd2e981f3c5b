import type { Picture as Downloaded } from '@veridoor/jumio'
import { type Picture, ProviderError } from '../port.ts'

/** What a browser may be given as a picture: JPEG or PNG by their own first bytes, whatever the answer calls them. */
export const pictureOfSide = (side: Picture['side'], { bytes }: Downloaded): Picture => {
  const starts = (...marks: readonly number[]): boolean => marks.every((mark, index) => bytes[index] === mark)
  if (starts(0xff, 0xd8, 0xff)) return { side, contentType: 'image/jpeg', bytes }
  if (starts(0x89, 0x50, 0x4e, 0x47)) return { side, contentType: 'image/png', bytes }
  throw new ProviderError('bad_response', { retryable: false })
}
