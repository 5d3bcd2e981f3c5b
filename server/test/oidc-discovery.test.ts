import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RelyingParty, startRelyingParty } from './relying-party.ts'

/** oidcc-discovery-endpoint-verification of the plan "Config": every member of the document, by its specification. */
let party: RelyingParty
let metadata: Record<string, unknown>
beforeAll(async () => {
  party = await startRelyingParty('oidc_discovery')
  metadata = await (await fetch(`${party.url}/.well-known/openid-configuration`)).json()
})
afterAll(() => party?.server.stop())

const list = (name: string): string[] => metadata[name] as string[]

/** Members of OpenID Connect Discovery 1.0, section 3, RFC 8414, section 2, and of what extends them. */
const members: Record<string, (value: unknown) => boolean> = {
  issuer: (value) => value === party.url,
  authorization_endpoint: (value) => value === `${party.url}/login/oauth/authorize`,
  token_endpoint: (value) => value === `${party.url}/api/login/oauth/access_token`,
  userinfo_endpoint: (value) => value === `${party.url}/api/userinfo`,
  jwks_uri: (value) => value === `${party.url}/.well-known/jwks`,
  introspection_endpoint: (value) => value === `${party.url}/api/login/oauth/introspect`,
  revocation_endpoint: (value) => value === `${party.url}/api/login/oauth/revoke`,
  pushed_authorization_request_endpoint: (value) => value === `${party.url}/api/login/oauth/par`,
  end_session_endpoint: (value) => value === `${party.url}/api/logout`,
  service_documentation: (value) => value === `${party.url}/docs`,
  scopes_supported: (value) => (value as string[]).includes('openid'),
  response_types_supported: (value) => String(value) === 'code',
  response_modes_supported: (value) =>
    ['query', 'fragment', 'form_post'].every((mode) => (value as string[]).includes(mode)),
  grant_types_supported: (value) =>
    ['authorization_code', 'refresh_token', 'client_credentials'].every((grant) => (value as string[]).includes(grant)),
  acr_values_supported: (value) => (value as string[]).length === 2,
  subject_types_supported: (value) => String((value as string[]).toSorted()) === 'pairwise,public',
  id_token_signing_alg_values_supported: (value) =>
    (value as string[]).includes('RS256') && !(value as string[]).includes('none'),
  request_object_signing_alg_values_supported: (value) =>
    ['none', 'RS256'].every((alg) => (value as string[]).includes(alg)),
  token_endpoint_auth_methods_supported: (value) => (value as string[]).includes('private_key_jwt'),
  token_endpoint_auth_signing_alg_values_supported: (value) =>
    (value as string[]).includes('RS256') && !(value as string[]).includes('none'),
  introspection_endpoint_auth_methods_supported: (value) => !(value as string[]).includes('none'),
  introspection_endpoint_auth_signing_alg_values_supported: (value) => (value as string[]).length > 0,
  revocation_endpoint_auth_methods_supported: (value) => (value as string[]).length > 0,
  revocation_endpoint_auth_signing_alg_values_supported: (value) => (value as string[]).length > 0,
  code_challenge_methods_supported: (value) => String(value) === 'S256',
  dpop_signing_alg_values_supported: (value) =>
    (value as string[]).includes('ES256') && !(value as string[]).some((alg) => /^HS|none/.test(alg)),
  claim_types_supported: (value) => String(value) === 'normal',
  claims_supported: (value) => (value as string[]).includes('sub'),
  claims_parameter_supported: (value) => value === true,
  request_parameter_supported: (value) => value === true,
  request_uri_parameter_supported: (value) => value === false,
  prompt_values_supported: (value) => String((value as string[]).toSorted()) === 'consent,login,none,select_account',
  backchannel_logout_supported: (value) => value === true,
  backchannel_logout_session_supported: (value) => value === true,
  authorization_response_iss_parameter_supported: (value) => value === true,
  verified_claims_supported: (value) => value === true,
  trust_frameworks_supported: (value) => (value as string[]).length > 0,
  evidence_supported: (value) => String(value) === 'document,electronic_record',
  electronic_records_supported: (value) => String(value) === 'population_register',
  documents_supported: (value) => (value as string[]).includes('passport'),
  documents_check_methods_supported: (value) => (value as string[]).length > 0,
  claims_in_verified_claims_supported: (value) => (value as string[]).includes('birthdate'),
}
/** Those without which a document is none (OpenID Connect Discovery 1.0, section 3). */
const REQUIRED = [
  'issuer',
  'authorization_endpoint',
  'token_endpoint',
  'jwks_uri',
  'response_types_supported',
  'subject_types_supported',
  'id_token_signing_alg_values_supported',
]

describe('the discovery document', () => {
  it('has the members that must be there, each as it must be, and none that nobody specified', () => {
    for (const name of REQUIRED) expect([name, name in metadata]).toEqual([name, true])
    for (const [name, value] of Object.entries(metadata)) {
      expect([name, name in members]).toEqual([name, true])
      expect([name, value, members[name]?.(value)]).toEqual([name, value, true])
    }
    for (const name of Object.keys(members)) expect([name, name in metadata]).toEqual([name, true])
  })

  it('is the same at the address of RFC 8414, and open to pages of any origin', async () => {
    const answer = await fetch(`${party.url}/.well-known/oauth-authorization-server`, {
      headers: { origin: 'https://spa.example' },
    })
    expect(answer.headers.get('content-type')).toContain('application/json')
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://spa.example')
    expect(await answer.json()).toEqual(metadata)
  })

  it('names no claim that is never told (claims_supported)', async () => {
    const never = list('claims_supported').filter(
      (name) => !['acr', 'auth_time', 'iss', 'sid', 'amr', 'sub'].includes(name),
    )
    expect(never.toSorted()).toEqual([
      'email',
      'email_verified',
      'is_verified',
      'name',
      'preferred_username',
      'real_name',
      'verified_claims',
    ])
    const person = await party.server.person('told-claims')
    const tokens = await party.signIn(person, { scope: 'openid profile email' })
    const me = (await party.userinfo(`Bearer ${tokens.access_token}`)).json
    for (const name of ['email', 'email_verified', 'is_verified', 'name', 'preferred_username'])
      expect([name, me[name] !== undefined]).toEqual([name, true])
  })

  it('announces algorithms that it has keys for, and keys without a private part', async () => {
    const { keys } = (await (await fetch(String(metadata.jwks_uri))).json()) as { keys: Record<string, string>[] }
    for (const alg of list('id_token_signing_alg_values_supported'))
      expect(keys.some((key) => key.alg === alg && key.use === 'sig' && key.kid)).toBe(true)
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length)
    expect(keys.flatMap((key) => Object.keys(key)).filter((name) => /^(d|p|q|dp|dq|qi|oth|k)$/.test(name))).toEqual([])
  })
})
