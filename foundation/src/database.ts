import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { migrate as runMigrations } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'

export type Database = NodePgDatabase<Record<string, never>>
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]
/** A transaction, or the database itself where a statement needs none. */
export type Executor = Database | Transaction

/** A pool and the queries on it. `close` ends its connections: nothing can be asked afterwards. */
export type OpenDatabase = { readonly db: Database; readonly pool: pg.Pool; close(): Promise<void> }

/**
 * A pool on `url`. Statements are unnamed, so a transaction-mode pooler in front works.
 * @param options.max connections at most, 10 when left out
 */
export const openDatabase = (url: string, options: { max?: number; applicationName?: string } = {}): OpenDatabase => {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'veridoor',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
  })
  // A lost idle connection must not end the process: the next query opens another.
  pool.on('error', () => {})
  return { db: drizzle(pool), pool, close: () => pool.end() }
}

// Any constant; the same on every node, different for each schema.
const lockNumber = (schema: string): number =>
  [...`veridoor:${schema}`].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2_147_483_647, 7)

/**
 * Runs the numbered migrations of `folder` under an advisory lock, so that any number of nodes may start at once, then
 * gives `role` what it needs. The role that serves requests owns nothing: it cannot drop a trigger or alter a table.
 *
 * @param options.role the login that serves requests, when it is another than the owner
 * @param options.grants SQL statements for that role, with `:role` for its quoted name; run after the migrations
 * @param options.after what else the owner does, under the same lock
 */
export const migrate = async (
  ownerUrl: string,
  options: {
    folder: string
    schema: string
    role?: string
    grants?: readonly string[]
    after?: (client: pg.Client) => Promise<void>
  },
): Promise<void> => {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [lockNumber(options.schema)])
    await client.query(`create schema if not exists ${client.escapeIdentifier(options.schema)}`)
    await runMigrations(drizzle(client), {
      migrationsFolder: options.folder,
      migrationsSchema: options.schema,
      migrationsTable: 'migrations',
    })
    if (options.role) {
      const role = client.escapeIdentifier(options.role)
      for (const statement of options.grants ?? []) await client.query(statement.replaceAll(':role', role))
    }
    await options.after?.(client)
  } finally {
    await client.end()
  }
}

/** Whether the migrations of `folder` have all run, as far as this login can see. */
export const isMigrated = async (url: string, options: { folder: string; schema: string }): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    const { entries } = JSON.parse(readFileSync(join(options.folder, 'meta', '_journal.json'), 'utf8')) as {
      entries: { when: number }[]
    }
    const table = `${client.escapeIdentifier(options.schema)}.migrations`
    const { rows: found } = await client.query<{ is_there: boolean }>(
      'select to_regclass($1) is not null as is_there',
      [table],
    )
    if (!found[0]?.is_there) return false
    const { rows } = await client.query<{ newest: string | null }>(`select max(created_at) as newest from ${table}`)
    return Number(rows[0]?.newest ?? 0) >= Math.max(...entries.map(({ when }) => when))
  } finally {
    await client.end()
  }
}

/** The login name in a database address. */
export const roleOf = (url: string): string => decodeURIComponent(new URL(url).username)

/** Whether an error is PostgreSQL's refusal for a unique constraint, perhaps of this name. */
export const isUniqueViolation = (error: unknown, constraint?: string): boolean => {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code, constraint: name } = at as { code?: unknown; constraint?: unknown }
    if (code === '23505') return constraint === undefined || name === constraint
  }
  return false
}

/** Whether an error is PostgreSQL's refusal to leave a row without the one that it belongs to. */
export const isForeignKeyViolation = (error: unknown): boolean => {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if ((at as { code?: unknown }).code === '23503') return true
  return false
}
