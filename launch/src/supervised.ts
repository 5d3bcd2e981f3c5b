import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, fstatSync, openSync, readSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { StartError } from './start-refused.ts'

export type Part = {
  readonly name: string
  readonly entry: string
  readonly env: Record<string, string>
  /** Answers 200 once the part takes traffic. */
  readonly readyUrl: string
  readonly logFile: string
  /** Where the part's process id is written, for operators and their tools. */
  readonly pidFile: string
}

export type Supervised = { readonly pid: () => number | undefined; stop(): Promise<void> }

const READY_DEADLINE_MS = 60_000
const STOP_DEADLINE_MS = 15_000
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The last line of plain text that a part wrote before it gave up: it says in words what is wrong. */
const lastWords = (file: string): string => {
  try {
    const handle = openSync(file, 'r')
    const { size } = fstatSync(handle)
    const bytes = Buffer.alloc(Math.min(size, 4000))
    readSync(handle, bytes, 0, bytes.length, size - bytes.length)
    closeSync(handle)
    const plain = bytes
      .toString('utf8')
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('{') && !line.startsWith('    at '))
    return plain.at(-1) ?? ''
  } catch {
    return ''
  }
}

/**
 * Runs a process to its end.
 * @throws {StartError} with its last words, when it ends with another code than 0
 */
export const runOnce = (part: Pick<Part, 'name' | 'entry' | 'env' | 'logFile'>): Promise<void> =>
  new Promise((resolve, reject) => {
    const log = openSync(part.logFile, 'a', 0o600)
    const child = fork(part.entry, [], { env: part.env, stdio: ['ignore', log, log, 'ipc'] })
    closeSync(log)
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0
        ? resolve()
        : reject(new StartError(lastWords(part.logFile) || `${part.name} failed. Its log is ${part.logFile}.`)),
    )
  })

/**
 * Runs a part as a child until told to stop: waits for it to be ready, and starts it again when it ends by itself, with
 * growing gaps (0.2 s to 10 s).
 *
 * @throws {StartError} when the part ends before it was ready once, with its own last words
 */
export const supervise = async (part: Part, say: (line: string) => void): Promise<Supervised> => {
  let child: ChildProcess | undefined
  let stopping = false
  let wasReady = false
  let gapMs = 200

  const launch = (): ChildProcess => {
    const log = openSync(part.logFile, 'a', 0o600)
    const started = fork(part.entry, [], {
      env: part.env,
      // A small young generation keeps memory at rest down by half; these processes wait far more than they compute.
      execArgv: [
        '--max-semi-space-size=2',
        '--max-old-space-size=320',
        '--import',
        fileURLToPath(new URL('./leash.ts', import.meta.url)),
      ],
      stdio: ['ignore', log, log, 'ipc'],
      // A Ctrl-C in the terminal reaches the supervisor alone, which stops its parts in order.
      detached: true,
    })
    closeSync(log)
    writeFileSync(part.pidFile, JSON.stringify({ pid: started.pid }), { mode: 0o600 })
    const since = Date.now()
    started.once('exit', (code, signal) => {
      if (child === started) child = undefined
      if (stopping || !wasReady) return
      if (Date.now() - since > 30_000) gapMs = 200
      say(`${part.name} ended (${signal ?? code}). Starting it again …`)
      setTimeout(() => {
        if (!stopping) child = launch()
      }, gapMs)
      gapMs = Math.min(gapMs * 2, 10_000)
    })
    return started
  }

  child = launch()
  const deadline = Date.now() + READY_DEADLINE_MS
  while (!wasReady) {
    if (!child)
      throw new StartError(lastWords(part.logFile) || `${part.name} could not start. Its log is ${part.logFile}.`)
    if (Date.now() > deadline) {
      stopping = true
      child.kill('SIGKILL')
      throw new StartError(`${part.name} did not become ready within a minute. Its log is ${part.logFile}.`)
    }
    wasReady = await fetch(part.readyUrl, { signal: AbortSignal.timeout(2000) })
      .then((answer) => answer.ok)
      .catch(() => false)
    if (!wasReady) await sleep(60)
  }

  return {
    pid: () => child?.pid,
    async stop() {
      stopping = true
      const ending = child
      if (!ending) return
      const ended = new Promise<void>((resolve) => ending.once('exit', () => resolve()))
      ending.kill('SIGTERM')
      await Promise.race([ended, sleep(STOP_DEADLINE_MS)])
      if (ending.exitCode === null && ending.signalCode === null) ending.kill('SIGKILL')
    },
  }
}
