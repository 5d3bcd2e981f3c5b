/** Logarithm of the gamma function, Lanczos' approximation (g = 7), for arguments from 0.5 on. */
const logGamma = (x: number): number => {
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ]
  const base = x + 6.5
  const sum = coefficients.reduce((total, value, index) => total + value / (x + index), 0.99999999999980993)
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum)
}

/** Chance of at most `events` in `trials` when each has chance `rate`. */
export const atMost = (events: number, trials: number, rate: number): number => {
  if (events >= trials || rate <= 0) return 1
  if (rate >= 1) return 0
  let sum = 0
  for (let k = 0; k <= events; k += 1)
    sum += Math.exp(
      logGamma(trials + 1) -
        logGamma(k + 1) -
        logGamma(trials - k + 1) +
        k * Math.log(rate) +
        (trials - k) * Math.log1p(-rate),
    )
  return Math.min(1, sum)
}

const bisect = (isBelow: (rate: number) => boolean): number => {
  let low = 0
  let high = 1
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2
    if (isBelow(middle)) low = middle
    else high = middle
  }
  return (low + high) / 2
}

export type Interval = { readonly low: number; readonly high: number }

/**
 * The exact 95 % interval of a rate (Clopper and Pearson 1934): the rates at which `events` of `trials` are not yet rarer than
 * 2.5 % on either side. Without trials it is everything.
 */
export const exactInterval = (events: number, trials: number): Interval => {
  if (trials === 0) return { low: 0, high: 1 }
  return {
    low: events === 0 ? 0 : bisect((rate) => 1 - atMost(events - 1, trials, rate) < 0.025),
    high: events === trials ? 1 : bisect((rate) => atMost(events, trials, rate) > 0.025),
  }
}
