import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'

let server: Promise<EmbeddedPostgres> | undefined

/** One server for all test files of this machine's user; adopted when it runs already, left running between files. */
const sharedServer = (): Promise<EmbeddedPostgres> => {
  server ??= (async () => {
    const folder = join(tmpdir(), `veridoor-test-postgres-${userInfo().uid}`)
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

/** Ends the shared server; the test runner calls it once, at the end. */
export const stopTestServer = async (): Promise<void> => {
  if (server) await (await server).stop()
  server = undefined
}
