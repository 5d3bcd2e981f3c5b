import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readConfig, settingWarnings } from './config.ts'

const read = (more: Record<string, string> = {}) =>
  readConfig(
    {
      DATABASE_URL: 'postgresql://app:secret@127.0.0.1:5432/veridoor',
      VERIDOOR_KEY: randomBytes(32).toString('base64'),
      VERIFIER_TOKEN: 'acme',
      VERIFIER_SECRET: 'acme-secret',
      ...more,
    },
    2,
  )

describe('the limits of faces', () => {
  it('are the measured ones, or the operator’s, within what was measured', () => {
    expect(read().faceLimits).toEqual({ match: 0.95, review: 0.9 })
    expect(read({ VERIFIER_FACE_MATCH: '0.93', VERIFIER_FACE_REVIEW: '0.91' }).faceLimits).toEqual({
      match: 0.93,
      review: 0.91,
    })
    for (const wrong of [
      { VERIFIER_FACE_MATCH: '0.6' },
      { VERIFIER_FACE_MATCH: 'high' },
      { VERIFIER_FACE_MATCH: '0.93', VERIFIER_FACE_REVIEW: '0.94' },
      { VERIFIER_FACE_REVIEW: '0.5' },
    ] as Record<string, string>[])
      expect(() => read(wrong)).toThrow('must be a number from')
  })
})

describe('a verifier', () => {
  it('on this machine is a trial: specimens pass, and addresses here may be called', () => {
    for (const more of [{}, { VERIFIER_URL: 'http://127.0.0.1:9000' }, { VERIFIER_URL: 'http://[::1]:9000' }] as Record<
      string,
      string
    >[])
      expect(read(more)).toMatchObject({ demonstration: true, allowLoopback: true, outbound: { loopback: true } })
  })

  it('that listens here behind a proxy is none, whoever it is reached by', () => {
    for (const more of [
      { VERIFIER_URL: 'https://verify.acme.example' },
      { VERIFIER_HOST: '0.0.0.0' },
      { VERIFIER_HOST: '0.0.0.0', VERIFIER_URL: 'https://verify.acme.example' },
    ] as Record<string, string>[])
      expect(read(more)).toMatchObject({ demonstration: false, allowLoopback: false, outbound: { loopback: false } })
    // Unless its operator says so.
    const said = { VERIFIER_URL: 'https://verify.acme.example', VERIFIER_DEMONSTRATION: 'on' }
    expect(read(said)).toMatchObject({ demonstration: true, allowLoopback: false })
  })

  it('takes the word of the proxies that are named, and of nobody else', () => {
    expect(read().trustedProxies).toEqual([])
    expect(read({ VERIDOOR_TRUSTED_PROXIES: '10.0.0.7, 10.1.0.0/16' }).trustedProxies).toEqual([
      '10.0.0.7',
      '10.1.0.0/16',
    ])
  })
})

describe('the settings of before and those to mind', () => {
  const warningsOf = (more: Record<string, string>) => settingWarnings(more, read(more))
  const secret = { VERIFIER_SECRET: 'x'.repeat(24) }

  it('VERIFIER_LINE is still read, with one warning, and the new name counts more', () => {
    expect(read({ VERIFIER_QUEUE_LIMIT: '7' }).queueLimit).toBe(7)
    expect(read({ VERIFIER_LINE: '9' }).queueLimit).toBe(9)
    expect(read({ VERIFIER_LINE: '9', VERIFIER_QUEUE_LIMIT: '7' }).queueLimit).toBe(7)
    expect(warningsOf({ VERIFIER_LINE: '9', ...secret })).toEqual([expect.stringContaining('VERIFIER_QUEUE_LIMIT')])
    expect(() => read({ VERIFIER_LINE: '0' })).toThrow('VERIFIER_LINE')
  })

  it('a short secret, and an address that nobody can reach, are said', () => {
    expect(warningsOf(secret)).toEqual([])
    expect(warningsOf({})).toEqual([expect.stringContaining('24 characters')])
    for (const more of [
      { VERIFIER_HOST: '0.0.0.0' },
      { VERIDOOR_URL: 'https://id.acme.example' },
      { VERIFIER_HOST: '0.0.0.0', VERIFIER_URL: 'http://[::1]:8001' },
    ] as Record<string, string>[])
      expect(warningsOf({ ...more, ...secret }), JSON.stringify(more)).toEqual([
        expect.stringContaining('cannot reach'),
      ])
    const reachable = { VERIFIER_HOST: '0.0.0.0', VERIFIER_URL: 'https://verify.acme.example', ...secret }
    expect(warningsOf(reachable)).toEqual([])
  })
})
