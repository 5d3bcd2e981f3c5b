import sharp from 'sharp'

/**
 * A card as a camera sees it that does not look straight down: leaned by two angles, turned in its plane, on a table.
 *
 * @param lean degrees about the horizontal and the vertical axis; the camera is 1.8 card widths away
 * @param turn degrees, clockwise
 * @param width of the card in the picture, pixels, at its middle
 */
export const tilted = async (
  page: Uint8Array,
  {
    turn,
    lean,
    width,
    blur,
    noise,
  }: { turn: number; lean: readonly [number, number]; width: number; blur: number; noise: (n: number) => number },
): Promise<Buffer> => {
  const { data, info } = await sharp(page)
    .resize({ width: Math.round(width * 1.2) })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const radians = (degrees: number): number => (degrees * Math.PI) / 180
  const [pitch, yaw, roll] = [radians(lean[0]), radians(lean[1]), radians(turn)]
  const distance = 1.8
  const side = Math.round(width * 1.25)
  const out = Buffer.alloc(side * side * 3, 0)
  // A ray through each pixel meets the card's plane: axes of the leaned card, its normal, and where along the ray it lies.
  const right = [Math.cos(yaw), 0, Math.sin(yaw)] as const
  const down = [-Math.sin(pitch) * Math.sin(yaw), Math.cos(pitch), Math.sin(pitch) * Math.cos(yaw)] as const
  const normal = [
    right[1] * down[2] - right[2] * down[1],
    right[2] * down[0] - right[0] * down[2],
    right[0] * down[1] - right[1] * down[0],
  ] as const
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1) {
      const px = (x - side / 2) / (width * distance)
      const py = (y - side / 2) / (width * distance)
      const rx = px * Math.cos(roll) + py * Math.sin(roll)
      const ry = -px * Math.sin(roll) + py * Math.cos(roll)
      const along = (distance * normal[2]) / (rx * normal[0] + ry * normal[1] + normal[2])
      const at = [rx * along, ry * along, along - distance] as const
      const u = (at[0] * right[0] + at[1] * right[1] + at[2] * right[2] + 0.5) * info.width - 0.5
      const v = (at[0] * down[0] + at[1] * down[1] + at[2] * down[2]) * info.width + info.height / 2 - 0.5
      const to = (y * side + x) * 3
      const isCard = u >= 0 && v >= 0 && u < info.width - 1 && v < info.height - 1
      const [u0, v0] = [Math.floor(u), Math.floor(v)]
      for (let channel = 0; channel < 3; channel += 1) {
        const of = (dx: number, dy: number): number => data[((v0 + dy) * info.width + u0 + dx) * 3 + channel] ?? 0
        const value = isCard
          ? (of(0, 0) * (1 - u + u0) + of(1, 0) * (u - u0)) * (1 - v + v0) +
            (of(0, 1) * (1 - u + u0) + of(1, 1) * (u - u0)) * (v - v0)
          : [84, 72, 60][channel]
        out[to + channel] = Math.max(0, Math.min(255, (value ?? 0) + noise(9) - 4))
      }
    }
  return sharp(out, { raw: { width: side, height: side, channels: 3 } })
    .blur(blur)
    .jpeg({ quality: 85 })
    .toBuffer()
}
