import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { EngineError, type EngineErrorCode } from './errors.ts'
import type { Answer, JobName, Jobs, Request } from './jobs.ts'
import type { FaceLimits } from './thresholds.ts'

/** Limits of a pool; what is left out gets the default of `createEnginePool`. */
export type PoolOptions = {
  /** Processes at most; one core each. */
  readonly workers?: number
  /** Jobs of each line, the urgent and the others, that may wait; more are refused with `busy`. */
  readonly queue?: number
  /** Milliseconds a job may take, from when a worker has it, before its worker is ended. */
  readonly timeoutMs?: number
  /** Bytes of memory above which a worker is replaced after its job. */
  readonly maxRss?: number
  /** Jobs after which a worker is replaced. */
  readonly maxJobs?: number
  /** Milliseconds without work after which a worker goes. */
  readonly idleMs?: number
  /** Milliseconds at least between two workers replaced because they failed: no row of poisoned pictures keeps workers starting. */
  readonly faultMs?: number
  /** Where faces are one person's, where they are not the usual ones. */
  readonly faceLimits?: FaceLimits
}

type RunOptions = {
  /** Milliseconds the job may take, from when a worker has it. */
  readonly timeoutMs?: number
  /** Milliseconds the job may wait for a worker; then it is refused with `busy` and never runs. Without it, it waits. */
  readonly waitMs?: number
  /** A person waits for it: it goes before the others, except that every fifth job is one of those. */
  readonly urgent?: boolean
}

/** Runs jobs of the engine, each in a process of its own. `close` ends all workers and rejects jobs that wait or run with `busy`. */
export type EnginePool = {
  /**
   * Runs a job in a worker process. A poisoned picture ends one job, not the service. Each line is first come, first served.
   * @throws {EngineError} busy, timeout, worker_lost, or the job's own fault
   * @throws {Error} where the engine failed in a way that no code names
   */
  run<N extends JobName>(name: N, input: Jobs[N]['input'], options?: RunOptions): Promise<Jobs[N]['output']>
  /** Jobs that wait for a worker. */
  readonly waiting: () => number
  /** The most memory that a worker ever held, in the middle of a job too, bytes. Unknown of workers that were lost. */
  readonly peakRss: () => number
  close(): Promise<void>
}

type Job = {
  readonly request: Request
  readonly timeoutMs: number
  readonly resolve: (output: never) => void
  readonly reject: (error: Error) => void
  patience: NodeJS.Timeout | undefined
}
type Worker = {
  child: WorkerProcess
  job: Job | undefined
  timer: NodeJS.Timeout | undefined
  idle: NodeJS.Timeout | undefined
  jobs: number
  rss: number
  /** It answered with an internal error, so its memory may be corrupt. */
  isDoubtful: boolean
}

/** What the pool needs of a worker's process. */
export type WorkerProcess = {
  send(request: Request): unknown
  kill(signal: 'SIGKILL'): unknown
  on(event: 'message', heard: (answer: Answer) => void): unknown
  on(event: 'exit' | 'error', heard: () => void): unknown
}

/** Urgent jobs in a row that go before a waiting other one. */
const URGENT_FIRST = 4

const startWorker = (faceLimits: FaceLimits | undefined): WorkerProcess =>
  fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), faceLimits ? [JSON.stringify(faceLimits)] : [], {
    serialization: 'advanced',
    // One core each, garbage collection included: helper threads of two workers would compete.
    execArgv: ['--max-old-space-size=512', '--single-threaded-gc'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: process.env.NODE_ENV,
      OMP_NUM_THREADS: '1',
      // Of glibc: each thread's own heap keeps what large pictures took. Two heaps hold 140 MB less, and cost no time.
      MALLOC_ARENA_MAX: '2',
    },
  })

const errorOf = (code: string): Error =>
  code === 'fault' ? new Error('the engine failed') : new EngineError(code as EngineErrorCode)

/** A pool of engine workers in processes of their own; the parent loads no model and no picture library. */
export const createEnginePool = (
  options: PoolOptions = {},
  start: () => WorkerProcess = () => startWorker(options.faceLimits),
): EnginePool => {
  const limits = {
    workers: 1,
    queue: 50,
    timeoutMs: 60_000,
    maxRss: 1_200_000_000,
    maxJobs: 500,
    idleMs: 300_000,
    faultMs: 60_000,
    ...options,
  }
  const workers = new Set<Worker>()
  const urgent: Job[] = []
  const others: Job[] = []
  let urgentInRow = 0
  let replacedAt = Number.NEGATIVE_INFINITY
  let serial = 0
  let peak = 0
  let closed = false

  const drop = (worker: Worker): void => {
    workers.delete(worker)
    clearTimeout(worker.timer)
    clearTimeout(worker.idle)
    worker.child.kill('SIGKILL')
  }

  const finish = (worker: Worker, settle: (job: Job) => void): void => {
    const { job } = worker
    clearTimeout(worker.timer)
    worker.job = undefined
    if (job) settle(job)
  }

  const give = (worker: Worker, job: Job): void => {
    clearTimeout(job.patience)
    clearTimeout(worker.idle)
    worker.job = job
    worker.jobs += 1
    worker.timer = setTimeout(() => {
      finish(worker, (late) => late.reject(new EngineError('timeout')))
      drop(worker)
      next()
    }, job.timeoutMs)
    worker.child.send(job.request)
  }

  /** Whether a worker has to go after its answer. */
  const isSpent = (worker: Worker): boolean => {
    if (worker.rss > limits.maxRss || worker.jobs >= limits.maxJobs) return true
    if (!worker.isDoubtful || performance.now() - replacedAt < limits.faultMs) return false
    replacedAt = performance.now()
    return true
  }

  const open = (): Worker => {
    const child = start()
    const worker: Worker = {
      child,
      job: undefined,
      timer: undefined,
      idle: undefined,
      jobs: 0,
      rss: 0,
      isDoubtful: false,
    }
    workers.add(worker)
    child.on('message', ({ id, error, output, rss, peakRss }) => {
      // The job of a late answer has already failed.
      if (!workers.has(worker) || worker.job?.request.id !== id) return
      worker.rss = rss
      peak = Math.max(peak, peakRss)
      if (error === 'fault') worker.isDoubtful = true
      finish(worker, (job) => (error === undefined ? job.resolve(output as never) : job.reject(errorOf(error))))
      if (isSpent(worker)) drop(worker)
      else {
        worker.idle = setTimeout(() => drop(worker), limits.idleMs)
        worker.idle.unref()
      }
      next()
    })
    const lost = (): void => {
      if (!workers.has(worker)) return
      finish(worker, (job) => job.reject(new EngineError('worker_lost')))
      drop(worker)
      next()
    }
    child.on('exit', lost)
    child.on('error', lost)
    return worker
  }

  /** The job that is next: urgent ones first, but no other one waits for more than a few of them. */
  const take = (): Job | undefined => {
    if (others.length === 0) urgentInRow = 0
    else if (urgent.length === 0 || urgentInRow >= URGENT_FIRST) {
      urgentInRow = 0
      return others.shift()
    } else urgentInRow += 1
    return urgent.shift()
  }

  function next(): void {
    while (urgent.length + others.length > 0 && !closed) {
      const free = [...workers].find((worker) => !worker.job) ?? (workers.size < limits.workers ? open() : undefined)
      if (!free) return
      const job = take()
      if (job) give(free, job)
    }
  }

  return {
    run: (name, input, { timeoutMs = limits.timeoutMs, waitMs, urgent: isUrgent = false } = {}) =>
      new Promise((resolve, reject) => {
        const line = isUrgent ? urgent : others
        if (closed || line.length >= limits.queue) return reject(new EngineError('busy'))
        serial += 1
        const job: Job = { request: { id: serial, name, input }, timeoutMs, resolve, reject, patience: undefined }
        if (waitMs !== undefined)
          job.patience = setTimeout(() => {
            line.splice(line.indexOf(job), 1)
            reject(new EngineError('busy'))
          }, waitMs)
        line.push(job)
        next()
      }),
    waiting: () => urgent.length + others.length,
    peakRss: () => peak,
    async close() {
      closed = true
      for (const job of [...urgent.splice(0), ...others.splice(0)]) {
        clearTimeout(job.patience)
        job.reject(new EngineError('busy'))
      }
      for (const worker of [...workers]) {
        // The picture did not cause this, so the caller may try again.
        finish(worker, (job) => job.reject(new EngineError('busy')))
        drop(worker)
      }
    },
  }
}
