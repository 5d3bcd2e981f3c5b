import { describe, expect, it } from 'vitest'
import { newOrder } from '../conformance/subject.ts'
import type { Consent, Order } from '../port.ts'
import { jumio } from './index.ts'

const agreed: Consent = {
  userIp: '203.0.113.7',
  country: 'USA',
  state: 'IL',
  obtained: 'yes',
  obtainedAt: new Date('2026-11-24T12:00:00Z'),
}

/** What is sent when a check is opened with these settings. */
const sentBy = async (config: Record<string, unknown>, consent: Order['consent']): Promise<Record<string, unknown>> => {
  const bodies: string[] = []
  const { adapter } = jumio.open(
    { clientId: crypto.randomUUID(), clientSecret: 'secret', endpoint: 'https://checks.example', ...config },
    {
      now: () => new Date(),
      sleep: async () => {},
      fetch: async (url, init) => {
        if (String(url).endsWith('/oauth2/token')) return Response.json({ access_token: 'a', expires_in: 3600 })
        bodies.push(String(init?.body))
        return Response.json({
          transactionReference: crypto.randomUUID(),
          redirectUrl: 'https://a.example/',
          account: { id: 'acc' },
          workflowExecution: { id: 'wf' },
          web: { href: 'https://a.example/' },
        })
      },
    },
  )
  const pages = { successUrl: 'https://door.example/a', errorUrl: 'https://door.example/a' }
  await adapter.start({ ...newOrder(), ...pages, noticeUrl: 'https://door.example/notices/x', consent })
  return JSON.parse(bodies[0] ?? '{}') as Record<string, unknown>
}

describe('consent to the face check', () => {
  it('is passed on where the settings say so and the order has one', async () => {
    const { userConsent } = await sentBy({ generation: 'platform', passConsent: true }, agreed)
    expect(userConsent).toEqual({
      userIp: '203.0.113.7',
      userLocation: { country: 'USA', state: 'IL' },
      consent: { obtained: 'yes', obtainedAt: '2026-11-24T12:00:00.000Z' },
    })
    const mapped: Consent = { userIp: '::ffff:203.0.113.7', country: 'AUT', obtained: 'na' }
    expect((await sentBy({ generation: 'platform', passConsent: true }, mapped)).userConsent).toEqual({
      userIp: '203.0.113.7',
      userLocation: { country: 'AUT' },
      consent: { obtained: 'na' },
    })
  })

  it('stays here otherwise: the address of a person leaves only where it must', async () => {
    for (const config of [{ generation: 'platform' }, { generation: 'v4', passConsent: true }])
      expect(JSON.stringify(await sentBy(config, agreed))).not.toContain('203.0.113.7')
    for (const nothing of [null, undefined])
      expect(await sentBy({ generation: 'platform', passConsent: true }, nothing)).not.toHaveProperty('userConsent')
  })

  it('that Jumio would refuse later is refused before anything is sent', async () => {
    const odd: readonly Consent[] = [
      { ...agreed, userIp: 'unknown' },
      { ...agreed, country: 'us' },
      { ...agreed, state: 'Illinois' },
    ]
    for (const consent of odd)
      await expect(sentBy({ generation: 'platform', passConsent: true }, consent)).rejects.toMatchObject({
        fault: 'bad_request',
        retryable: false,
      })
  })

  it('is asked for by the settings of the type', () => {
    const settingsOf = (config: Record<string, unknown>) =>
      jumio.open({ clientId: 'a', clientSecret: 'b', ...config }, { now: () => new Date(), fetch }).settings
    expect(settingsOf({ generation: 'platform', passConsent: true }).passesConsent).toBe(true)
    expect(settingsOf({ generation: 'v4', passConsent: true }).passesConsent).toBe(false)
    expect(settingsOf({}).passesConsent).toBe(false)
  })
})
