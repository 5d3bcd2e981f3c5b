export { type Accounts, createAccounts, type Guard, SESSION_DAYS } from './accounts.ts'
export type { IdentityChange } from './lock.ts'
export { BUILT_IN, type Caller, type Identity, missingFields, type User } from './users.ts'
