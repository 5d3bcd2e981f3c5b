import { sampleAt } from '../accuracy/run.ts'
import { type BaselineShift, measureBaselineShift } from '../src/copies/baseline-shift.ts'
import { readSide } from '../src/documents/sides/read-side.ts'
import { decodePicture } from '../src/pictures/decode.ts'
import { toGrey } from '../src/pictures/quality.ts'
import { photographed, renderPassport } from '../src/specimen/index.ts'
import { seeded } from '../src/specimen/random.ts'
import { altered } from './altered.ts'

/**
 * `node engine/bench/baseline-shift.ts 28`: how far characters of an MRZ stand above or below their line, on pages as they were printed
 * and on passports of which one digit was moved down by 5 % of its height or made a tenth larger. It tells why the engine does not
 * assess this (docs/guides/verifier.md): what is printed and what was altered overlap, and the set knows one cut of OCR-B.
 */
const count = Number(process.argv[2] ?? 28)
const SEED = 5
const measure = async (photo: Uint8Array): Promise<BaselineShift | null> => {
  const { zone, upright } = await readSide(await decodePicture(photo), new Date('2026-11-25'))
  if (!zone || zone.zone.slants.some(({ angle }) => Math.abs(angle) > Math.PI / 4)) return null
  const grey = { data: toGrey(upright), width: upright.width, height: upright.height }
  return measureBaselineShift(grey, zone.zone.slants, zone.zone.lines)
}

const ways = ['printed', 'moved', 'larger'] as const
for (const what of ways) {
  const found: (BaselineShift & { condition: string })[] = []
  for (let index = 0; index < count; index += 1) {
    const { condition, kind, specimen, pictures } = sampleAt(SEED, index)
    let photos: readonly Uint8Array[] = []
    if (what === 'printed') {
      const { front, back } = await pictures()
      photos = back ?? front
    } else {
      const page = await altered(await renderPassport(specimen), [13, 15, 21, 24][index % 4] ?? 13, what)
      const [shot] = condition.shots(seeded(index + 1), kind)
      photos = [await photographed(page, shot)]
    }
    const off = await measure(photos[0] ?? new Uint8Array())
    if (off) found.push({ condition: condition.id, ...off })
  }
  for (const sign of ['moved', 'larger'] as const) {
    const sorted = [...found].sort((a, b) => a[sign] - b[sign])
    const tell = (one: (typeof found)[number] | undefined) => one && `${one[sign].toFixed(3)} ${one.condition}`
    console.log(
      JSON.stringify({
        figure: 'baseline-shift',
        pages: what,
        sign,
        photographs: count,
        measured: found.length,
        smallest: sorted.slice(0, 6).map(tell),
        median: tell(sorted[sorted.length >> 1]),
        largest: sorted.slice(-6).map(tell),
      }),
    )
  }
}
