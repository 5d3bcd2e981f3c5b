export { identityClaims, identityMetadata, type VerifiedPerson } from './answer.ts'
export { foldVerifiedClaims } from './fold.ts'
export {
  askedNames,
  consentedNames,
  consentNameOf,
  isConsentName,
  isNameDeclined,
  isVerificationAsked,
} from './request.ts'
