import { sql } from 'drizzle-orm'
import type { VerifierDeps } from '../deps.ts'

/** Whether the database answers: without it nothing here does. */
export const isDatabaseUp = async ({ db }: Pick<VerifierDeps, 'db'>): Promise<boolean> => {
  try {
    return (await db.execute(sql`select 1`)).rowCount === 1
  } catch {
    return false
  }
}

/** The Platform's answer about itself (section 4.14); `details` names only what is in trouble. */
export const healthAnswer = async (deps: Pick<VerifierDeps, 'db'>): Promise<Record<string, unknown>> =>
  (await isDatabaseUp(deps))
    ? { status: 'UP' }
    : {
        status: 'DOWN',
        details: Object.fromEntries(
          ['api', 'callback', 'processing', 'retrieval', 'web'].map((name) => [name, 'DOWN']),
        ),
      }
