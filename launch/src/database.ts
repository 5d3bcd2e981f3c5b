import { randomBytes } from 'node:crypto'
import { roleOf } from '@veridoor/foundation'
import pg from 'pg'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'
import { StartError } from './start-refused.ts'

/** Addresses of the database for each process. The serving logins own nothing; the owner migrates. */
export type Databases = {
  readonly ownerUrl: string
  readonly serverUrl: string
  readonly verifierUrl: string
  /** True where the admin account does not exist yet: this is the first start. */
  readonly isFirstStart: boolean
  stop(): Promise<void>
}

const ask = async <T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

const hasAdmin = async (url: string): Promise<boolean> =>
  ask(url, async (client) => {
    const { rows } = await client.query<{ there: string | null }>(`select to_regclass('veridoor.users')::text as there`)
    if (!rows[0]?.there) return false
    const users = await client.query(`select 1 from veridoor.users where organization = 'built-in' and name = 'admin'`)
    return (users.rowCount ?? 0) > 0
  })

/** Our database and the two serving logins on the built-in server, with passwords that are new at every start. */
const prepare = async (postgres: EmbeddedPostgres): Promise<Databases> => {
  const passwords = {
    veridoor_server: randomBytes(24).toString('hex'),
    veridoor_verifier: randomBytes(24).toString('hex'),
  }
  await ask(postgres.ownerUrl, async (client) => {
    for (const [role, password] of Object.entries(passwords)) {
      const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role])
      await client.query(`${rowCount ? 'alter' : 'create'} role ${role} login password '${password}'`)
    }
    const { rowCount } = await client.query(`select 1 from pg_database where datname = 'veridoor'`)
    if (!rowCount) await client.query('create database veridoor')
  })
  const owner = new URL(postgres.ownerUrl)
  owner.pathname = '/veridoor'
  const urlOf = (user: keyof typeof passwords): string =>
    postgres.urlFor({ user, password: passwords[user], database: 'veridoor' })
  return {
    ownerUrl: owner.href,
    serverUrl: urlOf('veridoor_server'),
    verifierUrl: urlOf('veridoor_verifier'),
    isFirstStart: !(await hasAdmin(owner.href)),
    stop: postgres.stop,
  }
}

const faultSentence = (error: unknown): string => {
  const { code } = error as { code?: string }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its host name is not known'
  if (code === 'ECONNREFUSED') return 'nothing listens there'
  if (code === '28P01' || code === '28000') return 'it does not accept this user and password'
  if (code === '3D000') return 'it has no database of this name'
  return 'it did not answer'
}

/** @throws {StartError} when `DATABASE_URL` leads nowhere, or the built-in server cannot start */
export const openDatabases = async (
  databaseUrl: string | undefined,
  dataFolder: string,
  ownerUrl?: string,
): Promise<Databases> => {
  if (!databaseUrl) return prepare(await startEmbeddedPostgres(dataFolder))
  if (!URL.canParse(databaseUrl) || !/^postgres(ql)?:$/.test(new URL(databaseUrl).protocol))
    throw new StartError('DATABASE_URL must look like postgresql://user:password@host:5432/database.')
  const owner = ownerUrl || databaseUrl
  try {
    const version = await ask(owner, async (client) => {
      const { rows } = await client.query<{ server_version_num: string }>('show server_version_num')
      return Number(rows[0]?.server_version_num ?? 0)
    })
    if (version < 150_000)
      throw new StartError('The database of DATABASE_URL is older than PostgreSQL 15. Use 15 or newer.')
    if (roleOf(owner) !== roleOf(databaseUrl)) await ask(databaseUrl, async () => {})
    return {
      ownerUrl: owner,
      serverUrl: databaseUrl,
      verifierUrl: databaseUrl,
      isFirstStart: !(await hasAdmin(owner)),
      stop: async () => {},
    }
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(
      `The database of DATABASE_URL cannot be used: ${faultSentence(error)}. Check the address and try again.`,
      error,
    )
  }
}
