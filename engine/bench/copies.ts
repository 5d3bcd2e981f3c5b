import sharp from 'sharp'
import { colourSpread } from '../src/copies/colour.ts'
import { seededNumbers } from '../src/fuzz/mutate.ts'
import { decodePicture } from '../src/pictures/decode.ts'
import { photographed } from '../src/specimen/camera.ts'
import { renderLicenceFront } from '../src/specimen/driving-licence.ts'
import { renderPassport } from '../src/specimen/passport.ts'
import { copies } from '../src/thresholds.ts'
import { lit } from './lit.ts'

/** `node engine/bench/copies.ts 60`: how often a page in colour is called a copy, and how often a copy in black and white is found. */
const count = Number(process.argv[2] ?? 60)
const number = seededNumbers(404)
const person = {
  surname: 'Lovelace',
  givenNames: 'Ada',
  number: 'L898902C3',
  dateOfBirth: '1990-12-10',
  expiry: '2031-04-15',
  sex: 'F',
} as const
const pages = [await renderPassport(person), await renderLicenceFront(person)]
const copied = await Promise.all(pages.map((page) => sharp(page).greyscale().toColourspace('srgb').png().toBuffer()))

for (const [what, kinds] of [
  ['page in colour called a copy', pages],
  ['copy in black and white found', copied],
] as const) {
  const spreads: number[] = []
  for (let run = 0; run < count; run += 1) {
    const photo = await photographed(kinds[run % kinds.length] ?? new Uint8Array(), {
      width: 700 + number(700),
      turn: number(13) - 6,
      blur: number(3) * 0.6,
      noise: 4 + number(12),
      brightness: 0.7 + number(4) * 0.1,
      jpeg: 50 + number(45),
      seed: run + 1,
    })
    const inLight = await lit(photo, 1 + (number(30) - 10) / 100, number(45) / 100)
    const spread = await colourSpread(await decodePicture(inLight))
    if (!Number.isNaN(spread)) spreads.push(spread)
  }
  const called = spreads.filter((spread) => spread < copies.colourSpread).length
  const round = (value: number): number => Math.round(value * 1000) / 1000
  console.log(
    JSON.stringify({
      figure: 'copies',
      what,
      photographs: count,
      assessed: spreads.length,
      share: round(called / Math.max(1, count)),
      smallest: round(Math.min(...spreads)),
      largest: round(Math.max(...spreads)),
      limit: copies.colourSpread,
    }),
  )
}
