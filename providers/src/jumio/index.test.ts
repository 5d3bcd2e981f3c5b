import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adapterOf, findingOf } from '../conformance/subject.ts'
import { broken, ruleNames } from '../conformance.ts'
import { destinationOf } from '../port.ts'
import { baseUrlOf, JumioConfig, regionOf } from './config.ts'
import { sample } from './fake/generation.ts'
import { type FakeJumio, startFakeJumio } from './fake/index.ts'
import { jumio } from './index.ts'

for (const generation of ['v4', 'platform'] as const)
  describe(`Jumio ${generation}`, () => {
    let service: FakeJumio
    beforeAll(async () => {
      service = await startFakeJumio(generation)
    })
    afterAll(() => service.close())

    for (const name of ruleNames)
      it(name, async () => {
        expect(await broken(name, { type: jumio, service })).toEqual([])
      })

    type Entry = { file: string; expected?: string }
    const { fixtures } = JSON.parse(sample('index.json')) as { fixtures: Entry[] }
    const part = generation === 'v4' ? 'v4/retrieval-data' : 'platform/details'
    for (const { file, expected } of fixtures.filter((entry) => entry.file.startsWith(part) && entry.expected))
      it(`${file} served over HTTP is ${expected}`, async () => {
        service.serveFixture(file)
        const finding = await findingOf(adapterOf({ type: jumio, service }), jumio)
        expect(finding?.outcome ?? 'pending').toBe(expected)
      })
  })

describe('the settings', () => {
  const least = { clientId: 'token', clientSecret: 'secret' }

  it('token, secret and an endpoint are enough, as on the form of other products', () => {
    const config = JumioConfig.parse({ ...least, endpoint: 'https://api.jumio.com/' })
    expect([baseUrlOf(config), config.generation, config.workflowId]).toEqual(['https://api.jumio.com', 'v4', 200])
  })

  it('every field says what it is for, and where a value comes from', () => {
    for (const [name, field] of Object.entries(JumioConfig.shape)) {
      const meta = field.meta()
      expect(meta?.title, name).toMatch(/\S/)
      expect(meta?.description, name).toMatch(/\.$/)
      expect(meta?.group, name).toMatch(/\S/)
    }
  })

  it('an endpoint of one of the data centres stands for it, where addresses of callbacks are concerned', () => {
    const regionOfEndpoint = (endpoint: string) => regionOf(JumioConfig.parse({ ...least, endpoint, region: 'sgp' }))
    expect(regionOfEndpoint('')).toBe('sgp')
    expect(regionOfEndpoint('https://lon.netverify.com/')).toBe('eu')
    expect(regionOfEndpoint('https://netverify.com')).toBe('us')
    expect(regionOfEndpoint('https://account.emea-1.jumio.ai')).toBe('eu')
    expect(regionOfEndpoint('https://api.jumio.com')).toBe('sgp')
  })

  it('a workflow that checks no document is refused, one of the operator is not', () => {
    const accepts = (workflowKey: string) => JumioConfig.safeParse({ ...least, workflowKey }).success
    expect(['2', '3', '32', '10011', '10013', '10163', '10164', '54321'].filter(accepts)).toHaveLength(8)
    expect(['1', '5', '6', '9', '16', '20', '10005', '10008', '10010', '10014', 'x', ''].filter(accepts)).toEqual([])
    expect(JumioConfig.shape.workflowKey.meta()?.description).toContain('10164 ID and selfie verification')
  })

  it('address, generation and data centre decide where a secret goes, taken away or not; pages of the operator do not', () => {
    const stored = { ...least, endpoint: 'https://netverify.example', region: 'eu', generation: 'platform' }
    const here = destinationOf(jumio, stored)
    expect(here).toEqual(['generation platform', 'region eu', 'endpoint https://netverify.example'])
    for (const name of ['endpoint', 'region', 'generation'] as const)
      expect(destinationOf(jumio, { ...stored, [name]: undefined }), name).not.toEqual(here)
    for (const change of [{ endpoint: '' }, { endpoint: 'http://netverify.example' }, { region: 'sgp' }])
      expect(destinationOf(jumio, { ...stored, ...change })).not.toEqual(here)
    for (const change of [{ successUrl: 'https://shop.example/done' }, { endpoint: 'https://netverify.example/v2' }])
      expect(destinationOf(jumio, { ...stored, ...change })).toEqual(here)
  })

  it("the operator's own pages are taken instead of ours, when they keep the rules for addresses", async () => {
    const sent: string[] = []
    const { adapter } = jumio.open(
      { ...least, endpoint: 'https://netverify.example', successUrl: 'https://shop.example/done' },
      {
        now: () => new Date(),
        fetch: async (_url, init) => {
          sent.push(String(init?.body))
          return Response.json({
            transactionReference: crypto.randomUUID(),
            redirectUrl: 'https://a.example/',
            timestamp: 't',
          })
        },
      },
    )
    const order = {
      verificationReference: 'v',
      subjectReference: 's',
      documentType: 'PASSPORT' as const,
      country: null,
      successUrl: 'https://veridoor.example/return',
      errorUrl: 'https://veridoor.example/return',
      webhookUrl: 'https://veridoor.example/notices/x',
    }
    await adapter.start(order)
    expect(JSON.parse(sent[0] ?? '{}')).toMatchObject({
      successUrl: 'https://shop.example/done',
      errorUrl: 'https://veridoor.example/return',
    })
    for (const bad of [
      'http://shop.example/',
      'https://shop.example:8443/',
      'https://shop.example/#a',
      'https://192.0.2.1/',
    ])
      expect(JumioConfig.safeParse({ ...least, successUrl: bad }).success, bad).toBe(false)
  })
})
