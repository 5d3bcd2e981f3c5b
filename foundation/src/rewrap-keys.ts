import pg from 'pg'
import { createRewrapper } from './envelope-cipher.ts'

type Column = { readonly table: string; readonly column: string; readonly type: string }

const BATCH = 500

const textColumns = async (client: pg.Client, schema: string): Promise<Column[]> => {
  const { rows } = await client.query<{ table_name: string; column_name: string; data_type: string }>(
    `select c.table_name, c.column_name, c.data_type from information_schema.columns c
     join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = $1 and t.table_type = 'BASE TABLE' and c.data_type in ('text', 'jsonb')
     order by c.table_name, c.column_name`,
    [schema],
  )
  return rows.map((row) => ({ table: row.table_name, column: row.column_name, type: row.data_type }))
}

/** Rewraps one column. @returns how many rows were changed */
const rewrapColumn = async (
  client: pg.Client,
  schema: string,
  { table, column, type }: Column,
  rewrap: (text: string) => string,
): Promise<number> => {
  const name = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(table)}`
  const field = client.escapeIdentifier(column)
  let changed = 0
  let after = '(0,0)'
  for (;;) {
    const { rows } = await client.query<{ ctid: string; value: string }>(
      `select ctid::text, ${field}::text as value from ${name}
       where ctid > $1::tid and ${field}::text like '%v2.%' order by ctid limit ${BATCH}`,
      [after],
    )
    for (const { ctid, value } of rows) {
      const next = rewrap(value)
      if (next === value) continue
      await client.query(`update ${name} set ${field} = $1::${type} where ctid = $2::tid`, [next, ctid])
      changed += 1
    }
    const last = rows.at(-1)
    if (!last) return changed
    after = last.ctid
  }
}

const rewrapSchema = async (client: pg.Client, schema: string, rewrap: (text: string) => string): Promise<number> => {
  const columns = await textColumns(client, schema)
  let changed = 0
  for (const table of new Set(columns.map((column) => column.table))) {
    const name = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(table)}`
    await client.query('begin')
    try {
      // Locked fields keep their values: only the key around them changes, which their triggers cannot tell from a change.
      await client.query(`alter table ${name} disable trigger user`)
      for (const column of columns.filter((entry) => entry.table === table))
        changed += await rewrapColumn(client, schema, column, rewrap)
      await client.query(`alter table ${name} enable trigger user`)
      await client.query('commit')
    } catch (error) {
      await client.query('rollback')
      throw error
    }
  }
  return changed
}

/**
 * Wraps every encrypted value of these schemas anew under the newest key of each, as the owner of the tables. Values are neither read
 * nor changed: only the key that each is wrapped in. Safe to repeat, and while servers run with both keys.
 *
 * @param schemas each with its keys, newest first
 * @returns how many rows were changed
 * @throws {DecryptionError} for a value under a key that is not among the schema's keys
 */
export const rewrapSchemas = async (
  ownerUrl: string,
  schemas: readonly { readonly schema: string; readonly keys: readonly Uint8Array[] }[],
): Promise<number> => {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    let changed = 0
    for (const { schema, keys } of schemas) changed += await rewrapSchema(client, schema, createRewrapper(keys))
    return changed
  } finally {
    await client.end()
  }
}
