import type { Account, KoaContextWithOIDC } from 'oidc-provider'
import { countsAsVerified, type User } from '../accounts/index.ts'
import { consentedNames, identityClaims, isRealNameShared, type VerifiedPerson } from './claims/index.ts'
import { mayEnter, type OidcDeps } from './deps.ts'
import type { Lookups } from './lookups.ts'

/** What verified claims are made of: the locked fields, and the finding that they were locked by. Undefined for nobody verified. */
export const verifiedPersonOf = async (
  { verification }: Pick<OidcDeps, 'verification'>,
  user: User,
): Promise<VerifiedPerson | undefined> => {
  const verified = await verification.verifiedIdentityOf(user)
  if (!verified) return undefined
  return {
    name: user.identity.realName,
    givenName: verified.document.firstName,
    familyName: verified.document.lastName,
    birthdate: verified.document.dateOfBirth,
    documentType: user.identity.documentType,
    documentCountry: user.identity.documentCountry,
    documentNumber: user.identity.documentNumber,
    documentExpiry: verified.document.expiry,
    verifiedAt: verified.verifiedAt,
    verifier: verified.verifier,
    reference: verified.reference,
    isFaceCompared: verified.isFaceCompared,
    isDemonstration: verified.isDemonstration,
    trust: verified.trust,
    evidence: verified.evidence,
  }
}

/** The account of an id for the protocol library, where its client lets the person in; with the claims that the scopes choose from. */
export const createFindAccount =
  (deps: OidcDeps, { findUser, findApplication }: Lookups) =>
  async (ctx: KoaContextWithOIDC, id: string): Promise<Account | undefined> => {
    const user = await findUser(id)
    if (!user || user.isForbidden) return undefined
    const { client } = ctx.oidc
    if (client) {
      const application = await findApplication(client.clientId)
      if (!application || !mayEnter(user, application)) return undefined
    }
    return {
      accountId: id,
      claims: async (_use, _scope, requested) => {
        const grant = ctx.oidc.entities.Grant
        const isVerified = countsAsVerified(user, deps.demonstration)
        const verifiedClaims = (requested as Record<string, unknown>).verified_claims
        return {
          sub: id,
          name: user.displayName || user.name,
          preferred_username: user.name,
          email: user.email,
          email_verified: user.emailVerified,
          is_verified: isVerified,
          ...(isVerified && isRealNameShared(grant) ? { real_name: user.identity.realName } : {}),
          ...identityClaims({
            requested: verifiedClaims,
            person: isVerified && verifiedClaims ? await verifiedPersonOf(deps, user) : undefined,
            consented: consentedNames(grant?.getOIDCClaims() ?? []),
            now: deps.clock.now(),
          }),
        }
      },
    }
  }
