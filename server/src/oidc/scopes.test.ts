import { describe, expect, it } from 'vitest'
import { normalizeScope, withNormalizedScope } from './scopes.ts'

describe('the scope of an authorization request (RFC 6749, section 3.3)', () => {
  it.each([
    [undefined, 'openid'],
    ['', 'openid'],
    ['   ', 'openid'],
    ['openid', 'openid'],
    ['email', 'openid email'],
    ['read', 'openid read'],
    ['profile  email profile', 'openid profile email'],
    ['openid unknown', 'openid'],
    ['openid users:write', 'openid'],
    ['offline_access', 'openid offline_access'],
  ])('%j is read as %j', (scope, read) => {
    expect(normalizeScope(scope)).toBe(read)
  })

  it.each(['unknown', 'OPENID', 'users:write', 'unknown another'])('%j is refused: none of it is known', (scope) => {
    expect(normalizeScope(scope)).toBeUndefined()
  })

  it('is left to a request object or a pushed request where there is one', () => {
    expect(withNormalizedScope({ request: 'a.b.c' })).toEqual({ request: 'a.b.c' })
    expect(withNormalizedScope({ request_uri: 'urn:x' })).toEqual({ request_uri: 'urn:x' })
  })

  it('that is unknown is refused for itself, whatever else the request has', () => {
    expect(withNormalizedScope({ scope: 'foo', nonce: 'n', max_age: '1', state: 's' })).toEqual({
      scope: 'foo',
      state: 's',
    })
  })
})
