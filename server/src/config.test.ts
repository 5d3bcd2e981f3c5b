import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'

const read = (more: Record<string, string> = {}) =>
  readConfig({
    DATABASE_URL: 'postgresql://app:secret@127.0.0.1:5432/veridoor',
    VERIDOOR_KEY: randomBytes(32).toString('base64'),
    ...more,
  })

describe('a server', () => {
  it('on this machine is a trial: specimens count, and addresses here may be called', () => {
    expect(read()).toMatchObject({ demonstration: true, outbound: { loopback: true } })
    expect(read({ VERIDOOR_URL: 'http://[::1]:9000' })).toMatchObject({ demonstration: true })
  })

  it('that people reach from elsewhere is none, also where it listens behind a proxy of this machine', () => {
    const behindProxy: Record<string, string> = { VERIDOOR_URL: 'https://id.acme.example' }
    for (const more of [behindProxy, { VERIDOOR_HOST: '0.0.0.0' }])
      expect(read(more)).toMatchObject({ demonstration: false, outbound: { loopback: false } })
    // Unless its operator says so.
    expect(read({ ...behindProxy, VERIDOOR_DEMONSTRATION: 'on' })).toMatchObject({ demonstration: true })
  })
})
