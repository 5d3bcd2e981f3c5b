import { asksForFace } from '@veridoor/jumio'
import type { Client, LivenessMode, Session } from '../schema.ts'

/** Challenges of a session that may be judged and not passed, or left by a person who had seen what to do. */
export const MOVEMENT_TRIES = 3

/** The movement check of a new session that may come to the capture page. */
export const livenessOf = (client: Client, workflowId: number): LivenessMode | null =>
  asksForFace(workflowId) ? client.liveness : null

export const hasMovement = (session: Session): boolean =>
  session.liveness !== null && session.liveness !== 'off' && asksForFace(session.workflowId) && !session.alternative

export const triesLeft = (session: Session): number => Math.max(0, MOVEMENT_TRIES - session.livenessTries)
