import { expect, it } from 'vitest'
import { networkKey } from './network-key.ts'

it('all addresses of one IPv6 /64 share a key, whichever way they are written', () => {
  const key = networkKey('2001:db8:1:2::1')
  for (const same of ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:0db8:0001:0002::abcd', '2001:DB8:1:2::1%eth0'])
    expect(networkKey(same), same).toBe(key)
  expect(networkKey('2001:db8:1:3::1')).not.toBe(key)
})

it('an IPv4 address keeps its own key, also when it is written as IPv6', () => {
  expect(networkKey('203.0.113.7')).toBe('203.0.113.7')
  expect(networkKey('::ffff:203.0.113.7')).toBe('203.0.113.7')
  expect(networkKey('::ffff:cb00:7107')).toBe('203.0.113.7')
  expect(networkKey('203.0.113.8')).not.toBe(networkKey('203.0.113.7'))
})

it('a text that is not an address is its own key', () => {
  for (const text of ['', 'unknown', '300.1.1.1']) expect(networkKey(text)).toBe(text)
})
