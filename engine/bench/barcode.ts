import { availableParallelism } from 'node:os'
import { readBarcode } from '../src/barcode/read-barcode.ts'
import { seededNumbers } from '../src/fuzz/mutate.ts'
import { decodePicture } from '../src/pictures/decode.ts'
import { photographed } from '../src/specimen/camera.ts'
import { licenceText, renderLicenceBack } from '../src/specimen/driving-licence.ts'

/** `node engine/bench/barcode.ts 200`: how many photographed licence backs are read, and how fast. JSON lines, as `npm run bench` prints them. */
const count = Number(process.argv[2] ?? 120)
const number = seededNumbers(417)
const specimen = {
  surname: 'Lovelace',
  givenNames: 'Ada Byron',
  number: 'T64235789',
  dateOfBirth: '1990-12-10',
  expiry: '2031-04-15',
  sex: 'F',
} as const
const back = await renderLicenceBack(specimen)
const wanted = licenceText(specimen)
const share = (part: number, whole: number): number => Math.round((part / Math.max(1, whole)) * 1000) / 1000
const middle = (values: number[], at = 0.5): number =>
  Math.round([...values].sort((a, b) => a - b)[Math.floor(values.length * at)] ?? 0)

for (const { condition, leans } of [
  { condition: 'turned up to 20 degrees both ways', leans: 0 },
  { condition: 'turned up to 20 degrees, leaned up to 12 degrees about both axes', leans: 12 },
]) {
  const ms: number[] = []
  let read = 0
  let wrong = 0
  for (let run = 0; run < count; run += 1) {
    const lean = (): number => number(2 * leans + 1) - leans
    const photo = await photographed(back, {
      turn: number(41) - 20,
      tilt: { horizontal: lean(), vertical: lean() },
      width: 900 + number(5) * 150,
      blur: 0.5 + number(4) * 0.25,
      jpeg: 85,
      seed: run,
    })
    const picture = await decodePicture(photo)
    const from = performance.now()
    const text = await readBarcode(picture)
    ms.push(performance.now() - from)
    if (text === wanted) read += 1
    else if (text !== null) wrong += 1
  }
  console.log(
    JSON.stringify({
      figure: 'PDF417',
      condition,
      photographs: count,
      read: share(read, count),
      aimRead: 0.9,
      wrong,
      medianMs: middle(ms),
      p90Ms: middle(ms, 0.9),
      aimMedianMs: 300,
      cores: availableParallelism(),
    }),
  )
}
