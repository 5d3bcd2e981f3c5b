export {
  clientSecretOf,
  createApplication,
  removeApplication,
  resetClientSecret,
  updateApplication,
} from './administer-applications.ts'
export { createOrganization, removeOrganization, updateOrganization } from './administer-organizations.ts'
export { createProvider, removeProvider, updateProvider } from './administer-providers.ts'
export {
  type ApiKey,
  createApiKey,
  holderOf,
  type KeyHolder,
  listApiKeys,
  revokeApiKey,
  revokeApiKeysOf,
} from './api-keys.ts'
export { type Approval, approvalOf, approveProvider, destinationOfProvider } from './approve-provider.ts'
export {
  type Actor,
  auditOrganization,
  isOpenTo,
  type OnSecretReplaced,
  type OrganizationsDeps,
  type ProviderGuard,
  SHARED_OWNER,
} from './deps.ts'
export { acquireQuota, recordFault, recordSuccess, releaseQuota, tryAcquire, usedThisMonth } from './health.ts'
export { usesKeys } from './judge-application.ts'
export {
  type NamePage,
  offsetPageOfApplications,
  offsetPageOfOrganizations,
  offsetPageOfProviders,
  type ProviderCursor,
  pageOfApplications,
  pageOfOrganizations,
  pageOfProviders,
  providersOfApplications,
} from './lists.ts'
export { probeProvider } from './probe-provider.ts'
export {
  findProvider,
  findProviderByWebhook,
  MASK,
  maskedConfig,
  openProvider,
  type ProviderRow,
  providerSecretAad,
  webhookUrlOf,
} from './provider-rows.ts'
export { isNativeApp, usableAddresses } from './redirect-addresses.ts'
export {
  type ApplicationRow,
  applicationOf,
  findApplication,
  findApplicationByClientId,
  findOrganization,
  listApplications,
  listOrganizations,
  listProviders,
  type OrganizationRow,
  providerRowsOf,
  usedBy,
} from './store.ts'
