import type { Pool } from 'pg'

/**
 * Looks for values of persons, and for secrets, where none may be: every table of both schemas, every log line, every address
 * handed out. The sealed spelling of a name is the account's own; it is in no other table.
 * @returns how many rows were looked at
 * @throws naming the value and the place, so that the leak is found at once
 */
export const findCanaries = async (
  server: { readonly pool: Pool; readonly logLines: readonly string[] },
  canaries: readonly string[],
  addresses: readonly string[] = [],
): Promise<number> => {
  const found = (text: string, place: string): void => {
    const lower = text.toLowerCase()
    for (const canary of canaries)
      if (lower.includes(canary.toLowerCase())) throw new Error(`a person's "${canary}" is in ${place}`)
  }
  const { rows: tables } = await server.pool.query(
    `select table_schema || '.' || table_name as name from information_schema.tables
     where table_schema in ('veridoor', 'jobs') and table_type = 'BASE TABLE'`,
  )
  let seen = 0
  for (const { name } of tables) {
    const { rows } = await server.pool.query(`select * from ${name}`)
    seen += rows.length
    found(JSON.stringify(rows.map(({ real_name: _own, ...row }) => row)), name)
  }
  found(server.logLines.join(''), 'a log line')
  found(addresses.join('\n'), 'an address')
  return seen
}
