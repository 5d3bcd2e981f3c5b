import type Provider from 'oidc-provider'
import { identityMetadata } from './claims/index.ts'
import { PROMPTS } from './policy.ts'

/** Signing algorithms of clients: for their assertions (RFC 7523), request objects (RFC 9101) and DPoP proofs (RFC 9449). */
export const CLIENT_ALGORITHMS = ['PS256', 'ES256', 'EdDSA', 'Ed25519', 'RS256'] as const
/** How applications prove themselves. */
export const CLIENT_AUTHENTICATION_METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'none',
] as const

/** Members of the discovery document that the protocol library does not know. */
export const extraMetadata = (issuer: string): Record<string, unknown> => {
  const confidential = CLIENT_AUTHENTICATION_METHODS.filter((method) => method !== 'none')
  return {
    ...identityMetadata,
    // OpenID Connect Discovery 1.0, section 3; "Initiating User Registration via OpenID Connect 1.0" for the prompts.
    prompt_values_supported: [...PROMPTS],
    claim_types_supported: ['normal'],
    service_documentation: new URL('/docs', issuer).href,
    // RFC 8414, section 2.
    introspection_endpoint_auth_methods_supported: confidential,
    introspection_endpoint_auth_signing_alg_values_supported: [...CLIENT_ALGORITHMS],
    revocation_endpoint_auth_methods_supported: [...CLIENT_AUTHENTICATION_METHODS],
    revocation_endpoint_auth_signing_alg_values_supported: [...CLIENT_ALGORITHMS],
  }
}

/** Unsigned request objects are read before the protocol library sees them (`unsigned-request.ts`): it cannot announce them. */
export const announceUnsignedRequests = (provider: Provider): void => {
  provider.use(async (ctx, next) => {
    await next()
    if (ctx.oidc?.route !== 'discovery') return
    const body = ctx.body as { request_object_signing_alg_values_supported?: string[]; [name: string]: unknown }
    ctx.body = {
      ...body,
      request_object_signing_alg_values_supported: [
        'none',
        ...(body.request_object_signing_alg_values_supported ?? []),
      ],
    }
  })
}

/** Where the discovery document is: OpenID Connect Discovery 1.0 (section 4), and RFC 8414 (section 3). */
export const DISCOVERY_PATHS = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'] as const
