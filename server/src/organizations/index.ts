export {
  type Actor,
  auditOrganization,
  createOrganizations,
  type Organizations,
  SHARED_OWNER,
} from './organizations.ts'
export { MASK, type ProviderRow } from './provider-rows.ts'
export { limitRate } from './rate-limit.ts'
