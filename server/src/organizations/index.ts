export type { KeyHolder } from './api-keys.ts'
export { type Actor, auditOrganization, isOpenTo, type ProviderGuard, SHARED_OWNER } from './deps.ts'
export { createOrganizations, type Organizations } from './organizations.ts'
export { MASK, type ProviderRow, providerSecretRow } from './provider-rows.ts'
export {
  deleteExpiredRateLimits as forgetRates,
  enforceRateLimit as limitRate,
  resetRateLimit as forgiveRate,
} from './rate-limit.ts'
