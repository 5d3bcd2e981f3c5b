import { sql } from 'drizzle-orm'
import type { VerifierParts } from './parts.ts'

/** Whether the database answers: without it nothing here does. */
export const isDatabaseUp = async ({ db }: Pick<VerifierParts, 'db'>): Promise<boolean> => {
  try {
    return (await db.execute(sql`select 1`)).rowCount === 1
  } catch {
    return false
  }
}

/** The Platform's answer about itself (section 4.14); `details` names only what is in trouble. */
export const healthAnswer = async (parts: Pick<VerifierParts, 'db'>): Promise<Record<string, unknown>> =>
  (await isDatabaseUp(parts))
    ? { status: 'UP' }
    : {
        status: 'DOWN',
        details: Object.fromEntries(
          ['api', 'callback', 'processing', 'retrieval', 'web'].map((name) => [name, 'DOWN']),
        ),
      }
