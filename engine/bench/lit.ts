import sharp from 'sharp'

/**
 * A photograph in other light.
 * @param warmth gain of red, its inverse on blue: 1.2 is a lamp, 0.9 shade; it changes by a third from top to bottom, as beside a window
 * @param shadow share of the light that is missing at the right edge
 */
export const lit = async (photo: Uint8Array, warmth: number, shadow: number): Promise<Buffer> => {
  const { data, info } = await sharp(photo).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  for (let y = 0; y < info.height; y += 1) {
    const warm = 1 + (warmth - 1) * (0.85 + (0.3 * y) / info.height)
    for (let x = 0; x < info.width; x += 1) {
      const light = 1 - (shadow * x) / info.width
      const at = (y * info.width + x) * 3
      for (const [channel, gain] of [warm, 1, 1 / warm].entries())
        data[at + channel] = Math.min(255, (data[at + channel] ?? 0) * gain * light)
    }
  }
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
    .jpeg({ quality: 80 })
    .toBuffer()
}
