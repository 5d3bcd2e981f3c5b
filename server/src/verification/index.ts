export { EMBED_PAGE } from './deps.ts'
export { assertMayActFor } from './may.ts'
export type { Verification } from './types.ts'
export { createVerification } from './verification.ts'
