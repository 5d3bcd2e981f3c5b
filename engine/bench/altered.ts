import sharp from 'sharp'

/** Pixels between two characters of the zone on a specimen's page, and where its second line stands. */
const PITCH = 30.48
const LEFT = 76
const BASELINE = 968

/** A specimen passport's page of which the digit at a place of the second line was cut out, changed and put back. */
export const altered = async (page: Uint8Array, place: number, how: 'moved' | 'larger'): Promise<Uint8Array> => {
  const width = Math.round(PITCH)
  const height = 40
  const left = Math.round(LEFT + place * PITCH)
  const top = BASELINE - 32
  const digit = sharp(page).extract({ left, top, width, height })
  const scale = how === 'larger' ? 1.1 : 1
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) }
  const blank = { width, height: height + 8, channels: 3, background: '#f7f7f2' } as const
  return sharp(page)
    .composite([
      { input: await sharp({ create: blank }).png().toBuffer(), left, top: top - 4 },
      {
        input: await digit.resize(size).png().toBuffer(),
        left: left - ((size.width - width) >> 1),
        top: top + (how === 'moved' ? 2 : -3),
      },
    ])
    .png()
    .toBuffer()
}
