export { normalizeDocumentNumber } from './document-number.ts'
export type { FieldResult } from './field-result.ts'
export { type Claim, type Match, matchClaim } from './match-claim.ts'
export { isNameRead } from './names.ts'
