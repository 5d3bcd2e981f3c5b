import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { discardEmbeddedPostgres, type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'

let server: Promise<EmbeddedPostgres> | undefined

/** Names the folder of the server that a whole run has for itself. */
const OWN = 'VERIDOOR_TEST_POSTGRES'

/**
 * One server for all test files, adopted when it runs already and left running between files: that of a run by `ownTestServer`, else
 * one for this machine's user.
 */
const sharedServer = (): Promise<EmbeddedPostgres> => {
  server ??= (async () => {
    const folder = process.env[OWN] ?? join(tmpdir(), `veridoor-test-postgres-${userInfo().uid}`)
    mkdirSync(folder, { recursive: true, mode: 0o755 })
    return startEmbeddedPostgres(folder)
  })()
  return server
}

export type TestDatabase = {
  /** The login that serves requests: owns nothing. */
  readonly url: string
  /** The login that migrates. */
  readonly ownerUrl: string
  drop(): Promise<void>
}

/** An empty database of its own with an owner and a serving login, on a real PostgreSQL. */
export const testDatabase = async (label: string): Promise<TestDatabase> => {
  const postgres = await sharedServer()
  const database = `test_${label.replace(/\W/g, '_')}_${randomBytes(4).toString('hex')}`.toLowerCase()
  const role = `${database}_app`
  const password = randomBytes(12).toString('hex')
  const ask = async (statements: string[]): Promise<void> => {
    const client = new pg.Client({ connectionString: postgres.ownerUrl })
    await client.connect()
    try {
      for (const statement of statements) await client.query(statement)
    } finally {
      await client.end()
    }
  }
  await ask([`create role ${role} login password '${password}'`, `create database ${database}`])
  const owner = new URL(postgres.ownerUrl)
  owner.pathname = `/${database}`
  return {
    url: postgres.urlFor({ user: role, password, database }),
    ownerUrl: owner.href,
    drop: () => ask([`drop database if exists ${database} with (force)`, `drop role if exists ${role}`]),
  }
}

/** Whether a process of this number is there; somebody else's counts. */
const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Gives the test files of a whole run, which are processes that this one starts, a server of their own: it can be ended after them, and
 * no other run loses its database by that.
 *
 * @returns what ends it, where a file has started it, and removes its folder
 */
export const ownTestServer = async (): Promise<() => Promise<void>> => {
  // A run that was interrupted left its own behind.
  for (const name of readdirSync(tmpdir())) {
    const [, runner] = /^veridoor-test-run-(\d+)-/.exec(name) ?? []
    if (runner && !isRunning(Number(runner))) await discardEmbeddedPostgres(join(tmpdir(), name)).catch(() => {})
  }
  const folder = mkdtempSync(join(tmpdir(), `veridoor-test-run-${process.pid}-`))
  // As root the database runs as somebody else, who has to be able to come in.
  chmodSync(folder, 0o755)
  process.env[OWN] = folder
  return () => discardEmbeddedPostgres(folder)
}
