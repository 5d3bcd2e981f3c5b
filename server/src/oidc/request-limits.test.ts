import { describe, expect, it } from 'vitest'
import { createRequestLimits, PUSHED_REQUESTS } from './request-limits.ts'

const allowance = { requestsPerAddress: 3, requestsPerClient: 5, charactersPerAddress: 100 }

describe('limits of requests that are stored', () => {
  it('count by address, and begin anew after a minute', () => {
    let at = 0
    const limits = createRequestLimits(allowance, () => at)
    for (let i = 0; i < 3; i += 1) expect(limits.waitFor('192.0.2.1', 'a', 1)).toBeUndefined()
    expect(limits.waitFor('192.0.2.1', 'a', 1)).toBe(60)
    expect(limits.waitFor('192.0.2.2', 'a', 1)).toBeUndefined()
    at = 60_000
    expect(limits.waitFor('192.0.2.1', 'a', 1)).toBeUndefined()
  })

  it('take all IPv6 addresses of one /64 as one', () => {
    const limits = createRequestLimits(allowance, () => 0)
    for (const address of ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:0db8:0001:0002:a:b:c:d'])
      expect(limits.waitFor(address, 'a', 1)).toBeUndefined()
    expect(limits.waitFor('2001:db8:1:2::77', 'a', 1)).toBe(60)
    expect(limits.waitFor('2001:db8:1:3::77', 'a', 1)).toBeUndefined()
  })

  it('take an IPv4 address in IPv6 form as the same address', () => {
    const limits = createRequestLimits(allowance, () => 0)
    for (const address of ['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1'])
      expect(limits.waitFor(address, 'a', 1)).toBeUndefined()
    expect(limits.waitFor('::ffff:192.0.2.1', 'a', 1)).toBe(60)
  })

  it('count by client over all addresses', () => {
    const limits = createRequestLimits(allowance, () => 0)
    for (let i = 0; i < 5; i += 1) expect(limits.waitFor(`192.0.2.${i}`, 'a', 1)).toBeUndefined()
    expect(limits.waitFor('192.0.2.9', 'a', 1)).toBe(60)
    expect(limits.waitFor('192.0.2.9', 'b', 1)).toBeUndefined()
  })

  it('count what would be stored', () => {
    const limits = createRequestLimits(allowance, () => 0)
    expect(limits.waitFor('192.0.2.1', 'a', 60)).toBeUndefined()
    expect(limits.waitFor('192.0.2.1', 'a', 60)).toBe(60)
  })

  it('remember no more keys than fit, whoever floods them', () => {
    const limits = createRequestLimits(PUSHED_REQUESTS, () => 0)
    for (let i = 0; i < 60_000; i += 1) limits.waitFor(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, 'a', 1)
    expect(limits.size).toBeLessThanOrEqual(50_000)
  })
})
