import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adapterOf, newOrder } from '../conformance/subject.ts'
import { type FakeJumio, startFakeJumio } from './fake/index.ts'
import { jumio } from './index.ts'

const mediaTypes = {
  v4: ['application/x-www-form-urlencoded', 'text/plain', 'application/json'],
  platform: ['application/json', 'text/plain', 'application/x-www-form-urlencoded'],
} as const

/** The same text in another letter case: each letter that is one is turned. */
const turned = (text: string): string =>
  [...text].map((letter, at) => (at % 2 === 0 ? letter.toUpperCase() : letter.toLowerCase())).join('')

for (const generation of ['v4', 'platform'] as const)
  describe(`Jumio ${generation}`, () => {
    let service: FakeJumio
    beforeAll(async () => {
      service = await startFakeJumio(generation)
    })
    afterAll(() => service.close())
    const reference = generation === 'v4' ? randomUUID() : `${randomUUID()}/${randomUUID()}`
    const readAs = (headers: Record<string, string | undefined>) =>
      adapterOf({ type: jumio, service }).readWebhook({ ...service.webhooks(reference).real, headers })
    const [expected, ...others] = mediaTypes[generation]

    it.each([
      expected,
      expected.toUpperCase(),
      turned(expected),
      `${expected};charset=UTF-8`,
      `${turned(expected)} ; Charset="utf-8"`,
      `  ${expected}\t; charset=utf-8; boundary=x`,
      `${expected};`,
    ])('reads a callback of the media type “%s”', (contentType) => {
      expect(readAs({ 'content-type': contentType })).toEqual({ reference })
    })

    it('reads a callback that names no media type, by what its body is', () => {
      for (const headers of [{}, { 'content-type': undefined }, { 'content-type': '' }, { 'content-type': '  ' }])
        expect(readAs(headers), JSON.stringify(headers)).toEqual({ reference })
      const { invalid } = service.webhooks(reference)
      const bodies = invalid.map(({ body }) => body).filter((body) => body.length < 100)
      expect(bodies.length).toBeGreaterThan(2)
      for (const body of bodies)
        expect(adapterOf({ type: jumio, service }).readWebhook({ headers: {}, body })).toBeNull()
    })

    it.each([...others, ...others.map(turned), `${expected}x`, `x-${expected}`, `text/html; ${expected}`])(
      'ignores a callback of the media type “%s”',
      (contentType) => {
        expect(readAs({ 'content-type': contentType })).toBeNull()
      },
    )
  })

/** Capitals for every text of these members, at any depth. */
const inCapitals = (value: unknown, members: readonly string[]): unknown => {
  if (Array.isArray(value)) return value.map((entry) => inCapitals(entry, members))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      members.includes(name) && typeof entry === 'string' ? entry.toUpperCase() : inCapitals(entry, members),
    ]),
  )
}

describe.each([
  ['v4', ['scanReference', 'merchantScanReference', 'customerId']],
  ['platform', ['id', 'customerInternalReference', 'userReference']],
] as const)('Jumio %s that echoes references in capitals', (generation, members) => {
  let service: FakeJumio
  beforeAll(async () => {
    service = await startFakeJumio(generation)
  })
  afterAll(() => service.close())

  it('gives a final result, with the references as they came for the comparison without case', async () => {
    const { adapter } = jumio.open(service.config, {
      now: () => new Date(),
      sleep: async () => {},
      fetch: async (...call) => {
        const answer = await fetch(...call)
        const { pathname } = new URL(String(call[0] instanceof Request ? call[0].url : call[0]))
        const isResult = /\/scans\/|\/workflow-executions\//.test(pathname)
        return isResult ? Response.json(inCapitals(await answer.json(), members)) : answer
      },
    })
    const order = newOrder(jumio)
    service.setScenario('approve')
    const { reference } = await adapter.start(order)
    const finding = await adapter.fetchFinding(reference)
    if (finding.state !== 'final') throw new Error('the check was left waiting')
    expect(finding.outcome).toBe('approved')
    // The server compares them without case: see conclude.ts.
    expect(finding.echoed.verificationReference).toBe(order.verificationReference.toUpperCase())
    expect(finding.echoed.subjectReference).toBe(order.subjectReference.toUpperCase())
  })
})
