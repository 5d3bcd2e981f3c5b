export { identityClaims, identityMetadata, unmetRequest, type VerifiedPerson } from './identity-claims.ts'
export { normalizeVerifiedClaims } from './normalize.ts'
export {
  consentedNames,
  consentNameOf,
  isConsentName,
  isRealNameShared,
  isVerificationRequested,
  requestedNames,
} from './verified-claims-request.ts'
