import { openStates, type VerificationState } from '@veridoor/contract'
import { type Executor, isUuid, type Transaction } from '@veridoor/foundation'
import { and, asc, count, desc, eq, gt, inArray, isNotNull, isNull, lt, lte, min, ne, or, sql } from 'drizzle-orm'
import { incomingWebhooks, verifications } from './schema.ts'
import { canMove } from './states.ts'

/** A check as it is stored: `claim`, `finding`, `nextStep` and `reviewNote` are encrypted for the row. */
export type VerificationRow = typeof verifications.$inferSelect
export type NewVerification = typeof verifications.$inferInsert
/** Columns to change; the others stay. */
export type Fields = Partial<NewVerification>

/**
 * Writes a new check. A second open one of a person is the unique violation `verifications_open`; test runs are counted apart.
 */
export const insert = async (tx: Transaction, row: NewVerification): Promise<void> => {
  await tx.insert(verifications).values(row)
}

/**
 * The only way a state changes: compare-and-set along the table. Returns the row afterwards, or undefined when another process
 * changed it before; then there is nothing left to do.
 */
export const transition = async (
  tx: Transaction,
  row: { id: string; state: VerificationState },
  to: VerificationState,
  fields: Fields,
  at: Date,
): Promise<VerificationRow | undefined> => {
  const from = row.state
  if (!canMove(from, to)) throw new Error(`no transition from ${from} to ${to}`)
  const [moved] = await tx
    .update(verifications)
    .set({ ...fields, state: to, updatedAt: at })
    .where(and(eq(verifications.id, row.id), eq(verifications.state, from)))
    .returning()
  return moved
}

/** Changes without a transition, while the state is still the one that was read. */
export const updateIfUnchanged = async (
  ex: Executor,
  row: { id: string; state: VerificationState },
  fields: Omit<Fields, 'state'>,
  at: Date,
): Promise<boolean> => {
  const done = await ex
    .update(verifications)
    .set({ ...fields, updatedAt: at })
    .where(and(eq(verifications.id, row.id), eq(verifications.state, row.state)))
    .returning({ id: verifications.id })
  return done.length > 0
}

/** Counts an attempt to settle before it begins. Not a change of the check: `updatedAt` stays. */
export const countAttempt = async (ex: Executor, id: string): Promise<void> => {
  await ex
    .update(verifications)
    .set({ settleAttempts: sql`${verifications.settleAttempts} + 1` })
    .where(eq(verifications.id, id))
}

/** After an attempt that ended, in whatever way. */
export const resetAttempts = async (ex: Executor, id: string): Promise<void> => {
  await ex.update(verifications).set({ settleAttempts: 0 }).where(eq(verifications.id, id))
}

/** Undefined, too, for a text that cannot be an id: ids come from addresses. */
export const findById = async (ex: Executor, id: string): Promise<VerificationRow | undefined> => {
  if (!isUuid(id)) return undefined
  const [row] = await ex.select().from(verifications).where(eq(verifications.id, id))
  return row
}

/** A check by its id, or by the reference that people quote: `VD-7KQ2-M4XR`, in either case. */
export const findByIdOrReference = async (ex: Executor, text: string): Promise<VerificationRow | undefined> => {
  if (!/^VD-[A-Z0-9-]{1,20}$/i.test(text)) return findById(ex, text)
  const [row] = await ex.select().from(verifications).where(eq(verifications.reference, text.toUpperCase()))
  return row
}

/** The check whose webhooks come to an address. @param webhookDigest `digest` of the unguessable part of that address */
export const findByWebhookDigest = async (
  ex: Executor,
  webhookDigest: string,
): Promise<VerificationRow | undefined> => {
  const [row] = await ex.select().from(verifications).where(eq(verifications.webhookDigest, webhookDigest))
  return row
}

/** The check of a provider with this reference. References are compared as they are: some services tell them apart by case. */
export const findByProviderReference = async (
  ex: Executor,
  provider: { readonly owner: string; readonly name: string },
  reference: string,
): Promise<VerificationRow | undefined> => {
  const [row] = await ex
    .select()
    .from(verifications)
    .where(
      and(
        eq(verifications.providerOwner, provider.owner),
        eq(verifications.providerName, provider.name),
        eq(verifications.providerReference, reference),
      ),
    )
  return row
}

/** Two accounts with one document are decided one after the other, so that the second sees the first. Until the transaction's end. */
export const lockDocument = async (tx: Transaction, organization: string, fingerprint: string): Promise<void> => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${organization}:${fingerprint}`}, 1))`)
}

/** The one open check of a person, in `created`, `waiting`, `checking` or `review`; test runs left out. */
export const findOpen = async (ex: Executor, userId: string): Promise<VerificationRow | undefined> => {
  const [row] = await ex
    .select()
    .from(verifications)
    .where(
      and(
        eq(verifications.userId, userId),
        eq(verifications.isTest, false),
        inArray(verifications.state, [...openStates]),
      ),
    )
  return row
}

/** The check that a person started last, whatever its state; test runs left out. */
export const findLatest = async (ex: Executor, userId: string): Promise<VerificationRow | undefined> => {
  const [row] = await ex
    .select()
    .from(verifications)
    .where(and(eq(verifications.userId, userId), eq(verifications.isTest, false)))
    .orderBy(desc(verifications.createdAt))
    .limit(1)
  return row
}

/** The latest state of each of these people, for lists. */
export const latestStates = async (
  ex: Executor,
  userIds: readonly string[],
): Promise<Map<string, VerificationState>> => {
  if (userIds.length === 0) return new Map()
  const rows = await ex
    .selectDistinctOn([verifications.userId], { userId: verifications.userId, state: verifications.state })
    .from(verifications)
    .where(and(inArray(verifications.userId, [...userIds]), eq(verifications.isTest, false)))
    .orderBy(verifications.userId, desc(verifications.createdAt))
  return new Map(rows.map((row) => [row.userId, row.state]))
}

/** Checks after `since` that count as a try, and when the first of them was; null where there is none. */
export const triesSince = async (
  ex: Executor,
  userId: string,
  since: Date,
): Promise<{ tries: number; firstAt: Date | null }> => {
  const [row] = await ex
    .select({ tries: count(), firstAt: min(verifications.createdAt) })
    .from(verifications)
    .where(
      and(
        eq(verifications.userId, userId),
        eq(verifications.isTest, false),
        eq(verifications.countsAsTry, true),
        gt(verifications.createdAt, since),
      ),
    )
  return { tries: row?.tries ?? 0, firstAt: row?.firstAt ?? null }
}

/** Sessions opened at providers for a person, and when the first of them was; those that a fault ended are not the person's. */
export const sessionsSince = async (
  ex: Executor,
  userId: string,
  since: Date,
): Promise<{ sessions: number; firstAt: Date | null }> => {
  const [row] = await ex
    .select({ sessions: count(), firstAt: min(verifications.createdAt) })
    .from(verifications)
    .where(
      and(
        eq(verifications.userId, userId),
        eq(verifications.isTest, false),
        ne(verifications.state, 'failed'),
        isNotNull(verifications.providerReference),
        gt(verifications.createdAt, since),
      ),
    )
  return { sessions: row?.sessions ?? 0, firstAt: row?.firstAt ?? null }
}

/** The random reference that stands for a person at every provider, kept from their first verification on. */
export const subjectReferenceOf = async (ex: Executor, userId: string): Promise<string | undefined> => {
  const [row] = await ex
    .select({ subject: verifications.subjectReference })
    .from(verifications)
    .where(eq(verifications.userId, userId))
    .orderBy(asc(verifications.createdAt))
    .limit(1)
  return row?.subject
}

/** Unfinished ones whose next poll is due, and created ones that a crash left behind. */
export const findDue = (ex: Executor, now: Date, limit: number) =>
  ex
    .select({ id: verifications.id, state: verifications.state })
    .from(verifications)
    .where(
      or(
        and(inArray(verifications.state, ['waiting', 'checking']), lte(verifications.nextPollAt, now)),
        and(eq(verifications.state, 'created'), lt(verifications.createdAt, new Date(now.getTime() - 120_000))),
      ),
    )
    .limit(limit)

/** Ended ones whose retention is over, the longest waiting first. */
export const findToErase = (ex: Executor, now: Date, limit: number) =>
  ex
    .select()
    .from(verifications)
    .where(
      and(
        lte(verifications.eraseAfter, now),
        isNull(verifications.erasedAt),
        isNotNull(verifications.providerReference),
        // Whoever decides it may have to look at the pictures.
        ne(verifications.state, 'review'),
      ),
    )
    .orderBy(asc(verifications.eraseAfter))
    .limit(limit)

/** The checks of a person that a provider may still have something of. */
export const findUnerased = (ex: Executor, userId: string): Promise<VerificationRow[]> =>
  ex
    .select()
    .from(verifications)
    .where(
      and(eq(verifications.userId, userId), isNull(verifications.erasedAt), isNotNull(verifications.providerReference)),
    )

/** How many checks are open at a provider, test runs with them. */
export const countOpenAt = async (ex: Executor, owner: string, name: string): Promise<number> => {
  const [row] = await ex
    .select({ open: count() })
    .from(verifications)
    .where(
      and(
        eq(verifications.providerOwner, owner),
        eq(verifications.providerName, name),
        inArray(verifications.state, [...openStates]),
      ),
    )
  return row?.open ?? 0
}

/** Records a webhook once; a repeat is counted. Returns whether it was the first of its kind. */
export const recordWebhook = async (
  tx: Transaction,
  verificationId: string,
  bodyDigest: string,
  at: Date,
): Promise<boolean> => {
  const [row] = await tx
    .insert(incomingWebhooks)
    .values({ verificationId, digest: bodyDigest, receivedAt: at })
    .onConflictDoUpdate({
      target: [incomingWebhooks.verificationId, incomingWebhooks.digest],
      set: { copies: sql`${incomingWebhooks.copies} + 1` },
    })
    .returning({ copies: incomingWebhooks.copies })
  return row?.copies === 1
}

/** The webhooks of a check, the oldest first; `copies` counts how often the same one came. */
export const webhooksOf = (ex: Executor, verificationId: string) =>
  ex
    .select()
    .from(incomingWebhooks)
    .where(eq(incomingWebhooks.verificationId, verificationId))
    .orderBy(asc(incomingWebhooks.receivedAt))

/**
 * How many checks are in each state, test runs left out; a state without any is missing. `oldestReviewAt` is when the case that
 * waits longest in review, test runs with them, was last changed; null when none waits.
 * @param organization undefined for all
 */
export const countByState = async (ex: Executor, organization: string | undefined) => {
  const scope = organization === undefined ? undefined : eq(verifications.organization, organization)
  const rows = await ex
    .select({ state: verifications.state, total: count() })
    .from(verifications)
    .where(and(scope, eq(verifications.isTest, false)))
    .groupBy(verifications.state)
  const [oldest] = await ex
    .select({ at: min(verifications.updatedAt) })
    .from(verifications)
    .where(and(scope, eq(verifications.state, 'review')))
  return { counts: Object.fromEntries(rows.map((row) => [row.state, row.total])), oldestReviewAt: oldest?.at ?? null }
}
