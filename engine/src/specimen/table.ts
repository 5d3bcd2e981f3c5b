import sharp from 'sharp'
import { textPath } from './glyphs.ts'
import { between, pick, type Random } from './random.ts'

/** What a document lies on. All of it is drawn by rules; no picture of anybody's table. */
export const tables = ['plain', 'wood', 'cloth', 'stone'] as const
export type Table = (typeof tables)[number]

type Colour = readonly [red: number, green: number, blue: number]
const colours: Record<Table, readonly Colour[]> = {
  plain: [
    [70, 62, 52],
    [108, 90, 80],
    [190, 186, 178],
    [58, 66, 84],
  ],
  wood: [
    [122, 84, 52],
    [168, 128, 84],
    [78, 52, 36],
  ],
  cloth: [
    [96, 104, 122],
    [150, 58, 54],
    [196, 190, 172],
  ],
  stone: [
    [136, 134, 130],
    [84, 84, 88],
    [206, 202, 194],
  ],
}

/** Smooth noise, -1 to 1: random values on a grid, blended in between. */
const smoothNoise = (random: Random): ((x: number, y: number) => number) => {
  const SIDE = 64
  const grid = Float32Array.from({ length: SIDE * SIDE }, () => random() * 2 - 1)
  const cell = (x: number, y: number): number => grid[(y & (SIDE - 1)) * SIDE + (x & (SIDE - 1))] ?? 0
  const ease = (value: number): number => value * value * (3 - 2 * value)
  return (x, y) => {
    const x0 = Math.floor(x)
    const y0 = Math.floor(y)
    const fx = ease(x - x0)
    const fy = ease(y - y0)
    const top = cell(x0, y0) * (1 - fx) + cell(x0 + 1, y0) * fx
    const low = cell(x0, y0 + 1) * (1 - fx) + cell(x0 + 1, y0 + 1) * fx
    return top * (1 - fy) + low * fy
  }
}

/** How light the material is at a place, as a share of its colour: about 0.6 to 1.4. */
const grains: Record<Table, (x: number, y: number, noise: (x: number, y: number) => number) => number> = {
  plain: () => 1,
  wood: (x, y, noise) =>
    1 + 0.16 * Math.sin(y / 9 + 7 * noise(x / 180, y / 40)) + 0.1 * noise(x / 60, y / 3) + (y % 170 < 3 ? -0.4 : 0),
  cloth: (x, y, noise) =>
    1 + 0.12 * Math.sin(x * 1.4) + 0.12 * Math.sin(y * 1.4) + 0.1 * noise(x / 30, y / 30) + 0.12 * noise(x / 2, y / 2),
  stone: (x, y, noise) => 1 + 0.2 * noise(x / 40, y / 40) + 0.14 * noise(x / 9, y / 9) + 0.1 * noise(x / 2, y / 2),
}

const words = [
  'INVOICE',
  'Monday',
  'TOTAL 48,20',
  'Dear Sir',
  'NOTES',
  'call back',
  '17:30',
  'REF 20418',
  'Milk, bread',
]

/** Papers with writing on them, coins, a pen: what else lies there, often with text that is not the document's. */
const clutter = async (random: Random, width: number, height: number): Promise<string> => {
  const parts: string[] = []
  const unit = Math.max(width, height)
  for (let paper = 0; paper < 2 + random() * 3; paper += 1) {
    const w = unit * between(random, 0.15, 0.5)
    const h = unit * between(random, 0.1, 0.4)
    const shade = Math.round(between(random, 200, 250))
    const size = unit * between(random, 0.012, 0.03)
    const lines: string[] = []
    for (let y = size * 2; y < h - size; y += size * 1.7)
      lines.push(
        await textPath('sans', Array.from({ length: 5 }, () => pick(random, words)).join(' '), {
          x: size,
          y,
          size,
          fill: '#333333',
        }),
      )
    const place = `translate(${random() * width} ${random() * height}) rotate(${between(random, -50, 50)})`
    parts.push(
      `<g transform="${place}"><clipPath id="p${paper}"><rect width="${w}" height="${h}"/></clipPath><rect width="${w}" height="${h}" fill="rgb(${shade},${shade},${shade - 8})"/><g clip-path="url(#p${paper})">${lines.join('')}</g></g>`,
    )
  }
  for (let coin = 0; coin < random() * 4; coin += 1) {
    const r = unit * between(random, 0.015, 0.03)
    parts.push(
      `<circle cx="${random() * width}" cy="${random() * height}" r="${r}" fill="${pick(random, ['#b08d57', '#aaa9ad', '#c9a14a'])}" stroke="#5a4a30" stroke-width="${r * 0.12}"/>`,
    )
  }
  parts.push(
    `<g transform="translate(${random() * width} ${random() * height}) rotate(${random() * 360})"><rect width="${unit * 0.3}" height="${unit * 0.018}" rx="${unit * 0.009}" fill="${pick(random, ['#1b2a6b', '#222222', '#8a1c1c'])}"/></g>`,
  )
  return parts.join('')
}

/** A table seen from above, RGB, `width × height`. */
export const renderTable = async (
  random: Random,
  width: number,
  height: number,
  options: { table: Table; clutter: boolean },
): Promise<Buffer> => {
  const [red, green, blue] = pick(random, colours[options.table])
  const noise = smoothNoise(random)
  const grain = grains[options.table]
  // Half the size is enough for a texture, and a quarter of the work.
  const w = Math.ceil(width / 2)
  const h = Math.ceil(height / 2)
  const data = Buffer.alloc(w * h * 3)
  for (let y = 0; y < h; y += 1)
    for (let x = 0; x < w; x += 1) {
      const light = grain(x, y, noise)
      const at = (y * w + x) * 3
      data[at] = Math.max(0, Math.min(255, red * light))
      data[at + 1] = Math.max(0, Math.min(255, green * light))
      data[at + 2] = Math.max(0, Math.min(255, blue * light))
    }
  const cover = options.clutter
    ? [
        {
          input: Buffer.from(
            `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${await clutter(random, width, height)}</svg>`,
          ),
        },
      ]
    : []
  const large = await sharp(data, { raw: { width: w, height: h, channels: 3 } })
    .resize({ width, height, fit: 'fill' })
    .png({ compressionLevel: 0 })
    .toBuffer()
  return sharp(large).composite(cover).removeAlpha().raw().toBuffer()
}
