export { createOrganizations, type Organizations } from './organizations.ts'
export { type Actor, auditOrganization, SHARED_OWNER } from './parts.ts'
export { MASK, type ProviderRow, providerSecretRow } from './provider-rows.ts'
export { forgetRates, forgiveRate, limitRate } from './rate-limit.ts'
