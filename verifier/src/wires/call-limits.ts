import type { Clock } from '@veridoor/foundation'
import { createRateLimit } from '../http/rate-limit.ts'
import type { Client } from '../session/schema.ts'

const SECOND_MS = 1_000
/** Calls that read or send pictures, for each session that a client may start. */
const OTHERS_PER_START = 20

/**
 * Limits of this verifier, by client: new sessions as its settings say, and twenty times as many other calls. Jumio's published rates
 * belong to clients that call Jumio (`jumio/src/pace.ts`). Each process counts for itself.
 */
export const createCallLimits = (clock: Clock) => {
  const starts = createRateLimit(clock, 50, SECOND_MS)
  const others = createRateLimit(clock, 50 * OTHERS_PER_START, SECOND_MS)
  const tokens = createRateLimit(clock, 50, SECOND_MS)
  return {
    /** Milliseconds to wait before a session may be started. */
    start: (client: Client): number => starts(client.token, client.startsPerSecond),
    retrieve: (client: Client): number => others(client.token, client.startsPerSecond * OTHERS_PER_START),
    token: (client: Client): number => tokens(client.token, client.startsPerSecond),
  }
}
