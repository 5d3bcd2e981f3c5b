export type { Verification } from './types.ts'
export { createVerification } from './verification.ts'
