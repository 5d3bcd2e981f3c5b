import type { Log } from './log.ts'

/**
 * The recurring work of one process. Tasks are safe on any number of nodes at once: they take rows with `for update skip locked`
 * or send jobs under a key, so no node has to be the leader.
 */
export type Scheduler = {
  /** Runs `run` every `intervalMs`, counted from the end of the run before: a task never runs beside itself. */
  every(name: string, intervalMs: number, run: () => Promise<unknown>): void
  /** Begins all tasks, and those that are added later. */
  start(): void
  /** Begins no further run and waits for those under way. */
  stop(): Promise<void>
}

type Task = { timer?: NodeJS.Timeout; running?: Promise<void> }

/** A task that fails is logged as `schedule.failed` and runs again at its next time. */
export const createScheduler = (log: Log): Scheduler => {
  const tasks: Task[] = []
  const pending: (() => void)[] = []
  let state: 'idle' | 'running' | 'stopped' = 'idle'

  const begin = (name: string, intervalMs: number, run: () => Promise<unknown>): void => {
    const task: Task = {}
    tasks.push(task)
    const next = (): void => {
      if (state !== 'running') return
      task.timer = setTimeout(() => {
        task.running = run()
          .catch((error: unknown) => log.warn('schedule.failed', { code: name, error }))
          .then(next)
      }, intervalMs)
    }
    next()
  }

  return {
    every(name, intervalMs, run) {
      if (state === 'running') begin(name, intervalMs, run)
      else pending.push(() => begin(name, intervalMs, run))
    },
    start() {
      if (state !== 'idle') return
      state = 'running'
      for (const task of pending.splice(0)) task()
    },
    async stop() {
      state = 'stopped'
      for (const { timer } of tasks) clearTimeout(timer)
      await Promise.all(tasks.map(({ running }) => running))
    },
  }
}
