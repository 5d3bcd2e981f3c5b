import type Provider from 'oidc-provider'
import { consentNameOf, isConsentName, requestedNames } from './claims/index.ts'
import { claimsRequestsOf, type Interaction, missingClaimsOf } from './interaction-request.ts'

/**
 * Records what the person agreed to: the scopes as requested, identity claims one by one. A decision replaces an earlier one about the same
 * claim, in both directions, and tokens of the earlier decision end with it. What was declined stays declined for this sign-in at the
 * application; another one asks only for what its request names.
 *
 * @param agreed names of the verified identity that the person agreed to
 * @param shown claims of the account that the consent page showed; none where there was no page
 * @returns the id of the grant
 */
export const saveGrant = async (
  provider: Provider,
  interaction: Interaction,
  agreed: readonly string[],
  shown: readonly string[] = [],
): Promise<string> => {
  const clientId = String(interaction.params.client_id)
  const requested = requestedNames(claimsRequestsOf(interaction))
  const before = interaction.grantId ? await provider.Grant.find(interaction.grantId) : undefined
  const grant =
    before && requested.length === 0
      ? before
      : new provider.Grant({ accountId: interaction.session?.accountId ?? '', clientId })
  if (before && grant !== before) {
    grant.addOIDCScope(before.getOIDCScope())
    const isUntouched = (name: string): boolean => !requested.map(consentNameOf).includes(name)
    grant.addOIDCClaims(before.getOIDCClaims().filter(isUntouched))
    grant.rejectOIDCClaims(before.getRejectedOIDCClaims().filter((name) => isConsentName(name) && isUntouched(name)))
  }
  grant.addOIDCScope(String(interaction.params.scope ?? 'openid'))
  grant.rejectOIDCClaims(requested.filter((name) => !agreed.includes(name)).map(consentNameOf))
  // Whoever agrees to their verified name lets the scope `profile` release it as well.
  const realName = agreed.includes('name') ? ['real_name'] : []
  grant.addOIDCClaims([
    ...agreed.map(consentNameOf),
    'verified_claims',
    ...missingClaimsOf(interaction),
    ...shown,
    ...realName,
  ])
  const id = await grant.save()
  if (before && grant !== before) await before.destroy()
  return id
}
