import { type Clock, type Executor, keyedDigest, type Transaction } from '@veridoor/foundation'
import { and, count, desc, eq, lt, sql } from 'drizzle-orm'
import type { Budgets } from '../budgets/index.ts'
import { GENESIS, hashOf } from './chain.ts'
import { auditLines } from './schema.ts'
import { readHeads, readLines } from './store.ts'
import type { AuditEntry, AuditLine, Head } from './types.ts'
import { type ChainState, type VerifyOptions, verifyChains } from './verify-chain.ts'

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
