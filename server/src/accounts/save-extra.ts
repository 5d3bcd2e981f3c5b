import { eq, sql } from 'drizzle-orm'
import type { Parts } from './parts.ts'
import { users } from './schema.ts'

/** Replaces the keys of an account that are kept for other clients only. Nothing of ours reads them, so nothing is decided by them. */
export const saveExtra = async (
  parts: Parts,
  userId: string,
  extra: Readonly<Record<string, unknown>>,
): Promise<void> => {
  await parts.db
    .update(users)
    .set({ extra: { ...extra }, updatedAt: parts.clock.now(), version: sql`${users.version} + 1` })
    .where(eq(users.id, userId))
}
