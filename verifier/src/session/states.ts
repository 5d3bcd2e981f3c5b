/** Attempts that a session has. Pictures that come by API start at the last one: nobody can be asked for another picture. */
export const LAST_ATTEMPT = 3

/**
 * Where a session stands. The database keeps two columns for it: `state` is what API clients are told, `phase` is where the capture
 * page stands.
 */
export const statuses = {
  open: { state: 'PENDING', phase: 'open' },
  checking: { state: 'PENDING', phase: 'checking' },
  done: { state: 'DONE', phase: 'ended' },
  failed: { state: 'FAILED', phase: 'ended' },
} as const
export type Status = keyof typeof statuses
export type StateColumns = (typeof statuses)[Status]

/** What a transition does to the number of the attempt. */
type AttemptRule = 'same' | 'next' | 'last'
type Transition = { readonly from: readonly Status[]; readonly to: Status; readonly attempt: AttemptRule }

/** Every way from one status to another. Nothing else changes `state`, `phase` or `attempt` (drawn in `verifier/README.md`). */
export const transitions = {
  /** All pictures are there, or the movement check failed for good: the engine looks. */
  submit: { from: ['open'], to: 'checking', attempt: 'same' },
  /** Pictures came by API, where nobody can be asked again. */
  submitByApi: { from: ['open'], to: 'checking', attempt: 'last' },
  /** One picture has to be taken again. */
  askAgain: { from: ['checking'], to: 'open', attempt: 'next' },
  /** There is a verdict; from `open` when a person left after a retake and the attempt before counts. */
  finish: { from: ['checking', 'open'], to: 'done', attempt: 'same' },
  /** There is no verdict: cancelled, timed out, or a fault of our own. */
  fail: { from: ['open', 'checking'], to: 'failed', attempt: 'same' },
} as const satisfies Record<string, Transition>
export type TransitionName = keyof typeof transitions

/** The status of a session's two columns. @throws {Error} for a pair that the table does not have, which the database rules out */
export const statusOf = (row: { readonly state: string; readonly phase: string }): Status => {
  const found = (Object.keys(statuses) as Status[]).find(
    (status) => statuses[status].state === row.state && statuses[status].phase === row.phase,
  )
  if (!found) throw new Error('a session has a state that does not exist')
  return found
}

const attemptAfter = (attempt: number, rule: AttemptRule): number =>
  rule === 'same' ? attempt : rule === 'last' ? LAST_ATTEMPT : attempt + 1

/** What a transition sets; undefined when it does not start at the session's status, or no attempt is left. Pure. */
export const columnsAfter = (
  row: { readonly state: string; readonly phase: string; readonly attempt: number },
  name: TransitionName,
): (StateColumns & { readonly attempt: number }) | undefined => {
  const { from, to, attempt: rule }: Transition = transitions[name]
  const attempt = attemptAfter(row.attempt, rule)
  return from.includes(statusOf(row)) && attempt <= LAST_ATTEMPT ? { ...statuses[to], attempt } : undefined
}
