import { type Database, type JobKind, type Jobs, openDatabase, silentLog, startJobs } from '@veridoor/foundation'
import { testDatabase } from '@veridoor/launch'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { JOBS_SCHEMA, migrateVerifier } from '../src/index.ts'
import { assessJob } from '../src/session/deps.ts'

let jobs: Jobs
let db: Database
let stop: () => Promise<void>
beforeAll(async () => {
  const database = await testDatabase('verifier_jobs')
  await migrateVerifier(database.url, database.ownerUrl)
  jobs = await startJobs({ url: database.url, schema: JOBS_SCHEMA, createSchema: false, log: silentLog })
  const opened = openDatabase(database.url)
  db = opened.db
  stop = async () => {
    await jobs.stop()
    await opened.close()
    await database.drop()
  }
})
afterAll(() => stop())

const rowsOf = async (text: string) => (await db.execute(sql.raw(text))).rows
const settingsOf = (queue: string) =>
  rowsOf(`select retry_limit, retry_delay, expire_seconds from ${JOBS_SCHEMA}.queue where name = '${queue}'`)

it('a queue that an earlier version made gets the tries and times of this one, and new jobs with it', async () => {
  const before: JobKind<z.ZodType> = { queue: 'kind', payload: z.object({ id: z.string() }) }
  await jobs.declare(before)
  expect(await settingsOf('kind')).toEqual([{ retry_limit: 5, retry_delay: 2, expire_seconds: 60 }])
  const now = { ...before, retryLimit: 8, retryDelaySec: 30, expireSec: 300 }
  await jobs.declare(now)
  expect(await settingsOf('kind')).toEqual([{ retry_limit: 8, retry_delay: 30, expire_seconds: 300 }])
  await jobs.send(now, { id: 'one' })
  const rows = await rowsOf(`select retry_limit, expire_seconds from ${JOBS_SCHEMA}.job where name = 'kind'`)
  expect(rows).toEqual([{ retry_limit: 8, expire_seconds: 300 }])
})

it('an assessment is not taken up a second time while the first one may still run', async () => {
  await jobs.declare(assessJob)
  // Two looks of a minute each, and a search for the face.
  expect(Number((await settingsOf('assess'))[0]?.expire_seconds)).toBeGreaterThan(3 * 60)
})
