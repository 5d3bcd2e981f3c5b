import { keyedDigest } from '@veridoor/foundation'

/** One connection of the tables' owner. */
type SqlClient = {
  query<T extends object>(text: string, values?: unknown[]): Promise<{ rows: T[]; rowCount: number | null }>
}

/** What the key of the record is derived for (`EnvelopeCipher.derive`). */
export const AUDIT_KEY = 'audit lines'

const BATCH = 1000

/**
 * Signs the lines of a record that began before lines were signed, once, as the owner of the table. Afterwards the column takes no
 * line without a signature, so that nobody gets a false line signed by a later migration.
 *
 * @param key undefined where the migrating process has none: then only a record without such lines is closed
 */
export const signUnsignedLines = async (client: SqlClient, key: Uint8Array | undefined): Promise<void> => {
  const { rows: columns } = await client.query<{ is_nullable: string }>(
    `select is_nullable from information_schema.columns
     where table_schema = 'veridoor' and table_name = 'audit_lines' and column_name = 'signature'`,
  )
  if (columns[0]?.is_nullable !== 'YES') return
  await client.query('begin')
  try {
    await client.query('lock table veridoor.audit_lines in access exclusive mode')
    const unsigned = await client.query('select 1 from veridoor.audit_lines where signature is null limit 1')
    if ((unsigned.rowCount ?? 0) > 0 && !key) {
      await client.query('rollback')
      return
    }
    await client.query('alter table veridoor.audit_lines disable trigger audit_lines_append_only')
    for (let isMore = key !== undefined; isMore; ) {
      const { rows } = await client.query<{ organization: string; number: string; hash: string }>(
        'select organization, number, hash from veridoor.audit_lines where signature is null limit $1',
        [BATCH],
      )
      if (rows.length > 0)
        await client.query(
          `update veridoor.audit_lines l set signature = s.signature
           from unnest($1::text[], $2::bigint[], $3::text[]) as s (organization, number, signature)
           where l.organization = s.organization and l.number = s.number`,
          [
            rows.map(({ organization }) => organization),
            rows.map(({ number }) => number),
            rows.map(({ hash }) => keyedDigest(key as Uint8Array, hash)),
          ],
        )
      isMore = rows.length === BATCH
    }
    await client.query('alter table veridoor.audit_lines enable trigger audit_lines_append_only')
    await client.query('alter table veridoor.audit_lines alter column signature set not null')
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}
