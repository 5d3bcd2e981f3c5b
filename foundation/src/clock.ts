/** Time comes from here, so that tests move it. */
export type Clock = { now(): Date }

/** The time of this machine. */
export const systemClock: Clock = { now: () => new Date() }

/** A clock for tests: stands still until told. */
export const fakeClock = (start: Date): Clock & { advance(ms: number): void; set(at: Date): void } => {
  let at = start.getTime()
  return {
    now: () => new Date(at),
    advance: (ms) => {
      at += ms
    },
    set: (to) => {
      at = to.getTime()
    },
  }
}
