import {
  type CappedCount,
  type Clock,
  countUpTo,
  type Executor,
  keyedDigest,
  type Transaction,
} from '@veridoor/foundation'
import { and, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm'
import type { Budgets } from '../budgets/index.ts'
import { GENESIS, hashOf } from './chain.ts'
import { auditLines } from './schema.ts'
import { readHeads, readLines } from './store.ts'
import type { AuditEntry, AuditLine, Head } from './types.ts'
import { type ChainState, type VerifyOptions, verifyChains } from './verify-chain.ts'

/** Which lines a list has. `actor`, `action` and `target` are compared whole; `from` is included, `until` is not. */
export type AuditFilter = {
  organization?: string | undefined
  actor?: string | undefined
  action?: string | undefined
  target?: string | undefined
  reference?: string | undefined
  result?: 'ok' | 'refused' | 'failed' | undefined
  from?: Date | undefined
  until?: Date | undefined
}
/** A part of the record. */
export type AuditPage = { readonly lines: AuditLine[] } & CappedCount

/** The record of what happened: lines are added, and never changed. */
export type Audit = {
  /** Adds a line inside the caller's transaction: what is recorded and what happened stand or fall together. */
  append(tx: Transaction, entry: AuditEntry): Promise<void>
  /**
   * The newest first. `beforeNumber` pages within one organization: each numbers its own lines. The total is counted up to 10,000.
   */
  list(filter: AuditFilter & { beforeNumber?: number | undefined; limit: number }): Promise<AuditPage>
  /** The newest first, by place, for clients that know no cursors. */
  listByOffset(filter: { organization?: string | undefined; limit: number; offset: number }): Promise<AuditPage>
  /**
   * Lines from the newest to the oldest of one organization, read in batches, for an export of any size.
   */
  stream(filter: AuditFilter & { organization: string }): AsyncGenerator<AuditLine>
  /**
   * Recomputes the chain of one organization, or of all, and names the first line that does not fit: changed, signed with another
   * key, or missing although a checkpoint tells of it.
   * @param head of this organization, noted earlier
   */
  verify(organization?: string, head?: Pick<Head, 'number' | 'hash'>, options?: VerifyOptions): Promise<ChainState>
  /** Lines of one chain in their order, with their hashes, from the one after `afterNumber`. */
  read(organization: string, afterNumber: number, limit: number): Promise<AuditLine[]>
  /** The last line of each chain: note it outside of the database to prove later that it still stands. */
  heads(): Promise<Head[]>
}

/** What the record needs. `key` signs each line and is not in the database. */
export type AuditDeps = {
  readonly db: Executor
  readonly clock: Clock
  readonly key: Uint8Array
  /** Limits the lines that a member causes on their own account; an operator's command has none. */
  readonly budgets?: Budgets
  /** Checkpoints of this node, read anew for each verification. */
  readonly readCheckpoints?: () => NonNullable<VerifyOptions['checkpoints']>
}

/** Lines of an export that are in memory at once. */
const EXPORT_BATCH = 500

const matches = (filter: AuditFilter): SQL | undefined =>
  and(
    filter.organization === undefined ? undefined : eq(auditLines.organization, filter.organization),
    filter.actor ? eq(auditLines.actor, filter.actor) : undefined,
    filter.action ? eq(auditLines.action, filter.action) : undefined,
    filter.target ? eq(auditLines.target, filter.target) : undefined,
    filter.reference ? eq(auditLines.reference, filter.reference) : undefined,
    filter.result ? eq(auditLines.result, filter.result) : undefined,
    filter.from ? gte(auditLines.at, filter.from) : undefined,
    filter.until ? lt(auditLines.at, filter.until) : undefined,
  )

/** Lines that others can cause in a member's name have limits of their own. */
const withoutBudget = new Set(['sign-in', 'signup', 'ask-for-password'])

/** A member's act on their own account. Lines are never removed, so one member must not write any number of them. */
const spendBudget = async (deps: AuditDeps, tx: Transaction, entry: AuditEntry): Promise<void> => {
  const isOwnAct = entry.actor === entry.target && (entry.result ?? 'ok') === 'ok' && !withoutBudget.has(entry.action)
  if (isOwnAct) await deps.budgets?.spend(tx, 'audit_lines', { member: entry.actor })
}

/** The record in this database; `clock` dates its lines. */
export const createAudit = (deps: AuditDeps): Audit => {
  const { db, clock } = deps

  /** Numbers of one organization rise with time: its newest lines are read along the primary key. */
  const newest = (where: SQL | undefined, beforeNumber: number | undefined, limit: number, isOneChain: boolean) =>
    db
      .select()
      .from(auditLines)
      .where(and(where, beforeNumber === undefined ? undefined : lt(auditLines.number, beforeNumber)))
      .orderBy(...(isOneChain ? [] : [desc(auditLines.at), desc(auditLines.organization)]), desc(auditLines.number))
      .limit(limit)
  return {
    async append(tx, entry) {
      await spendBudget(deps, tx, entry)
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
      const hash = hashOf(line)
      await tx.insert(auditLines).values({ ...line, hash, signature: keyedDigest(deps.key, hash) })
    },

    async list(filter) {
      const where = matches(filter)
      const lines = await newest(where, filter.beforeNumber, filter.limit, filter.organization !== undefined)
      return { lines, ...(await countUpTo(db, auditLines, where)) }
    },

    async listByOffset(filter) {
      const where = matches(filter)
      const lines = await db
        .select()
        .from(auditLines)
        .where(where)
        .orderBy(desc(auditLines.at), desc(auditLines.organization), desc(auditLines.number))
        .limit(filter.limit)
        .offset(filter.offset)
      return { lines, ...(await countUpTo(db, auditLines, where)) }
    },

    async *stream(filter) {
      const where = matches(filter)
      let beforeNumber: number | undefined
      for (;;) {
        const lines = await newest(where, beforeNumber, EXPORT_BATCH, true)
        yield* lines
        beforeNumber = lines.at(-1)?.number
        if (lines.length < EXPORT_BATCH) return
      }
    },

    read: (organization, afterNumber, limit) => readLines(db, organization, afterNumber, limit),
    heads: () => readHeads(db),
    verify: (organization, head, options = {}) =>
      verifyChains(db, deps.key, organization, {
        checkpoints: options.checkpoints ?? deps.readCheckpoints?.() ?? [],
        noted: [
          ...(options.noted ?? []),
          ...(organization !== undefined && head ? [{ organization, number: head.number, hash: head.hash }] : []),
        ],
      }),
  }
}
