import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOutboundFetch, type OutboundPolicy, type OutboundPurpose, readAllowList } from './outbound.ts'

const server = createServer((_request, response) => response.writeHead(204).end())
let port = 0
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

const outcomeOf = async (url: string, policy: Partial<OutboundPolicy>, purpose?: OutboundPurpose): Promise<string> => {
  const call = createOutboundFetch({ allow: [], loopback: false, ...policy }, purpose)
  try {
    return String((await call(url, { signal: AbortSignal.timeout(3_000) })).status)
  } catch (error) {
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
      const { code } = at as { code?: unknown }
      if (typeof code === 'string' && code.endsWith('_NOT_ALLOWED')) return code
    }
    return 'other'
  }
}

describe('the outbound guard', () => {
  it('refuses every IPv6 form that carries another address, and every range that is not public', async () => {
    for (const host of [
      '[::127.0.0.1]',
      '[::10.0.0.1]',
      '[::a9fe:a9fe]',
      '[::ffff:127.0.0.1]',
      '[::ffff:a9fe:a9fe]',
      '[64:ff9b::7f00:1]',
      '[64:ff9b::a9fe:a9fe]',
      '[64:ff9b:1::a00:1]',
      '[2002:7f00:1::]',
      '[2001:0:7f00:1::]',
      '[2001:db8::1]',
      '[fd00::1]',
      '[fe80::1]',
      '[fec0::1]',
      '[ff02::1]',
      '[100::1]',
      '[5f00::1]',
      '[::]',
      '0.0.0.0',
      '100.64.0.1',
      '192.0.2.1',
      '198.18.0.1',
      '240.0.0.1',
      '255.255.255.255',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
    ])
      expect(await outcomeOf(`https://${host}/`, {}), host).toBe('ADDRESS_NOT_ALLOWED')
  })

  it('an entry for a port opens that port alone, and one for a purpose that purpose alone', async () => {
    const url = `http://127.0.0.1:${port}/`
    const named = `http://localhost:${port}/`
    expect(await outcomeOf(url, { allow: ['127.0.0.1'] })).toBe('204')
    expect(await outcomeOf(url, { allow: [`127.0.0.1:${port}`] })).toBe('204')
    expect(await outcomeOf(url, { allow: ['127.0.0.0/8'] })).toBe('204')
    expect(await outcomeOf(url, { allow: [`127.0.0.1:${port + 1}`] })).toBe('ADDRESS_NOT_ALLOWED')
    expect(await outcomeOf(named, { allow: [`localhost:${port}`] })).toBe('204')
    expect(await outcomeOf(named, { allow: [`localhost:${port + 1}`] })).toBe('ADDRESS_NOT_ALLOWED')
    expect(await outcomeOf(url, { allow: [`127.0.0.1:${port}@webhook`] }, 'webhook')).toBe('204')
    for (const purpose of ['provider', 'logout', 'checkpoint', undefined] as const) {
      expect(await outcomeOf(url, { allow: [`127.0.0.1:${port}@webhook`] }, purpose)).toBe('ADDRESS_NOT_ALLOWED')
      expect(await outcomeOf(named, { allow: ['localhost@webhook'] }, purpose)).toBe('ADDRESS_NOT_ALLOWED')
    }
  })

  it('takes a list that can be one, and names the setting otherwise', () => {
    const good = [
      'a.example',
      'a.example:8443',
      'a.example:8443@provider',
      '10.0.0.0/8',
      '10.0.0.1:80@logout',
      '[fd00::1]:8443',
      'fd00::/8',
      'fd00::1',
    ]
    expect(readAllowList('X', good)).toEqual(good)
    for (const bad of [
      'https://a.example',
      'a.example:0',
      'a.example:70000',
      'a.example@nobody',
      '10.0.0.0/33',
      '*',
      '*.example',
      'a b',
      '@webhook',
    ])
      expect(() => readAllowList('X', [bad]), bad).toThrow(/^X must be/)
  })
})
