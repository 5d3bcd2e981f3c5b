import { describe, expect, it } from 'vitest'
import { matchesLoopback } from './loopback-ports.ts'

describe('an address on the device itself (RFC 8252, section 7.3)', () => {
  it.each([
    ['http://127.0.0.1:51004/callback', 'http://127.0.0.1/callback'],
    ['http://127.0.0.1/callback', 'http://127.0.0.1:3000/callback'],
    ['http://127.0.0.1:1/callback', 'http://127.0.0.1:3000/callback'],
    ['http://[::1]:51004/callback', 'http://[::1]/callback'],
    ['http://localhost:8080/cb?x=1', 'http://localhost/cb?x=1'],
    ['http://127.0.0.1:51004', 'http://127.0.0.1'],
  ])('%s matches %s', (address, registered) => {
    expect(matchesLoopback(address, [registered])).toBe(true)
  })

  it.each([
    ['http://127.0.0.1:51004/other', 'http://127.0.0.1/callback'],
    ['http://127.0.0.1:51004/callback?x=1', 'http://127.0.0.1/callback'],
    ['https://127.0.0.1:51004/callback', 'http://127.0.0.1/callback'],
    ['http://127.0.0.1:51004/callback', 'http://localhost/callback'],
    ['http://127.0.0.1:51004/callback', 'http://[::1]/callback'],
    ['http://127.0.0.1.evil.example:51004/callback', 'http://127.0.0.1/callback'],
    ['http://127.0.0.1:80@evil.example/callback', 'http://127.0.0.1/callback'],
    ['http://127.0.0.1:99999/callback', 'http://127.0.0.1/callback'],
    ['http://127.0.0.1:port/callback', 'http://127.0.0.1/callback'],
    ['http://127.0.0.1:51004/callback#x', 'http://127.0.0.1/callback'],
    ['http://127.0.0.2:51004/callback', 'http://127.0.0.2/callback'],
    ['http://192.168.1.5:51004/callback', 'http://192.168.1.5/callback'],
    ['https://rp.example.com:8443/callback', 'https://rp.example.com/callback'],
  ])('%s does not match %s', (address, registered) => {
    expect(matchesLoopback(address, [registered])).toBe(false)
  })
})
