import type {
  Account,
  ComparisonRow,
  VerificationDetail,
  VerificationRow,
  VerificationState,
  VerificationView,
} from '@veridoor/contract'
import type { HttpApp, Transaction } from '@veridoor/foundation'
import type { Picture } from '@veridoor/providers'
import type { z } from 'zod'
import type { Caller, User } from '../accounts/index.ts'
import type { Evidence } from './evidence.ts'

export type View = z.infer<typeof VerificationView>
export type Detail = z.infer<typeof VerificationDetail>
export type Row = z.infer<typeof VerificationRow>
export type StartState = z.infer<typeof Account>['start']
export type Comparison = z.infer<typeof ComparisonRow>

/** What other rooms may ask of the verification room. Every function that takes a caller checks what the caller may do. */
export type Verification = {
  /**
   * Starts a verification of `target` and hands out where the person goes on.
   * @throws Refusal START_REFUSED with a sentence code, NOT_FOUND, FORBIDDEN, PROVIDER_OUTAGE
   */
  start(
    caller: Caller,
    target: { organization: string; name: string },
    options?: { test?: { organization: string; provider: string } },
  ): Promise<View>
  /** Whether `user` may press Verify Identity now; otherwise why not. */
  startState(user: User): Promise<StartState>
  /** The open or latest verification of a person, test runs left out. */
  latest(userId: string): Promise<View | null>
  /** The latest state of each of these people, for lists. */
  latestStates(userIds: readonly string[]): Promise<Map<string, VerificationState>>
  list(
    caller: Caller,
    filter: {
      organization?: string | undefined
      state?: VerificationState | undefined
      user?: string | undefined
      cursor?: string | undefined
      limit: number
    },
  ): Promise<{ items: Row[]; nextCursor: string | null; total: number }>
  read(caller: Caller, id: string): Promise<Detail>
  state(caller: Caller, id: string): Promise<View>
  cancel(caller: Caller, id: string): Promise<View>
  review(
    caller: Caller,
    id: string,
    decision: { decision: 'approve' | 'reject'; reason: string; note: string },
  ): Promise<Detail>
  /** Pictures of a check, for staff, from the provider; each look is recorded. */
  lookAtPictures(caller: Caller, id: string, reason: string): Promise<readonly Picture[]>
  /** Counts by state and the oldest case in review, for the dashboard. */
  overview(caller: Caller): Promise<{ counts: Record<string, number>; oldestReviewAt: Date | null }>
  /** What an account was sealed by; undefined when there is nothing to tell. */
  evidenceOf(id: string): Promise<Evidence | undefined>
  /** Passed to accounts as a guard: refuses a change of identity fields while a check is open. */
  assertNoneOpen(tx: Transaction, userId: string): Promise<void>
  /** Passed to accounts: has providers delete what they have of a person who is being deleted. */
  sayFarewell(tx: Transaction, userId: string): Promise<void>
  /** Passed to organizations as a guard: refuses the removal of a provider with open checks. */
  assertNoneOpenAt(tx: Transaction, owner: string, name: string): Promise<void>
  /** Mounts `POST /notices/:token` and the return pages. */
  routes(app: HttpApp): void
  /** Makes the queues, so that others may send before anyone works. */
  prepare(): Promise<void>
  /** Registers workers and the sweeper. */
  work(): Promise<void>
  stop(): Promise<void>
}
