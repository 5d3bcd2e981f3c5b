import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { EngineError, type EngineErrorCode } from './errors.ts'
import type { Answer, JobName, Jobs, Request } from './jobs.ts'
import type { FaceLimits } from './thresholds.ts'

export type PoolOptions = {
  /** Processes at most; one core each. */
  readonly workers?: number
  /** Jobs that may wait; more are refused with `busy`. */
  readonly queue?: number
  /** Milliseconds a job may take before its worker is ended. */
  readonly timeoutMs?: number
  /** Bytes of memory above which a worker is replaced after its job. */
  readonly maxRss?: number
  /** Jobs after which a worker is replaced. */
  readonly maxJobs?: number
  /** Milliseconds without work after which a worker goes. */
  readonly idleMs?: number
  /** Where faces are one person's, where they are not the usual ones. */
  readonly faceLimits?: FaceLimits
}

export type EnginePool = {
  /**
   * Runs a job in a worker process. A poisoned picture ends one job, not the service.
   * @throws {EngineError} busy, timeout, worker_lost, or the job's own fault
   */
  run<N extends JobName>(
    name: N,
    input: Jobs[N]['input'],
    options?: { timeoutMs?: number; urgent?: boolean },
  ): Promise<Jobs[N]['output']>
  /** Jobs that wait for a worker. */
  readonly waiting: () => number
  /** Largest memory a worker has told of, bytes. */
  readonly peakRss: () => number
  close(): Promise<void>
}

type Waiting = { request: Request; timeoutMs: number; resolve: (output: never) => void; reject: (error: Error) => void }
type Worker = {
  child: ChildProcess
  job: Waiting | undefined
  timer: NodeJS.Timeout | undefined
  idle: NodeJS.Timeout | undefined
  jobs: number
  rss: number
}

/** A pool of engine workers in processes of their own; the parent loads no model and no picture library. */
export const createEnginePool = (options: PoolOptions = {}): EnginePool => {
  const limits = {
    workers: 1,
    queue: 50,
    timeoutMs: 60_000,
    maxRss: 1_200_000_000,
    maxJobs: 500,
    idleMs: 300_000,
    ...options,
  }
  const workers = new Set<Worker>()
  const queue: Waiting[] = []
  let serial = 0
  let peak = 0
  let closed = false

  const drop = (worker: Worker): void => {
    workers.delete(worker)
    clearTimeout(worker.timer)
    clearTimeout(worker.idle)
    worker.child.kill('SIGKILL')
  }

  const finish = (worker: Worker, settle: (job: Waiting) => void): void => {
    const { job } = worker
    clearTimeout(worker.timer)
    worker.job = undefined
    if (job) settle(job)
  }

  const give = (worker: Worker, job: Waiting): void => {
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

  const open = (): Worker => {
    const child = fork(
      fileURLToPath(new URL('./worker.ts', import.meta.url)),
      options.faceLimits ? [JSON.stringify(options.faceLimits)] : [],
      {
        serialization: 'advanced',
        execArgv: ['--max-old-space-size=512'],
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        env: { PATH: process.env.PATH, NODE_ENV: process.env.NODE_ENV, OMP_NUM_THREADS: '1' },
      },
    )
    const worker: Worker = { child, job: undefined, timer: undefined, idle: undefined, jobs: 0, rss: 0 }
    workers.add(worker)
    child.on('message', (answer: Answer) => {
      worker.rss = answer.rss
      peak = Math.max(peak, answer.rss)
      finish(worker, (job) =>
        answer.error === undefined
          ? job.resolve(answer.output as never)
          : job.reject(
              answer.error === 'fault'
                ? new Error('the engine failed')
                : new EngineError(answer.error as EngineErrorCode),
            ),
      )
      if (worker.rss > limits.maxRss || worker.jobs >= limits.maxJobs) drop(worker)
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

  function next(): void {
    while (queue.length > 0 && !closed) {
      const free = [...workers].find((worker) => !worker.job) ?? (workers.size < limits.workers ? open() : undefined)
      if (!free) return
      const job = queue.shift()
      if (job) give(free, job)
    }
  }

  return {
    run: (name, input, runOptions = {}) =>
      new Promise((resolve, reject) => {
        if (closed || queue.length >= limits.queue) return reject(new EngineError('busy'))
        serial += 1
        const job: Waiting = {
          request: { id: serial, name, input },
          timeoutMs: runOptions.timeoutMs ?? limits.timeoutMs,
          resolve,
          reject,
        }
        if (runOptions.urgent) queue.unshift(job)
        else queue.push(job)
        next()
      }),
    waiting: () => queue.length,
    peakRss: () => peak,
    async close() {
      closed = true
      for (const job of queue.splice(0)) job.reject(new EngineError('busy'))
      for (const worker of [...workers]) {
        finish(worker, (job) => job.reject(new EngineError('worker_lost')))
        drop(worker)
      }
    },
  }
}
