import sharp from 'sharp'
import { hashPicture } from '../src/copies/picture-hash.ts'
import { screenPattern } from '../src/copies/screen.ts'
import type { CopyCheck } from '../src/findings.ts'
import { decodePicture } from '../src/pictures/decode.ts'
import { photographed, renderPassport, type Shot } from '../src/specimen/index.ts'
import { between, pick, seeded } from '../src/specimen/random.ts'
import { conditions } from './conditions.ts'
import { madeUp } from './persons.ts'
import { rate } from './report.ts'
import { sampleAt } from './run.ts'

/** Pixels of the screen by one pixel of the picture: the fewer, the better the camera tells them apart. */
const bands = [
  { says: '0.25 to 0.5', from: 0.25, to: 0.5 },
  { says: '0.5 to 0.7', from: 0.5, to: 0.7 },
  { says: '0.7 to 1.2', from: 0.7, to: 1.2 },
] as const

/** One photograph of a page on a screen, level or leaning a little, in focus. */
const screenShot = (seed: number, band: (typeof bands)[number]): Shot => {
  const random = seeded(seed)
  const width = Math.round(between(random, 1100, 1700))
  return {
    width,
    turn: between(random, -4, 4),
    tilt: { horizontal: between(random, -10, 10), vertical: between(random, -10, 10) },
    blur: between(random, 0.3, 0.7),
    noise: between(random, 2, 8),
    jpeg: Math.round(between(random, 70, 92)),
    screen: {
      pixels: Math.round(width * between(random, band.from, band.to)),
      layout: pick(random, ['stripes', 'dots']),
    },
    seed,
  }
}

const look = async (bytes: Uint8Array): Promise<CopyCheck> => screenPattern(bytes, await decodePicture(bytes))
const hashOf = async (bytes: Uint8Array): Promise<string> => (await hashPicture(await decodePicture(bytes))) ?? ''

/** How many of the 16 pieces of two hashes are equal, as the verifier counts them (decision 006). */
const shared = (a: string, b: string): number =>
  (a.match(/.{4}/g) ?? []).filter((piece, index) => piece === b.slice(index * 4, index * 4 + 4)).length

/** What people do to a picture before they send it once more. */
const changes: readonly (readonly [says: string, change: (bytes: Uint8Array) => Promise<Uint8Array>])[] = [
  ['saved again as JPEG of quality 60', (bytes) => sharp(bytes).jpeg({ quality: 60 }).toBuffer()],
  ['as JPEG of quality 35', (bytes) => sharp(bytes).jpeg({ quality: 35 }).toBuffer()],
  ['made 700 px wide', (bytes) => sharp(bytes).resize({ width: 700 }).jpeg({ quality: 75 }).toBuffer()],
  ['made lighter', (bytes) => sharp(bytes).linear(1.06, 4).jpeg({ quality: 80 }).toBuffer()],
  [
    'saved at quality 40, then made three quarters as large',
    async (bytes) => {
      const { data, info } = await sharp(bytes).jpeg({ quality: 40 }).toBuffer({ resolveWithObject: true })
      return sharp(data)
        .resize({ width: Math.round(info.width * 0.75) })
        .jpeg({ quality: 85 })
        .toBuffer()
    },
  ],
  ['turned by 1°', (bytes) => sharp(bytes).rotate(1).jpeg({ quality: 85 }).toBuffer()],
  [
    'cut by 3 % on each side',
    async (bytes) => {
      const { width, height } = await sharp(bytes).metadata()
      const left = Math.round(width * 0.03)
      const top = Math.round(height * 0.03)
      return sharp(bytes)
        .extract({ left, top, width: width - 2 * left, height: height - 2 * top })
        .jpeg({ quality: 85 })
        .toBuffer()
    },
  ],
]

const pairs = (hashes: readonly string[], least: number): { alike: number; all: number; most: number } => {
  const counts = hashes.flatMap((a, index) => hashes.slice(0, index).map((b) => shared(a, b)))
  return { alike: counts.filter((count) => count >= least).length, all: counts.length, most: Math.max(0, ...counts) }
}

/** Every so manieth photograph of paper is changed, and taken of a screen, too. */
const EVERY = 5
/** Pages of one layout that are compared with each other. */
const PAGES = 20

/** Pieces that make two pictures one, as in `verifier/src/session/picture-search.ts`. */
const SHARED = 6

/**
 * Signs of copies over the seeded set: false alarms on photographs of paper, what is found on simulated screens, and how alike the
 * hashes of pictures are.
 *
 * @param count photographs of paper; a fifth as many of each kind of screen
 * @param isOver asked before each photograph: what was measured until then is told
 */
export const measureCopies = async (
  count: number,
  seed: number,
  tell: (line: object) => void,
  isOver: () => boolean,
): Promise<{ section: string }> => {
  const drawn: string[] = []
  for (let index = 0; index < PAGES; index += 1)
    drawn.push(
      await hashOf(
        await renderPassport(madeUp(seeded(seed + index), 'latin', (last, first) => last.length + first.length < 36)),
      ),
    )
  const screens: { band: string; found: CopyCheck }[] = []
  const papers: { condition: string; found: CopyCheck }[] = []
  const originals: string[] = []
  const changed = new Map<string, number[]>()
  const times: number[] = []
  const saved: { found: CopyCheck }[] = []
  for (let index = 0; index < count && !isOver(); index += 1) {
    const { condition, kind, specimen, pictures } = sampleAt(seed, index)
    const { front, back } = await pictures()
    const [bytes = new Uint8Array()] = back ?? front
    const picture = await decodePicture(bytes)
    const before = process.cpuUsage()
    const found = await screenPattern(bytes, picture)
    const hash = (await hashPicture(picture)) ?? ''
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / 1000)
    papers.push({ condition: condition.id, found })
    originals.push(hash)
    if (index % EVERY === 0)
      for (const [says, change] of changes) {
        const again = await change(bytes)
        changed.set(says, [...(changed.get(says) ?? []), shared(hash, await hashOf(again))])
        saved.push({ found: await look(again) })
      }
    tell({ paper: index, condition: condition.id, found })
    if (index % EVERY !== 0) continue
    for (const [place, band] of bands.entries()) {
      const shot = screenShot(seed * 100_003 + index * 3 + place, band)
      const seen = await look(await photographed((await kind.render(specimen)).zone, shot))
      screens.push({ band: band.says, found: seen })
      tell({ screen: index, band: band.says, found: seen })
    }
  }
  times.sort((a, b) => a - b)

  const told = (list: readonly { found: CopyCheck }[], what: CopyCheck): string =>
    rate(list.filter(({ found }) => found === what).length, list.length)
  const paperRows = conditions.map(({ id }) => {
    const own = papers.filter(({ condition }) => condition === id)
    return `| ${id} | ${told(own, 'found')} | ${own.filter(({ found }) => found === 'not_assessed').length} |`
  })
  const screenRows = bands.map(({ says }) => {
    const own = screens.filter(({ band }) => band === says)
    return `| ${says} | ${told(own, 'found')} | ${own.filter(({ found }) => found === 'not_assessed').length} |`
  })
  const changeRows = [...changed].map(
    ([says, counts]) =>
      `| ${says} | ${rate(counts.filter((pieces) => pieces >= SHARED).length, counts.length)} | ${Math.min(...counts)} at least |`,
  )
  const photographs = pairs(originals, SHARED)
  const pages = pairs(drawn, SHARED)
  return {
    section: `${papers.length} photographs of paper (the conditions of the set above), ${screens.length} of simulated screens, seed ${seed}. Milliseconds of one core for the screen's pattern and one hash: median ${Math.round(times[times.length >> 1] ?? 0)}, 95 % below ${Math.round(times[Math.floor(times.length * 0.95)] ?? 0)}.

| on paper | called a screen | not assessed |
| --- | --- | --- |
| **all** | ${told(papers, 'found')} | ${papers.filter(({ found }) => found === 'not_assessed').length} |
${paperRows.join('\n')}
| every fifth of them, changed as below | ${told(saved, 'found')} | ${saved.filter(({ found }) => found === 'not_assessed').length} |

| screen's pixels by one of the picture | found | not assessed |
| --- | --- | --- |
${screenRows.join('\n')}

| the same picture | known again | pieces of 16 shared |
| --- | --- | --- |
${changeRows.join('\n')}

| different pictures | taken for one | pieces of 16 shared |
| --- | --- | --- |
| pairs of photographs of different documents | ${rate(photographs.alike, photographs.all)} | ${photographs.most} at most |
| pairs of passports of one layout, drawn, without photographs in them | ${rate(pages.alike, pages.all)} | ${pages.most} at most |`,
  }
}
