import type { Session } from './schema.ts'

/** Milliseconds without an action after which an opened session is over (wire contract, 3.1). */
export const IDLE_MS = 15 * 60_000

/** When an open session ends by itself, in milliseconds of the epoch: never opened within its link's life, or left. */
export const endsAtMs = (session: Pick<Session, 'startedAt' | 'lastActionAt' | 'tokenExpiresAt'>): number =>
  session.startedAt ? session.lastActionAt.getTime() + IDLE_MS : session.tokenExpiresAt.getTime()

/** Whether a selfie is asked for: by the workflow, unless the person took the way without one. */
export const wantsFace = (session: Pick<Session, 'asksForFace' | 'alternative'>): boolean =>
  session.asksForFace && !session.alternative
