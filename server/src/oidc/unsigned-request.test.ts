import { describe, expect, it } from 'vitest'
import { expandUnsignedRequest, isUnsignedRequest } from './unsigned-request.ts'

const ISSUER = 'https://id.example.com'
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const unsigned = (claims: unknown, header: unknown = { alg: 'none' }): string => `${part(header)}.${part(claims)}.`
const expand = (claims: unknown, outside: Record<string, string> = { client_id: 'rp', response_type: 'code' }) =>
  expandUnsignedRequest({ ...outside, request: unsigned(claims) }, ISSUER, 1000)

describe('an unsigned request object (OpenID Connect Core 1.0, section 6.1)', () => {
  it('is told from a signed one', () => {
    expect(isUnsignedRequest(unsigned({}))).toBe(true)
    expect(isUnsignedRequest(`${unsigned({})}c2ln`)).toBe(false)
    expect(isUnsignedRequest(unsigned({}, { alg: 'RS256' }))).toBe(false)
    for (const wrong of ['', 'a', 'a.b', 'a.b.c.d', '..']) expect(isUnsignedRequest(wrong)).toBe(false)
  })

  it('wins over the members beside it, which stay where it says nothing', () => {
    expect(
      expand(
        { client_id: 'rp', scope: 'openid email', response_mode: 'form_post', max_age: 0, claims: { userinfo: {} } },
        { client_id: 'rp', response_type: 'code', scope: 'openid', state: 's' },
      ),
    ).toEqual({
      client_id: 'rp',
      response_type: 'code',
      scope: 'openid email',
      state: 's',
      response_mode: 'form_post',
      max_age: '0',
      claims: '{"userinfo":{}}',
    })
  })

  it.each([
    ['another client', { client_id: 'other' }],
    ['another response type', { response_type: 'token' }],
    ['another issuer', { iss: 'other' }],
    ['another audience', { aud: 'https://elsewhere.example' }],
    ['another request inside', { request: 'a.b.' }],
    ['an address of a request inside', { request_uri: 'https://rp.example/r' }],
    ['a time that is over', { exp: 900 }],
    ['a time that has not come', { nbf: 2000 }],
    ['a time that is no number', { exp: 'soon' }],
  ])('is refused for %s', (_what, claims) => {
    expect(expand(claims)).toBeUndefined()
  })

  it('is taken with an audience list and times that fit', () => {
    expect(expand({ iss: 'rp', aud: [ISSUER, 'https://b.example'], exp: 1300, nbf: 990, iat: 990 })).toEqual({
      client_id: 'rp',
      response_type: 'code',
    })
  })
})
