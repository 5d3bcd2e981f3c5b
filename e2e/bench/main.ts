import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEnginePool, type EnginePool } from '@veridoor/engine'
import { filmOf, pdfOf, personInMotion } from '@veridoor/engine/specimen'
import sharp from 'sharp'
import { fileWith, passportFile, pictures } from '../journeys/people.ts'
import { startTestStack } from '../journeys/test-stack.ts'
import { runSessions } from './sessions.ts'

/**
 * `npm run bench`: figures as JSON lines, with the machine's cores. Takes about six minutes. `npm run bench -- start verifier engine server`
 * runs the sections named (also `install`); `--no-install` leaves the fresh install out.
 */
const root = fileURLToPath(new URL('../..', import.meta.url))
const cores = availableParallelism()
const tell = (figure: string, values: Record<string, unknown>): void =>
  console.log(JSON.stringify({ figure, ...values, cores }))
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
const megabytes = (pid: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024)

const named = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const wants = (section: 'start' | 'verifier' | 'install' | 'engine' | 'server'): boolean =>
  named.length === 0 || named.includes(section)
const SESSIONS = 100

const front = readFileSync(await passportFile('bench'))
const selfie = await pictures.selfie()
const dataFolder = mkdtempSync(join(tmpdir(), 'veridoor-bench-'))
const readyMs: number[] = []
const starts = wants('start') ? ['first', 'second'] : wants('verifier') ? ['second'] : []
for (const start of starts) {
  const from = performance.now()
  const stack = await startTestStack({ VERIDOOR_DATA: dataFolder })
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
  if (start === 'second' && wants('verifier')) {
    const seconds = await runSessions(stack, { front, selfie }, SESSIONS)
    tell('verifier after sessions', {
      sessions: SESSIONS,
      megabytes: megabytes(JSON.parse(readFileSync(join(dataFolder, 'verifier.pid.json'), 'utf8')).pid),
      aimMegabytes: 150,
      seconds: Math.round(seconds),
    })
  }
  await stack.stop({ keep: start === 'first' })
}
rmSync(dataFolder, { recursive: true, force: true })

if (wants('install') && !process.argv.includes('--no-install')) {
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

if (wants('engine')) {
  const pool = createEnginePool({ workers: 1 })
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
    aimSeconds: 1.5,
  })
  // A passed movement check as the page sends it; then the document with the selfie and one of its frames.
  const challenge = ['centre', 'turn_right', 'look_up', 'turn_left', 'closer'] as const
  const frames = await filmOf(await personInMotion(selfie), challenge)
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
  const tellMemory = (pictures: string): void =>
    tell('engine worker memory', {
      pictures,
      peakMegabytes: Math.round(pool.peakRss() / 1_048_576),
      aimMegabytes: 800,
    })
  tellMemory('as the page sends them')
  // The largest that is taken: both sides with all their frames, and a scan.
  const large = (progressive: boolean): Promise<Buffer> =>
    sharp(front).resize(8_000, 6_000, { fit: 'fill' }).jpeg({ quality: 70, progressive }).toBuffer()
  const frame = await large(false)
  const scan = await large(true)
  const side = [scan, frame, frame, frame, frame]
  await pool.run('firstPage', { file: pdfOf({ jpeg: frame, width: 8_000, height: 6_000 }, { pages: 1 }) })
  await pool.run('assess', { front: side, back: side, selfie: scan, kind: 'ID_CARD' })
  tellMemory('the largest that are taken')

  /** Assessments a second, of workers that are warm alike: each has its models, and has run them often enough to be compiled. */
  const rate = async (workers: EnginePool, width: number): Promise<number> => {
    const run = (count: number) =>
      Promise.all(Array.from({ length: count }, () => workers.run('assess', { front, selfie })))
    for (let round = 0; round < 3; round += 1) await run(width)
    const from = performance.now()
    await run(24)
    return 24_000 / (performance.now() - from)
  }
  const one = await rate(pool, 1)
  await pool.close()
  const pair = createEnginePool({ workers: 2 })
  const two = await rate(pair, 2)
  await pair.close()
  tell('two workers against one', {
    oneWorkerASecond: Math.round(one * 100) / 100,
    twoWorkersASecond: Math.round(two * 100) / 100,
    times: Math.round((two / one) * 100) / 100,
    aimTimes: 1.6,
  })
  // Computing by itself, in a process without the pool's own work.
  const selfieFile = fileWith('bench-selfie.jpg', selfie)
  execFileSync(process.execPath, ['engine/bench/engine.ts', await passportFile('bench'), selfieFile], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  })
  execFileSync(process.execPath, ['engine/bench/barcode.ts', '60'], { cwd: root, stdio: 'inherit' })
}
if (wants('server')) {
  // The server's own figures come from a process of their own, without what was loaded here.
  execFileSync(process.execPath, ['--expose-gc', 'server/bench/notices.ts', '2000'], { cwd: root, stdio: 'inherit' })
  execFileSync(process.execPath, ['--expose-gc', 'server/bench/sign-in.ts', '200'], { cwd: root, stdio: 'inherit' })
}
