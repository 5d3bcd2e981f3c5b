import { createHash } from 'node:crypto'
import type { auditLines } from './schema.ts'

type Line = typeof auditLines.$inferSelect

/** What the first line of each chain follows. */
export const GENESIS = 'veridoor'

/** The digest of a line and of the one before it: a changed, removed or inserted line breaks every later one. */
export const hashOf = (line: Omit<Line, 'hash' | 'signature'>): string => {
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
