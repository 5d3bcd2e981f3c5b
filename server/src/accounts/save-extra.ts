import { readExtra } from '@veridoor/contract'
import { eq, sql } from 'drizzle-orm'
import type { AccountsDeps } from './deps.ts'
import { users } from './schema.ts'

/** Replaces the keys of an account that are kept for other clients only. This server stores them and decides nothing by them. */
export const saveExtra = async (
  deps: AccountsDeps,
  userId: string,
  extra: Readonly<Record<string, unknown>>,
): Promise<void> => {
  await deps.db
    .update(users)
    .set({ extra: readExtra(extra), updatedAt: deps.clock.now(), version: sql`${users.version} + 1` })
    .where(eq(users.id, userId))
}
