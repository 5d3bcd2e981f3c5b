import { asksForFace } from '@veridoor/jumio'
import type { Session } from './schema.ts'

/** Attempts that a session has; one whose pictures come by API has nobody to ask again, so it starts at its last. */
export const LAST_ATTEMPT = 3

/** Milliseconds without an action after which an opened session is over (wire contract, 3.1). */
export const IDLE_MS = 15 * 60_000

/** When an open session is over by itself, in milliseconds of the epoch: never opened within its link's life, or left. */
export const endsAtMs = (session: Pick<Session, 'startedAt' | 'lastActionAt' | 'tokenExpiresAt'>): number =>
  session.startedAt ? session.lastActionAt.getTime() + IDLE_MS : session.tokenExpiresAt.getTime()

/** Whether a selfie is asked for: by the workflow, unless the person took the other way. */
export const wantsFace = (session: Pick<Session, 'workflowId' | 'alternative'>): boolean =>
  asksForFace(session.workflowId) && !session.alternative
