import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEnginePool } from '@veridoor/engine'
import { personInMotion, poseOf } from '@veridoor/engine/specimen'
import { startHouse } from '../journeys/house.ts'
import { passportFile, pictures } from '../journeys/people.ts'

/** `npm run bench`: figures as JSON lines, with the machine's cores. Takes about two minutes; `--no-install` leaves the fresh install out. */
const root = fileURLToPath(new URL('../..', import.meta.url))
const cores = availableParallelism()
const tell = (figure: string, values: Record<string, unknown>): void =>
  console.log(JSON.stringify({ figure, ...values, cores }))
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
const megabytes = (pid: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024)

const dataFolder = mkdtempSync(join(tmpdir(), 'veridoor-bench-'))
const readyMs: number[] = []
for (const start of ['first', 'second']) {
  const from = performance.now()
  const house = await startHouse({ VERIDOOR_DATA: dataFolder })
  readyMs.push(performance.now() - from)
  tell('start to ready', { start, install: 'excluded', seconds: Math.round((readyMs.at(-1) ?? 0) / 10) / 100 })
  if (start === 'second') {
    await new Promise((resolve) => setTimeout(resolve, 3000))
    for (const part of ['server', 'verifier'])
      tell('memory at rest', {
        process: part,
        megabytes: megabytes(JSON.parse(readFileSync(join(dataFolder, `${part}.pid.json`), 'utf8')).pid),
        aimMegabytes: 150,
      })
  }
  await house.stop({ keep: start === 'first' })
}
rmSync(dataFolder, { recursive: true, force: true })

if (!process.argv.includes('--no-install')) {
  const clone = mkdtempSync(join(tmpdir(), 'veridoor-clone-'))
  const cache = mkdtempSync(join(tmpdir(), 'veridoor-npm-'))
  execFileSync('git', ['clone', '--quiet', root, clone])
  const from = performance.now()
  execFileSync('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error', `--cache=${cache}`], {
    cwd: clone,
    stdio: 'ignore',
  })
  tell('install', { cache: 'empty', seconds: Math.round((performance.now() - from) / 10) / 100 })
  for (const folder of [clone, cache]) rmSync(folder, { recursive: true, force: true })
}

const pool = createEnginePool({ workers: 1 })
const front = readFileSync(await passportFile('bench'))
const selfie = await pictures.selfie()
const assessMs: number[] = []
for (let run = 0; run < 8; run += 1) {
  const from = performance.now()
  const { verdict } = await pool.run('assess', { front, selfie })
  if (verdict !== 'pass') throw new Error(`the bench's person did not pass: ${verdict}`)
  assessMs.push(performance.now() - from)
}
tell('passport and selfie', {
  run: 'first, models loaded on demand',
  seconds: Math.round((assessMs[0] ?? 0) / 10) / 100,
})
tell('passport and selfie', {
  run: 'median of 7, one worker',
  seconds: Math.round(median(assessMs.slice(1)) / 10) / 100,
  aimSeconds: 2.5,
})
// A passed movement check as the page sends it: five steps of eighteen frames; then the document with the selfie and one of them.
const person = await personInMotion(selfie)
const challenge = ['centre', 'turn_right', 'look_up', 'turn_left', 'closer'] as const
const frames: { step: number; atMs: number; picture: Buffer }[] = []
for (const [step, movement] of challenge.entries())
  for (let n = 0; n < 18; n += 1) {
    const pose = poseOf(movement, Math.max(0, Math.min(1, n * 0.2 - 0.4, 3 - n * 0.2)))
    const trembling = {
      ...pose,
      turn: (pose.turn ?? 0) + Math.sin(frames.length),
      lift: (pose.lift ?? 0) + Math.cos(frames.length),
    }
    frames.push({ step, atMs: frames.length * 200, picture: await person.frame(trembling) })
  }
const movementMs: number[] = []
for (let run = 0; run < 8; run += 1) {
  const from = performance.now()
  const { verdict, straight } = await pool.run('liveness', { challenge, frames, selfie })
  const live = frames[straight ?? -1]?.picture
  if (verdict !== 'passed' || !live) throw new Error(`the bench's person did not move: ${verdict}`)
  await pool.run('assess', { front, selfie, live })
  movementMs.push(performance.now() - from)
}
tell('passport and selfie with liveness', {
  run: 'median of 7, one worker',
  seconds: Math.round(median(movementMs.slice(1)) / 10) / 100,
  aimSeconds: 1.5,
})
// The server's own figures come from a process of their own, without what was loaded here.
execFileSync(process.execPath, ['--expose-gc', 'server/bench/notices.ts', '2000'], { cwd: root, stdio: 'inherit' })
execFileSync(process.execPath, ['--expose-gc', 'server/bench/sign-in.ts', '200'], { cwd: root, stdio: 'inherit' })
execFileSync(process.execPath, ['engine/bench/barcode.ts', '60'], { cwd: root, stdio: 'inherit' })
tell('engine worker memory', { peakMegabytes: Math.round(pool.peakRss() / 1_048_576), aimMegabytes: 1024 })
await pool.close()
