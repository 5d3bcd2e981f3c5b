import type {
  Account,
  ComparisonRow,
  VerificationDetail,
  VerificationRow,
  VerificationState,
  VerificationView,
} from '@veridoor/contract'
import type { CappedCount, HttpApp, Transaction } from '@veridoor/foundation'
import type { EmbedOrigins, Picture } from '@veridoor/providers'
import type { z } from 'zod'
import type { Caller, User } from '../accounts/index.ts'
import type { EmbeddedCheck } from './embed.ts'
import type { SessionUserOf } from './routes.ts'
import type { VerifiedIdentity } from './verified-identity.ts'

/** A check as the person and their administrators see it. */
export type View = z.infer<typeof VerificationView>
/** A check with all that staff see of it. */
export type Detail = z.infer<typeof VerificationDetail>
/** A check as a list shows it to staff. */
export type Row = z.infer<typeof VerificationRow>
/** Whether a person may start a check now; otherwise why not. */
export type StartState = z.infer<typeof Account>['start']
/** One field of the claim beside what the document shows. */
export type Comparison = z.infer<typeof ComparisonRow>

/**
 * What other rooms may ask of the verification room. Every function that takes a caller checks what the caller may do, but
 * `overview`: it only keeps to their organization.
 */
export type Verification = {
  /**
   * Starts a verification of `target` and hands out where the person goes on.
   * @throws {ApiError} START_REFUSED with a sentence code, NOT_FOUND, FORBIDDEN, PROVIDER_OUTAGE, TOO_MANY_REQUESTS
   */
  start(
    caller: Caller,
    target: { organization: string; name: string },
    options?: {
      test?: { organization: string; provider: string }
      browser?: { userAgent: string; language: string }
      /** Started in a browser session: the person has to come back signed in to the same account, else a reviewer decides. */
      isBound?: boolean
    },
  ): Promise<View>
  /** Whether `user` may press Verify Identity now; otherwise why not. */
  startState(user: User): Promise<StartState>
  /** The open or latest verification of a person, test runs left out. */
  latest(userId: string): Promise<View | null>
  /** The latest state of each of these people, for lists. */
  latestStates(userIds: readonly string[]): Promise<Map<string, VerificationState>>
  /**
   * Checks of the organizations that an administrator sees, the newest first. `nextCursor` is null once a page is not full.
   * @throws {ApiError} FORBIDDEN for who is no administrator; NOT_FOUND for another organization; INVALID_INPUT for a cursor
   *   that is none
   */
  list(
    caller: Caller,
    filter: {
      organization?: string | undefined
      state?: VerificationState | undefined
      user?: string | undefined
      isTest?: boolean | undefined
      reference?: string | undefined
      provider?: { owner: string; name: string } | undefined
      application?: string | undefined
      /** ISO 8601; included. */
      from?: string | undefined
      /** ISO 8601; not included. */
      until?: string | undefined
      cursor?: string | undefined
      limit: number
    },
  ): Promise<{ items: Row[]; nextCursor: string | null } & CappedCount>
  /** @throws {ApiError} NOT_FOUND, for a check of another organization too; FORBIDDEN for who is no administrator */
  read(caller: Caller, id: string): Promise<Detail>
  /** For the person and their administrators. @throws {ApiError} NOT_FOUND, FORBIDDEN */
  state(caller: Caller, id: string): Promise<View>
  /** How the person goes on with an embedded check. @throws {ApiError} NOT_FOUND, CHANGED_MEANWHILE */
  embed(caller: Caller, id: string): Promise<EmbeddedCheck>
  /** The origins that the page with a check is opened for; null unless it is embedded and waits for this person. */
  embedOriginsOf(userId: string, id: string): Promise<EmbedOrigins | null>
  /** @throws {ApiError} NOT_FOUND, FORBIDDEN; CHANGED_MEANWHILE once it is in review or has ended */
  cancel(caller: Caller, id: string): Promise<View>
  /**
   * Decides a check in review; nobody decides about themself.
   * @throws {ApiError} NOT_FOUND, FORBIDDEN; CHANGED_MEANWHILE when it is not in review; NOT_APPROVABLE
   */
  review(
    caller: Caller,
    id: string,
    decision: { decision: 'approve' | 'reject'; reason: string; note: string },
  ): Promise<Detail>
  /** Pictures of a check, for staff, from the provider; each look is recorded. */
  lookAtPictures(caller: Caller, id: string, reason: string): Promise<readonly Picture[]>
  /** Counts by state and the oldest case in review, for the dashboard. */
  overview(caller: Caller): Promise<{ counts: Record<string, number>; oldestReviewAt: Date | null }>
  /** What an account was verified by; undefined unless the signatures of identity and decision hold. */
  verifiedIdentityOf(user: User): Promise<VerifiedIdentity | undefined>
  /** Passed to accounts as a guard: refuses a change of identity fields while a check is open. */
  assertNoneOpen(tx: Transaction, userId: string): Promise<void>
  /** Passed to accounts: has providers delete what they have of a person who is being deleted. */
  forgetUserAtProviders(tx: Transaction, userId: string): Promise<void>
  /** Passed to organizations as a guard: refuses the removal of a provider with open checks. */
  assertNoneOpenAt(tx: Transaction, owner: string, name: string): Promise<void>
  /** Mounts `POST /notices/:token`, the return pages and the modules of embedded checks. */
  routes(app: HttpApp, sessionUserOf: SessionUserOf): void
  /** Makes the queues, so that others may send before anyone works. */
  prepare(): Promise<void>
  /** Registers workers and the sweeper. */
  work(): Promise<void>
  stop(): Promise<void>
}
