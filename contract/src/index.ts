import './field-errors.ts'

export { api } from './api.ts'
export { Account } from './api-account.ts'
export {
  type ClientAuthentication,
  ClientId,
  ClientSecret,
  clientAuthentications,
  type SecurityProfile,
  securityProfiles,
  type TokenFormat,
  tokenFormats,
} from './api-applications.ts'
export { AuditExport } from './api-audit.ts'
export { type ApiScope, apiScopes, type ManagementLevel, managementLevels, managementScopes } from './api-keys.ts'
export { ComparisonRow, VerificationDetail, VerificationRow, VerificationView } from './api-verifications.ts'
export { webhookTestType, webhookTypes } from './api-webhooks.ts'
export * from './capture.ts'
export * from './countries.ts'
export {
  type DocumentKindDefinition,
  documentKindOf,
  documentKinds,
  documentTypeLabels,
  documentTypeName,
  documentTypes,
  documentTypesAcceptedByDefault,
  isDocumentType,
} from './documents/index.ts'
export * from './errors.ts'
export * from './identity.ts'
export * from './review-signals.ts'
export * from './sentences/index.ts'
export * from './sentences/phrases.ts'
export { SignUpFields } from './sign-up-fields.ts'
export * from './staff-reasons.ts'
export * from './states.ts'
export { canonicalLine } from './text/characters.ts'
export { canonicalEmail } from './text/email.ts'
export * from './text/fields.ts'
export { canonicalSignInName } from './text/user-names.ts'
