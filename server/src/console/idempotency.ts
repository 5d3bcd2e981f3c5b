import { randomUUID } from 'node:crypto'
import { ApiError } from '@veridoor/contract'
import { type Clock, type Database, digest, type EnvelopeCipher } from '@veridoor/foundation'
import { and, eq, isNull, lt, or } from 'drizzle-orm'
import { idempotentRequests as table } from './schema.ts'

const KEEP_MS = 86_400_000
/** A request takes less; one that has no answer after this time was lost with its process. */
const LOST_MS = 120_000

export type IdempotencyParts = { readonly db: Database; readonly cipher: EnvelopeCipher; readonly clock: Clock }
/** An answer as it was sent, for whoever repeats the request. */
export type Replay = { readonly status: number; readonly body: string }
/** Given back with the answer. */
export type Claim = { readonly keyDigest: string; readonly attempt: string }

const rowOf = (keyDigest: string): string => `idempotent:${keyDigest}`

/**
 * Claims an `Idempotency-Key` for this request, or gives what it was answered before. Of two at once only one is carried out.
 * @throws {ApiError} IDEMPOTENCY_MISMATCH when the key came with another request before; IDEMPOTENCY_RUNNING while that is at work
 */
export const claim = async (
  deps: IdempotencyParts,
  owner: string,
  key: string,
  request: { readonly method: string; readonly url: string; readonly body: string },
): Promise<Claim | Replay> => {
  const at = deps.clock.now()
  const values = {
    keyDigest: digest(JSON.stringify([owner, key])),
    requestDigest: digest(JSON.stringify([request.method, request.url, request.body])),
    attempt: randomUUID(),
    status: null,
    answer: null,
    createdAt: at,
  }
  const [claimed] = await deps.db
    .insert(table)
    .values(values)
    .onConflictDoUpdate({
      target: table.keyDigest,
      set: values,
      setWhere: or(
        lt(table.createdAt, new Date(at.getTime() - KEEP_MS)),
        and(
          isNull(table.status),
          eq(table.requestDigest, values.requestDigest),
          lt(table.createdAt, new Date(at.getTime() - LOST_MS)),
        ),
      ),
    })
    .returning({ attempt: table.attempt })
  if (claimed) return { keyDigest: values.keyDigest, attempt: values.attempt }
  const [row] = await deps.db.select().from(table).where(eq(table.keyDigest, values.keyDigest))
  if (row && row.requestDigest !== values.requestDigest) throw new ApiError('IDEMPOTENCY_MISMATCH')
  if (!row || row.status === null || row.answer === null) throw new ApiError('IDEMPOTENCY_RUNNING')
  return { status: row.status, body: deps.cipher.decrypt(row.answer, rowOf(row.keyDigest)) }
}

/** Stores the answer for a day, except for a 5xx and a 429: such a request may be sent again. */
export const storeAnswer = async (deps: IdempotencyParts, own: Claim, answer: Replay): Promise<void> => {
  const mine = and(eq(table.keyDigest, own.keyDigest), eq(table.attempt, own.attempt))
  if (answer.status >= 500 || answer.status === 429) await deps.db.delete(table).where(mine)
  else
    await deps.db
      .update(table)
      .set({ status: answer.status, answer: deps.cipher.encrypt(answer.body, rowOf(own.keyDigest)) })
      .where(mine)
}

/** Forgets what is older than a day. */
export const sweepIdempotency = async (deps: IdempotencyParts): Promise<void> => {
  await deps.db.delete(table).where(lt(table.createdAt, new Date(deps.clock.now().getTime() - KEEP_MS)))
}
