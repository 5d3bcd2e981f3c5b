import { networkKey } from '@veridoor/foundation'

/** What one caller may use up in a window. */
export type Allowance = {
  /** Requests a minute from one address. */
  readonly requestsPerAddress: number
  /** Requests a minute for one client, from all addresses. */
  readonly requestsPerClient: number
  /** Characters of stored members a minute from one address. */
  readonly charactersPerAddress: number
}

/** Pushed requests live for one minute: what an address can store at once stays below 1 MB, encrypted and indexed. */
export const PUSHED_REQUESTS: Allowance = {
  requestsPerAddress: 300,
  requestsPerClient: 3000,
  charactersPerAddress: 256 * 1024,
}
/** Sign-ins that strangers begin: a company behind one address may begin many, but each keeps its members for hours. */
export const STARTED_SIGN_INS: Allowance = {
  requestsPerAddress: 600,
  requestsPerClient: 12_000,
  charactersPerAddress: 512 * 1024,
}

const WINDOW_MS = 60_000
/** Keys that are remembered at most. Above it the oldest windows go: a flood of addresses must not fill the memory. */
const MAXIMUM_KEYS = 50_000

/**
 * Counts requests and stored characters by network address and by client, in windows of one minute. Each node counts for itself: a limit
 * here keeps the database from filling up, and costs it no statement.
 */
export const createRequestLimits = (allowance: Allowance, now: () => number = Date.now) => {
  const windows = new Map<string, { startedAt: number; used: number }>()

  /** @returns whether the amount still fits into the key's window */
  const take = (key: string, amount: number, limit: number): boolean => {
    const at = now()
    let window = windows.get(key)
    if (!window || at - window.startedAt >= WINDOW_MS) {
      windows.delete(key)
      window = { startedAt: at, used: 0 }
      windows.set(key, window)
      if (windows.size > MAXIMUM_KEYS) {
        const [oldest = ''] = windows.keys()
        windows.delete(oldest)
      }
    }
    if (window.used + amount > limit) return false
    window.used += amount
    return true
  }

  return {
    /**
     * @param characters length of what would be stored
     * @returns seconds to wait, or undefined where the request may go on
     */
    waitFor(address: string, clientId: string, characters: number): number | undefined {
      const network = networkKey(address)
      const fits =
        take(`address:${network}`, 1, allowance.requestsPerAddress) &&
        take(`characters:${network}`, characters, allowance.charactersPerAddress) &&
        take(`client:${clientId}`, 1, allowance.requestsPerClient)
      return fits ? undefined : WINDOW_MS / 1000
    },
    /** Keys that are remembered now. */
    get size(): number {
      return windows.size
    },
  }
}
export type RequestLimits = ReturnType<typeof createRequestLimits>
