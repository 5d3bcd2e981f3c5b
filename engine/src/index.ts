export { EngineError, type EngineErrorCode, isFileFault } from './errors.ts'
export { isSameFace } from './faces/cosine.ts'
export { faceFinderWeights } from './faces/face-finder.ts'
export type * from './findings.ts'
export type { JobName, Jobs } from './jobs.ts'
export type { LivenessAnswer } from './liveness/assess.ts'
export {
  type LivenessFinding,
  type LivenessReason,
  longestPauseMs,
  type Movement,
  movements,
} from './liveness/judge.ts'
export { createEnginePool, type EnginePool, type PoolOptions } from './pool.ts'
export { type FaceLimits, faceLimits } from './thresholds.ts'
