export { identityClaims, identityMetadata, type VerifiedPerson } from './answer.ts'
export { foldVerifiedClaims } from './fold.ts'
export { askedNames, isVerificationAsked } from './request.ts'
