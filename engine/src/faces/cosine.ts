import { type FaceLimits, faceLimits } from '../thresholds.ts'

/** Of two descriptors of unit length. */
export const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)

/** Whether two descriptors are taken to show one person: the threshold that a selfie and its portrait have to reach. */
export const isSameFace = (a: Float32Array, b: Float32Array, { match }: FaceLimits = faceLimits): boolean =>
  cosine(a, b) >= match
