export { mountApi } from './api.ts'
export type { Rooms } from './context.ts'
export { sweepIdempotency } from './idempotency.ts'
export { enter, sessionTokenOf } from './session.ts'
