export { mountApi } from './api.ts'
export type { Rooms } from './context.ts'
export { sessionTokenOf } from './session.ts'
