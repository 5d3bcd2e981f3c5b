export {
  type Actor,
  auditOrganization,
  createOrganizations,
  type Organizations,
  SHARED_OWNER,
} from './organizations.ts'
export { MASK, type ProviderRow, providerSecretRow } from './provider-rows.ts'
export { forgetRates, forgiveRate, limitRate } from './rate-limit.ts'
