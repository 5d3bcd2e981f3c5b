import type { VerificationState } from '@veridoor/contract'

/**
 * The life of a verification. A state moves only along this table and only by compare-and-set (`store.transition`).
 *
 *   created ─► waiting ─► checking ─► verified | rejected | review
 *      │          │           │                     review ─► verified | rejected   (a named person, with a reason)
 *      │          └───────────┴─► expired
 *      └──────────┴───────────┴─► cancelled | failed
 */
export const transitions: Readonly<Record<VerificationState, readonly VerificationState[]>> = {
  created: ['waiting', 'cancelled', 'failed'],
  waiting: ['checking', 'expired', 'cancelled', 'failed'],
  checking: ['verified', 'rejected', 'review', 'expired', 'cancelled', 'failed'],
  review: ['verified', 'rejected'],
  verified: [],
  rejected: [],
  expired: [],
  cancelled: [],
  failed: [],
}

export const canMove = (from: VerificationState, to: VerificationState): boolean => transitions[from].includes(to)

/** Whether nothing moves it any more; `review` still moves. */
export const isFinal = (state: VerificationState): boolean => transitions[state].length === 0
