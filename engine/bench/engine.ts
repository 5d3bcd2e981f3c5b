import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { assess } from '../src/assess.ts'
import { readColumns } from '../src/documents/mrz/net.ts'
import { findBlock, findRows, readBlock } from '../src/documents/mrz/read-mrz.ts'
import { assessLiveness } from '../src/liveness/assess.ts'
import { decodePicture } from '../src/pictures/decode.ts'
import { toGrey } from '../src/pictures/quality.ts'
import { filmOf, personInMotion } from '../src/specimen/motion.ts'
import { detectText } from '../src/text/detect.ts'

// Computing of one core: time of the processor, which a busy machine does not stretch, beside the time on the clock.
// `node engine/bench/engine.ts <passport> <selfie> [runs]`
const [passportFile, selfieFile, runs = '9'] = process.argv.slice(2)
if (!passportFile || !selfieFile) throw new Error('name a picture of a passport and one of its holder')
const front = readFileSync(passportFile)
const selfie = readFileSync(selfieFile)
const cores = availableParallelism()
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
const rounded = (ms: number): number => Math.round(ms) / 1000

/** Medians in milliseconds, after one run that loads the models. */
const measure = async (run: () => Promise<unknown>): Promise<{ computing: number; clock: number }> => {
  await run()
  const computing: number[] = []
  const clock: number[] = []
  for (let count = 0; count < Number(runs); count += 1) {
    const cpu = process.cpuUsage()
    const from = performance.now()
    await run()
    clock.push(performance.now() - from)
    const { user, system } = process.cpuUsage(cpu)
    computing.push((user + system) / 1000)
  }
  return { computing: median(computing), clock: median(clock) }
}
const tell = (figure: string, values: Record<string, unknown>): void =>
  console.log(JSON.stringify({ figure, ...values, cores }))

const readZone = async () => {
  const picture = await decodePicture(front)
  const boxes = await detectText(picture)
  const grey = { data: toGrey(picture), width: picture.width, height: picture.height }
  const block = findBlock(await findRows(grey, boxes))
  const zone = await readBlock(grey, block)
  if (!zone) throw new Error('no MRZ was found')
  return { grey, zone }
}
const zone = await measure(readZone)
tell('MRZ alone', {
  run: 'decoding and detection included',
  computingSeconds: rounded(zone.computing),
  seconds: rounded(zone.clock),
  aimSeconds: 0.35,
})

const found = await readZone()
const lines = found.zone.slants
const TIMES = 20
const reading = await measure(async () => {
  for (let count = 0; count < TIMES; count += 1) for (const line of lines) await readColumns(found.grey, line)
})
tell('recogniser, one line', {
  computingMs: Math.round((reading.computing / TIMES / lines.length) * 100) / 100,
  ms: Math.round((reading.clock / TIMES / lines.length) * 100) / 100,
  aimMs: 3,
})

const whole = await measure(async () => {
  const { verdict } = await assess({ front, selfie })
  if (verdict !== 'pass') throw new Error(`the bench's person did not pass: ${verdict}`)
})
tell('passport and selfie', {
  run: 'computing',
  computingSeconds: rounded(whole.computing),
  seconds: rounded(whole.clock),
  aimSeconds: 1.5,
})

const challenge = ['centre', 'turn_right', 'look_up', 'turn_left', 'closer'] as const
const frames = await filmOf(await personInMotion(selfie), challenge)
const movement = await measure(async () => {
  const { verdict, straight } = await assessLiveness({ challenge, frames, selfie })
  const live = frames[straight ?? -1]?.picture
  if (verdict !== 'passed' || !live) throw new Error(`the bench's person did not move: ${verdict}`)
  await assess({ front, selfie, live })
})
tell('passport and selfie with liveness', {
  run: 'computing',
  frames: frames.length,
  computingSeconds: rounded(movement.computing),
  seconds: rounded(movement.clock),
  aimSeconds: 1.5,
})
