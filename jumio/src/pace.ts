import { JumioError } from './errors.ts'

/** Classes of calls that Jumio counts apart, each per tenant and host (section 2.8 of the contract's guides). */
export type RateClass = 'v4-initiate' | 'v4-retrieval' | 'platform-token' | 'platform-account' | 'platform-retrieval'

/** At most `calls` begin within any `perMs` milliseconds. */
export type Rate = { readonly calls: number; readonly perMs: number }

/**
 * What Jumio documents for customers since March 2024; older contracts allow more, yours may allow other figures.
 * Account calls may come in short bursts: five in five seconds is one a second.
 */
export const documentedRates: Readonly<Record<RateClass, Rate>> = {
  'v4-initiate': { calls: 5, perMs: 5_000 },
  'v4-retrieval': { calls: 75, perMs: 5_000 },
  'platform-token': { calls: 10, perMs: 1_000 },
  'platform-account': { calls: 5, perMs: 5_000 },
  'platform-retrieval': { calls: 15, perMs: 1_000 },
}

/** Keeps the calls of this process within the other side's limits, for each host, account there (`who`) and class of calls. */
export type Pace = {
  /**
   * Reserves the next free moment.
   * @returns milliseconds to wait before the call
   * @throws {JumioError} `rate_limited`, retryable, with `retryAfterMs`, when the wait would be too long: nothing was sent
   */
  reserve(who: string, kind: RateClass): number
  /** The other side asked to wait: no call of this class begins there before. */
  hold(who: string, kind: RateClass, ms: number): void
}

/**
 * @param options.rates replaces the documented figures of some classes
 * @param options.longestWaitMs waits longer than this are faults instead; 5,000 when left out
 * @param options.now a clock that never jumps, in milliseconds; the wall clock may be set while calls are under way
 * @example
 * const pace = createPace({ rates: { 'v4-initiate': { calls: 15, perMs: 5_000 } } })
 * const jumio = createV4Client({ baseUrl, token, secret, userAgent, pace })
 */
export const createPace = (
  options: { rates?: Partial<Record<RateClass, Rate>>; longestWaitMs?: number; now?: () => number } = {},
): Pace => {
  const rates = { ...documentedRates, ...options.rates }
  const longestWaitMs = options.longestWaitMs ?? 5_000
  const now = options.now ?? (() => performance.now())
  /** Moments at which calls began or will begin, the latest `calls` of them, in order. */
  const begun = new Map<string, number[]>()
  const heldUntil = new Map<string, number>()

  return {
    reserve(who, kind) {
      const key = `${kind} ${who}`
      const { calls, perMs } = rates[kind]
      const moments = begun.get(key) ?? []
      const oldest = moments.length >= calls ? (moments[moments.length - calls] ?? 0) + perMs : 0
      const at = Math.max(now(), oldest, heldUntil.get(key) ?? 0)
      const waitMs = at - now()
      if (waitMs > longestWaitMs)
        throw new JumioError('rate_limited', { retryable: true, retryAfterMs: Math.ceil(waitMs) })
      begun.set(key, [...moments, at].slice(-calls))
      return waitMs
    },
    hold(who, kind, ms) {
      const key = `${kind} ${who}`
      heldUntil.set(key, Math.max(heldUntil.get(key) ?? 0, now() + ms))
    },
  }
}

/** Shared by the clients of this process that talk to Jumio itself. */
export const sharedPace: Pace = createPace()
