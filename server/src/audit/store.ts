import type { Executor } from '@veridoor/foundation'
import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { auditLines } from './schema.ts'
import type { AuditLine, Head } from './types.ts'

/** Lines of one chain in their order, from the one after `afterNumber`. */
export const readLines = (
  ex: Executor,
  organization: string,
  afterNumber: number,
  limit: number,
): Promise<AuditLine[]> =>
  ex
    .select()
    .from(auditLines)
    .where(and(eq(auditLines.organization, organization), gt(auditLines.number, afterNumber)))
    .orderBy(asc(auditLines.number))
    .limit(limit)

/**
 * The last line of each chain. Walks the primary key from organization to organization, so that it costs as much as there are
 * organizations, however many lines they have.
 */
export const readHeads = async (ex: Executor): Promise<Head[]> => {
  const { rows } = await ex.execute<{ organization: string; number: string | number; hash: string }>(sql`
    with recursive names (organization) as (
      (select organization from ${auditLines} order by organization limit 1)
      union all
      select (select l.organization from ${auditLines} l where l.organization > n.organization order by l.organization limit 1)
      from names n where n.organization is not null
    )
    select h.organization, h.number, h.hash
    from names n
    cross join lateral (
      select organization, number, hash from ${auditLines} l
      where l.organization = n.organization order by number desc limit 1
    ) h
    order by h.organization`)
  return rows.map(({ organization, number, hash }) => ({ organization, number: Number(number), hash }))
}
