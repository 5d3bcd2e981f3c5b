import { describe, expect, it } from 'vitest'
import { redirectAddressFault, tidyAddresses, usableAddresses } from './redirect-addresses.ts'

describe('an address to send people back to', () => {
  it.each([
    'https://rp.example.com/callback',
    'https://rp.example.com',
    'https://rp.example.com:8443/cb?tenant=a&x=%2F',
    'http://intranet.example/cb',
    'http://localhost:3000/cb',
    'http://127.0.0.1/callback',
    'http://[::1]/callback',
    'com.example.app:/oauth',
    'com.example.app://oauth/callback',
    'casdoor://callback',
    'https://xn--mnchen-3ya.example/cb',
  ])('is taken: %s', (address) => {
    expect(redirectAddressFault(address, false)).toBeUndefined()
  })

  it.each([
    ['https://rp.example.com/cb#x', 'fragment'],
    ['https://rp.example.com/cb#', 'fragment'],
    ['com.example.app:/cb#x', 'fragment'],
    ['https://*.example.com/cb', 'wildcards'],
    ['https://rp.example.com/*', 'wildcards'],
    ['^https://rp\\.example\\.com/.*$', 'wildcards'],
    ['https://rp.example.com/(a|b)', 'wildcards'],
    ['https://rp.example.com/c b', 'spaces'],
    ['https://rp.example.com/c\u200bb', 'spaces'],
    ['https://rp.example.com/\tcb', 'spaces'],
    ['/callback', 'whole address'],
    ['callback', 'whole address'],
    ['rp.example.com/callback', 'whole address'],
    ['//rp.example.com/callback', 'whole address'],
    ['https:rp.example.com/callback', 'whole address'],
    ['https:///callback', 'whole address'],
    ['https://', 'whole address'],
    ['https://user:pass@rp.example.com/cb', 'user name'],
    ['https://rp.example.com@evil.example/cb', 'user name'],
    ['javascript:alert(1)', 'javascript:'],
    ['JavaScript:alert(1)', 'javascript:'],
    ['data:text/html,x', 'data:'],
    ['vbscript:x', 'vbscript:'],
    ['file:///etc/passwd', 'file:'],
    ['blob:https://rp.example.com/1', 'blob:'],
    [`https://rp.example.com/${'a'.repeat(2000)}`, 'characters'],
  ])('is refused, with what to do: %s', (address, words) => {
    expect(redirectAddressFault(address, false)).toContain(words)
  })

  it('beside an app’s own scheme is plain HTTP on the device, HTTPS elsewhere (RFC 8252, section 7)', () => {
    expect(redirectAddressFault('http://localhost:7000/cb', true)).toBeUndefined()
    expect(redirectAddressFault('https://rp.example.com/cb', true)).toBeUndefined()
    expect(redirectAddressFault('http://rp.example.com/cb', true)).toContain('Beside an address of an app')
    expect(redirectAddressFault('https://127.0.0.1/cb', true)).toContain('Beside an address of an app')
  })

  it('on an empty row is dropped, and on two rows kept once', () => {
    expect(tidyAddresses(['', ' https://a.example/cb ', '  ', 'https://a.example/cb'])).toEqual([
      'https://a.example/cb',
    ])
  })

  it('that is stored and wrong stops none of the others', () => {
    expect(
      usableAddresses(['https://rp.example.com/callback', 'https://rp.example.com/cb#x', '', 'https://*.example.com']),
    ).toEqual(['https://rp.example.com/callback'])
  })
})
