import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { fromDrizzle, type JobResult, type JobWithMetadata, PgBoss } from 'pg-boss'
import type { z } from 'zod'
import type { Transaction } from './database.ts'
import type { Log } from './log.ts'

/** One kind of job: its queue, and the schema of what it carries (ids only; never anything about a person). */
export type JobKind<T extends z.ZodType> = {
  readonly queue: string
  readonly payload: T
  /** Tries after the first, with growing gaps from `retryDelaySec`. */
  readonly retryLimit?: number
  readonly retryDelaySec?: number
  /**
   * Seconds after which a job that was begun and not ended is taken to be a killed process's and taken up again, 60 when left out.
   * More than it can take in the worst case: otherwise it runs beside itself.
   */
  readonly expireSec?: number
}

/** What a queue is made with, and brought to where it was made with something else. */
const settingsOf = (kind: JobKind<z.ZodType>) => ({
  retryLimit: kind.retryLimit ?? 5,
  retryDelay: kind.retryDelaySec ?? 2,
  expireInSeconds: kind.expireSec ?? 60,
})

/** Jobs of one process: what it queues, and what it works on. */
export type Jobs = {
  /** Registers a queue and its worker, which is told when no try comes after this one. */
  work<T extends z.ZodType>(
    kind: JobKind<T>,
    run: (payload: z.infer<T>, attempt: { isLast: boolean }) => Promise<void>,
    options?: {
      parallel?: number /** Each job has a worker of its own, so that a slow one delays no other. */
      isolated?: boolean
    },
  ): Promise<void>
  /** Registers a queue that another process works on. One that is there gets the tries and times of this version, for new jobs. */
  declare(kind: JobKind<z.ZodType>): Promise<void>
  /**
   * Queues a job, inside `tx` when given: rolled back with it. `startAfter` delays it. `key` keeps at most one job of
   * that key waiting.
   */
  send<T extends z.ZodType>(
    kind: JobKind<T>,
    payload: z.infer<T>,
    options?: { tx?: Transaction; startAfter?: Date; key?: string },
  ): Promise<void>
  /** Takes no more jobs; those under way have five seconds. */
  stop(): Promise<void>
}

/**
 * Jobs on PostgreSQL through pg-boss: pickup by LISTEN/NOTIFY in milliseconds, with polling as the floor.
 * @param options.url a direct connection (LISTEN does not pass a transaction-mode pooler)
 * @param options.createSchema false where the schema was made by the owner for this role
 */
export const startJobs = async (options: {
  url: string
  schema: string
  createSchema: boolean
  log: Log
}): Promise<Jobs> => {
  const boss = new PgBoss({
    connectionString: options.url,
    schema: options.schema,
    createSchema: options.createSchema,
    application_name: 'veridoor jobs',
    max: 4,
    useListenNotify: true,
  })
  boss.on('error', (error: unknown) => options.log.warn('jobs.error', { error }))
  await boss.start()

  const declare = async (kind: JobKind<z.ZodType>): Promise<void> => {
    const settings = settingsOf(kind)
    const queue = await boss.getQueue(kind.queue)
    if (queue) {
      const isSame = (Object.keys(settings) as (keyof typeof settings)[]).every(
        (name) => queue[name] === settings[name],
      )
      if (!isSame) await boss.updateQueue(kind.queue, settings)
      return
    }
    await boss.createQueue(kind.queue, {
      // `short`: of jobs with one key at most one waits; jobs without a key get one of their own.
      policy: 'short',
      notify: true,
      retryBackoff: true,
      ...settings,
    })
  }

  return {
    declare,
    async work(kind, run, workOptions = {}) {
      await declare(kind)
      await boss.work(
        kind.queue,
        {
          ...(workOptions.isolated
            ? { batchSize: 1, localConcurrency: workOptions.parallel ?? 4 }
            : { batchSize: workOptions.parallel ?? 4 }),
          pollingIntervalSeconds: 1,
          // PostgreSQL notifies of jobs that are queued, not of delayed or failed ones that become due: those wait for the next poll.
          notifyPollingIntervalSeconds: 3,
          burstWhenBatchFull: true,
          perJobResults: true,
          includeMetadata: true,
        },
        async (jobs: JobWithMetadata<unknown>[]): Promise<JobResult[]> =>
          Promise.all(
            jobs.map(async (job): Promise<JobResult> => {
              try {
                await run(kind.payload.parse(job.data), { isLast: job.retryCount >= job.retryLimit })
                return { id: job.id, status: 'completed' }
              } catch (error) {
                options.log.warn('job.failed', { id: job.id, code: kind.queue, error })
                return { id: job.id, status: 'failed' }
              }
            }),
          ),
      )
    },
    async send(kind, payload, sendOptions = {}) {
      await boss.send(kind.queue, kind.payload.parse(payload) as object, {
        ...(sendOptions.tx ? { db: fromDrizzle(sendOptions.tx, sql) } : {}),
        ...(sendOptions.startAfter ? { startAfter: sendOptions.startAfter } : {}),
        singletonKey: sendOptions.key ?? randomUUID(),
      })
    },
    stop: () => boss.stop({ graceful: true, timeout: 5_000, close: true }),
  }
}
