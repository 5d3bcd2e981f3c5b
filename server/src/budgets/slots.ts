/** Slots of one in-flight budget in this process: counters by key, and a bounded queue of those who wait. */
export type Slots = {
  /** Takes one slot under every key, or none. @returns what gives them back (once), or the key that is used up */
  tryAcquire(keys: ReadonlyMap<string, number>): (() => void) | { readonly exhausted: string }
  /**
   * As `tryAcquire`, but waits in a queue of bounded length, in order of arrival.
   * @returns undefined when the queue is full or `waitMs` has passed
   */
  acquire(keys: ReadonlyMap<string, number>): Promise<(() => void) | undefined>
  /** Slots taken now, under all keys together. */
  readonly taken: number
  readonly waiting: number
}

type Waiter = { readonly keys: ReadonlyMap<string, number>; readonly wake: (release: (() => void) | undefined) => void }

/** @param options.queue how many may wait @param options.waitMs for how long at most */
export const createSlots = (options: { queue: number; waitMs: number }): Slots => {
  const held = new Map<string, number>()
  const waiters: Waiter[] = []
  let taken = 0

  const tryAcquire: Slots['tryAcquire'] = (keys) => {
    for (const [key, limit] of keys) if ((held.get(key) ?? 0) >= limit) return { exhausted: key }
    for (const key of keys.keys()) held.set(key, (held.get(key) ?? 0) + 1)
    taken += 1
    let isReleased = false
    return () => {
      if (isReleased) return
      isReleased = true
      taken -= 1
      for (const key of keys.keys()) {
        const left = (held.get(key) ?? 1) - 1
        if (left > 0) held.set(key, left)
        else held.delete(key)
      }
      wakeNext()
    }
  }

  const wakeNext = (): void => {
    for (let index = 0; index < waiters.length; index += 1) {
      const waiter = waiters[index] as Waiter
      const release = tryAcquire(waiter.keys)
      if (typeof release !== 'function') continue
      waiters.splice(index, 1)
      waiter.wake(release)
      return
    }
  }

  return {
    tryAcquire,
    acquire(keys) {
      const release = waiters.length === 0 ? tryAcquire(keys) : { exhausted: '' }
      if (typeof release === 'function') return Promise.resolve(release)
      if (waiters.length >= options.queue) return Promise.resolve(undefined)
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          const index = waiters.indexOf(waiter)
          if (index >= 0) waiters.splice(index, 1)
          resolve(undefined)
        }, options.waitMs)
        const waiter: Waiter = {
          keys,
          wake: (got) => {
            clearTimeout(timer)
            resolve(got)
          },
        }
        waiters.push(waiter)
      })
    },
    get taken() {
      return taken
    },
    get waiting() {
      return waiters.length
    },
  }
}
