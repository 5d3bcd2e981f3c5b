export { assertMayActFor } from './start-verification.ts'
export type { Verification } from './types.ts'
export { createVerification } from './verification.ts'
