/** Numbers from 0 up to 1, the same for the same seed: small, and enough for noise and made-up persons (mulberry32). */
export type Random = () => number

/** Numbers of this seed (32 bits of it), from its first one on. */
export const seeded = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A number from `least` up to, but without, `most`. */
export const between = (random: Random, least: number, most: number): number => least + (most - least) * random()

/** One of a list, each as likely; the list must not be empty. */
export const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
