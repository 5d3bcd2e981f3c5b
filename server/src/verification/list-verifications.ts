import type { VerificationState } from '@veridoor/contract'
import { ApiError } from '@veridoor/contract'
import { type CappedCount, countUpTo, type Executor, isUuid } from '@veridoor/foundation'
import { and, desc, eq, gte, like, lt, type SQL, sql } from 'drizzle-orm'
import { verifications } from './schema.ts'
import type { VerificationRow } from './store.ts'

/** Which checks a list has. */
export type VerificationFilter = {
  readonly organization?: string | undefined
  readonly state?: VerificationState | undefined
  /** The name of a person. */
  readonly user?: string | undefined
  /** A reference (`VD-7KQ2-M4`) or its beginning, with or without hyphens and `VD`, in any case. */
  readonly reference?: string | undefined
  readonly provider?: { readonly owner: string; readonly name: string } | undefined
  readonly application?: string | undefined
  /** Test verifications only, or without them. */
  readonly isTest?: boolean | undefined
  readonly from?: Date | undefined
  readonly until?: Date | undefined
}

const LETTERS_AND_DIGITS = /[^A-Z0-9]/g

/** A reference without hyphens, as it is compared: people quote it in many forms. */
export const plainReference = (text: string): string => {
  const plain = text.normalize('NFKC').toUpperCase().replaceAll(LETTERS_AND_DIGITS, '')
  return plain.startsWith('VD') ? plain : `VD${plain}`
}

/** The last row of a page: `time/id`. @throws {ApiError} INVALID_INPUT for a text that is not a cursor of this list */
const parseCursor = (cursor: string | undefined): { at: Date; id: string } | undefined => {
  if (cursor === undefined) return undefined
  const [time = '', id = '', ...rest] = cursor.split('/')
  if (rest.length > 0 || !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(time) || Number.isNaN(Date.parse(time)) || !isUuid(id))
    throw new ApiError('INVALID_INPUT', {
      fields: [{ path: 'cursor', message: 'Invalid cursor. Send back the nextCursor of the page before.' }],
    })
  return { at: new Date(time), id }
}

const matches = (filter: VerificationFilter): SQL | undefined =>
  and(
    filter.organization === undefined ? undefined : eq(verifications.organization, filter.organization),
    filter.state ? eq(verifications.state, filter.state) : undefined,
    filter.user ? eq(verifications.userName, filter.user) : undefined,
    filter.reference
      ? like(sql`replace(${verifications.reference}, '-', '')`, `${plainReference(filter.reference)}%`)
      : undefined,
    filter.provider
      ? and(
          eq(verifications.providerOwner, filter.provider.owner),
          eq(verifications.providerName, filter.provider.name),
        )
      : undefined,
    filter.application ? eq(verifications.application, filter.application) : undefined,
    filter.isTest === undefined ? undefined : eq(verifications.isTest, filter.isTest),
    filter.from ? gte(verifications.createdAt, filter.from) : undefined,
    filter.until ? lt(verifications.createdAt, filter.until) : undefined,
  )

/** Checks, the newest first. The order is total: no row of the same millisecond is skipped between two pages. */
export const pageOfVerifications = async (
  ex: Executor,
  filter: VerificationFilter,
  page: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ rows: VerificationRow[]; nextCursor: string | null } & CappedCount> => {
  const after = parseCursor(page.cursor)
  const where = matches(filter)
  const rows = await ex
    .select()
    .from(verifications)
    .where(
      and(
        where,
        after &&
          sql`(${verifications.createdAt}, ${verifications.id}) < (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`,
      ),
    )
    .orderBy(desc(verifications.createdAt), desc(verifications.id))
    .limit(page.limit)
  const last = rows.length === page.limit ? rows.at(-1) : undefined
  return {
    rows,
    nextCursor: last ? `${last.createdAt.toISOString()}/${last.id}` : null,
    ...(await countUpTo(ex, verifications, where)),
  }
}
