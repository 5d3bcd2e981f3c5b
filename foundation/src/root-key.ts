import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import { createEnvelopeCipher } from './envelope-cipher.ts'

const NAME = 'derivation'
const ROW = `root_keys:${NAME}`

/**
 * The key that all derived keys start from, in `<schema>.root_keys`, encrypted under the master key. It is made with the first start
 * and never changes, so that digests made with derived keys stay comparable when the master key is replaced.
 *
 * @throws {DecryptionError} when the master key is not the one of this database
 */
export const loadRootKey = async (db: Database, schema: string, keys: readonly Uint8Array[]): Promise<Uint8Array> => {
  const cipher = createEnvelopeCipher(keys)
  const table = sql`${sql.identifier(schema)}.root_keys`
  const made = cipher.encrypt(randomBytes(32).toString('base64'), ROW)
  // Of several nodes that start at once, one makes it.
  await db.execute(sql`insert into ${table} (name, value) values (${NAME}, ${made}) on conflict do nothing`)
  const { rows } = await db.execute<{ value: string }>(sql`select value from ${table} where name = ${NAME}`)
  const [row] = rows
  if (!row) throw new Error('The root key is missing.')
  return new Uint8Array(Buffer.from(cipher.decrypt(row.value, ROW), 'base64'))
}
