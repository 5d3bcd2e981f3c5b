import { wantsFace } from '../rules.ts'
import type { Client, LivenessMode, Session } from '../schema.ts'

/** Challenges of a session that may be judged and not passed, or left by a person who had seen what to do. */
export const MOVEMENT_TRIES = 3

/** The movement check of a new session that may come to the capture page. */
export const livenessOf = (client: Client, asksForFace: boolean): LivenessMode | null =>
  asksForFace ? client.liveness : null

/** Whether a session has a movement check at all, including one that may be skipped. */
export const hasMovement = (session: Session): boolean =>
  session.liveness !== null && session.liveness !== 'off' && wantsFace(session)

/** Challenges that the person may still fail or leave before the check counts as failed. */
export const triesLeft = (session: Session): number => Math.max(0, MOVEMENT_TRIES - session.livenessTries)
