export { EngineError, type EngineErrorCode, isFileFault } from './errors.ts'
export type * from './findings.ts'
export type { JobName, Jobs } from './jobs.ts'
export { createEnginePool, type EnginePool, type PoolOptions } from './pool.ts'
