import { createHash } from 'node:crypto'
import type { Clock, Executor, Transaction } from '@veridoor/foundation'
import { and, asc, count, desc, eq, gt, lt, sql } from 'drizzle-orm'
import { auditLines } from './schema.ts'

/** What happened. Names of accounts and objects, known words and opaque ids; never a secret or a document number. */
export type AuditEntry = {
  readonly organization: string
  /** `org/name` of a person, `app/<name>`, `operator` for commands on the machine, or `system`. */
  readonly actor: string
  readonly action: string
  readonly target: string
  readonly provider?: string | null
  readonly reference?: string | null
  readonly before?: string | null
  readonly after?: string | null
  readonly reasons?: readonly string[]
  readonly result?: 'ok' | 'refused' | 'failed'
  readonly address?: string
}

/** A line as it is stored, with its place in the chain of its organization. */
export type AuditLine = typeof auditLines.$inferSelect
/** Where a chain stood: number and hash of its last line. */
export type Head = { readonly organization: string; readonly number: number; readonly hash: string }
/** `lines` fit, from the first one on; `firstBadLine` is where it breaks or ends too early, null when all is well. */
export type ChainState = { readonly ok: boolean; readonly lines: number; readonly firstBadLine: number | null }

/** The record of what happened: lines are added, and never changed. */
export type Audit = {
  /** Adds a line inside the caller's transaction: what is recorded and what happened stand or fall together. */
  append(tx: Transaction, entry: AuditEntry): Promise<void>
  /**
   * The newest first. `total` counts all that fit, whatever page is asked for. `beforeNumber` pages within one organization: each
   * counts its own lines.
   */
  list(filter: {
    organization?: string | undefined
    action?: string | undefined
    target?: string | undefined
    reference?: string | undefined
    beforeNumber?: number | undefined
    limit: number
  }): Promise<{ lines: AuditLine[]; total: number }>
  /**
   * Recomputes the chain of one organization, or of all; names the first line that does not fit. With a `head` that was
   * noted earlier, of one organization, it also tells whether the end was cut off, or rewritten as a whole.
   */
  verify(
    organization?: string,
    head?: Pick<Head, 'number' | 'hash'>,
  ): Promise<ChainState & { organization: string | null }>
  /** Lines of one chain in their order, with their hashes, from the one after `afterNumber`. */
  read(organization: string, afterNumber: number, limit: number): Promise<AuditLine[]>
  /** The last line of each chain: note it outside of the database to prove later that it still stands. */
  heads(): Promise<Head[]>
}

const GENESIS = 'veridoor'

/** The digest of a line and of the one before it: a changed, removed or inserted line breaks every later one. */
const hashOf = (line: Omit<AuditLine, 'hash'>): string => {
  const canonical = JSON.stringify([
    line.organization,
    line.number,
    line.at.toISOString(),
    line.actor,
    line.action,
    line.target,
    line.provider,
    line.reference,
    line.before,
    line.after,
    line.reasons,
    line.result,
    line.address,
    line.previousHash,
  ])
  return createHash('sha256').update(canonical).digest('base64url')
}

/** The record in this database; `clock` dates its lines. */
export const createAudit = (parts: { db: Executor; clock: Clock }): Audit => {
  const { db, clock } = parts

  const read = (organization: string, afterNumber: number, limit: number): Promise<AuditLine[]> =>
    db
      .select()
      .from(auditLines)
      .where(and(eq(auditLines.organization, organization), gt(auditLines.number, afterNumber)))
      .orderBy(asc(auditLines.number))
      .limit(limit)

  const verifyOne = async (organization: string, head?: Pick<Head, 'number' | 'hash'>): Promise<ChainState> => {
    let previousHash = GENESIS
    let expected = 1
    for (;;) {
      const lines = await read(organization, expected - 1, 1000)
      for (const line of lines) {
        const fits =
          line.number === expected &&
          line.previousHash === previousHash &&
          line.hash === hashOf(line) &&
          (head?.number !== line.number || head.hash === line.hash)
        if (!fits) return { ok: false, lines: expected - 1, firstBadLine: expected }
        previousHash = line.hash
        expected += 1
      }
      if (lines.length < 1000) {
        const isWhole = head === undefined || head.number < expected
        return { ok: isWhole, lines: expected - 1, firstBadLine: isWhole ? null : expected }
      }
    }
  }

  return {
    async append(tx, entry) {
      // One writer an organization at a time: the lock is held to the end of the caller's transaction.
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('audit:' || ${entry.organization}, 0))`)
      const [last] = await tx
        .select({ number: auditLines.number, hash: auditLines.hash })
        .from(auditLines)
        .where(eq(auditLines.organization, entry.organization))
        .orderBy(desc(auditLines.number))
        .limit(1)
      const line = {
        organization: entry.organization,
        number: (last?.number ?? 0) + 1,
        at: clock.now(),
        actor: entry.actor,
        action: entry.action,
        target: entry.target,
        provider: entry.provider ?? null,
        reference: entry.reference ?? null,
        before: entry.before ?? null,
        after: entry.after ?? null,
        reasons: [...(entry.reasons ?? [])],
        result: entry.result ?? 'ok',
        address: entry.address ?? '',
        previousHash: last?.hash ?? GENESIS,
      }
      await tx.insert(auditLines).values({ ...line, hash: hashOf(line) })
    },

    async list(filter) {
      const wanted = and(
        filter.organization === undefined ? undefined : eq(auditLines.organization, filter.organization),
        filter.action ? eq(auditLines.action, filter.action) : undefined,
        filter.target ? eq(auditLines.target, filter.target) : undefined,
        filter.reference ? eq(auditLines.reference, filter.reference) : undefined,
      )
      const [sum] = await db.select({ total: count() }).from(auditLines).where(wanted)
      const lines = await db
        .select()
        .from(auditLines)
        .where(and(wanted, filter.beforeNumber === undefined ? undefined : lt(auditLines.number, filter.beforeNumber)))
        .orderBy(desc(auditLines.at), desc(auditLines.number))
        .limit(filter.limit)
      return { lines, total: sum?.total ?? 0 }
    },

    read,

    heads: () =>
      db
        .selectDistinctOn([auditLines.organization], {
          organization: auditLines.organization,
          number: auditLines.number,
          hash: auditLines.hash,
        })
        .from(auditLines)
        .orderBy(auditLines.organization, desc(auditLines.number)),

    async verify(organization, head) {
      if (organization !== undefined) return { ...(await verifyOne(organization, head)), organization }
      const names = await db
        .selectDistinct({ name: auditLines.organization })
        .from(auditLines)
        .orderBy(auditLines.organization)
      let lines = 0
      for (const { name } of names) {
        const state = await verifyOne(name)
        if (!state.ok) return { ...state, organization: name }
        lines += state.lines
      }
      return { ok: true, lines, firstBadLine: null, organization: null }
    },
  }
}
