import sharp from 'sharp'

/** How a page was photographed. All of it is seeded and repeatable. */
export type Shot = {
  /** Width of the page in the photograph, pixels. */
  readonly width?: number
  /** Degrees, clockwise. */
  readonly turn?: number
  /** Standard deviation of the blur, pixels. */
  readonly blur?: number
  /** 0 to 1 across the page, where a blob of glare lies, and its radius as a share of the width. */
  readonly glare?: { readonly x: number; readonly y: number; readonly radius: number }
  readonly noise?: number
  readonly brightness?: number
  /** JPEG quality, 1 to 100. */
  readonly jpeg?: number
  readonly seed?: number
}

/** Small, seeded, and enough for noise: mulberry32. */
const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A photograph of a page lying on a table, as JPEG. */
export const photographed = async (page: Uint8Array, shot: Shot = {}): Promise<Buffer> => {
  const width = shot.width ?? 1300
  const random = seeded(shot.seed ?? 1)
  let image = sharp(page).resize({ width })
  const { height = 1 } = await sharp(await image.toBuffer()).metadata()
  if (shot.glare) {
    const { x, y, radius } = shot.glare
    const r = radius * width
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><radialGradient id="g"><stop offset="0" stop-color="#fff" stop-opacity="1"/><stop offset="0.55" stop-color="#fff" stop-opacity="0.95"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs><ellipse cx="${x * width}" cy="${y * height}" rx="${r}" ry="${r * 0.7}" fill="url(#g)"/></svg>`
    image = sharp(
      await image
        .composite([{ input: Buffer.from(svg) }])
        .png()
        .toBuffer(),
    )
  }
  const margin = Math.round(width * 0.06)
  const table = {
    r: 70 + Math.round(random() * 40),
    g: 62 + Math.round(random() * 30),
    b: 52 + Math.round(random() * 30),
  }
  const turned = await sharp(await image.png().toBuffer())
    .rotate(shot.turn ?? 0, { background: table })
    .extend({ top: margin, bottom: margin, left: margin, right: margin, background: table })
    .png()
    .toBuffer()
  let out = sharp(turned)
  if (shot.blur) out = out.blur(shot.blur)
  if (shot.brightness) out = out.modulate({ brightness: shot.brightness })
  const { data, info } = await out.removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const strength = shot.noise ?? 4
  for (let index = 0; index < data.length; index += 1)
    data[index] = Math.max(0, Math.min(255, (data[index] ?? 0) + (random() + random() - 1) * strength))
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
    .jpeg({ quality: shot.jpeg ?? 85 })
    .toBuffer()
}
