import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  createPace,
  createPlatformClient,
  createTokenCache,
  createV4Client,
  documentedRates,
  hostsOfRegion,
  JumioError,
  type RateClass,
} from './index.ts'

const refusalOf = (call: () => unknown): JumioError => {
  try {
    call()
  } catch (error) {
    if (error instanceof JumioError) return error
  }
  return expect.unreachable()
}

describe('the pace of calls', () => {
  it('never begins more calls within the documented time than documented, however they come', () => {
    for (const kind of Object.keys(documentedRates) as RateClass[]) {
      const { calls, perMs } = documentedRates[kind]
      let now = 0
      const pace = createPace({ now: () => now, longestWaitMs: 1e9 })
      const begun: number[] = []
      for (let call = 0; call < calls * 4; call += 1) {
        begun.push(now + pace.reserve('host account', kind))
        // Uneven: some at once, some late.
        now += (call * 7919) % Math.ceil(perMs / calls)
      }
      for (const [index, at] of begun.entries()) {
        const after = begun[index + calls]
        if (after !== undefined) expect(after - at, `${kind} ${index}`).toBeGreaterThanOrEqual(perMs)
      }
    }
  })

  it('counts hosts, accounts and classes apart', () => {
    const pace = createPace({ now: () => 0 })
    for (let call = 0; call < 5; call += 1) expect(pace.reserve('us one', 'v4-initiate')).toBe(0)
    expect(pace.reserve('us one', 'v4-initiate')).toBe(5_000)
    expect(pace.reserve('us two', 'v4-initiate')).toBe(0)
    expect(pace.reserve('us one', 'v4-retrieval')).toBe(0)
  })

  it('refuses a wait that is too long before anything is sent, and says how long it would be', () => {
    const pace = createPace({ now: () => 0, longestWaitMs: 1_000 })
    for (let call = 0; call < 5; call += 1) pace.reserve('us', 'v4-initiate')
    const refusal = refusalOf(() => pace.reserve('us', 'v4-initiate'))
    expect([refusal.code, refusal.retryable, refusal.retryAfterMs]).toEqual(['rate_limited', true, 5_000])
    // A refused turn takes no place.
    expect(refusalOf(() => pace.reserve('us', 'v4-initiate')).retryAfterMs).toBe(5_000)
  })

  it('waits for its turn, and after a 429 keeps the next calls back as long as was asked', async () => {
    const waits: number[] = []
    const now = { ms: 0 }
    let answered = 0
    const client = createV4Client({
      baseUrl: 'https://netverify.com',
      token: 'token',
      secret: 'geheim',
      userAgent: 'Acme Shop/1.0',
      pace: createPace({ now: () => now.ms, longestWaitMs: 20_000 }),
      sleep: async (ms) => {
        waits.push(ms)
        now.ms += ms
      },
      fetch: async () => {
        answered += 1
        return answered === 6
          ? Response.json({}, { status: 429, headers: { 'retry-after': '7' } })
          : Response.json({
              timestamp: 't',
              transactionReference: crypto.randomUUID(),
              redirectUrl: 'https://a.example/',
            })
      },
    })
    const open = () => client.initiate({ customerInternalReference: 'case', userReference: 'person' })
    for (let call = 0; call < 5; call += 1) await open()
    expect(waits).toEqual([])
    await expect(open()).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 7_000 })
    expect(waits).toEqual([5_000])
    await open()
    expect(waits).toEqual([5_000, 7_000])
  })

  it('does not slow a service on this machine', async () => {
    const waits: number[] = []
    const client = createV4Client({
      baseUrl: 'http://127.0.0.1:8001',
      token: 'token',
      secret: 'geheim',
      userAgent: 'Acme Shop/1.0',
      sleep: async (ms) => void waits.push(ms),
      fetch: async () => Response.json({ scanReference: 'ref', status: 'DONE' }),
    })
    for (let call = 0; call < 100; call += 1) await client.status('ref')
    expect(waits).toEqual([])
  })

  it('names its classes as a union', () => {
    expectTypeOf<RateClass>().toEqualTypeOf<keyof typeof documentedRates>()
    expectTypeOf<'v5-initiate'>().not.toExtend<RateClass>()
  })
})

describe('what is seen in the field but not documented', () => {
  const clientOver = (answer: () => Response) =>
    createPlatformClient({
      hosts: hostsOfRegion('eu'),
      token: 'id',
      secret: 'geheim',
      userAgent: 'Acme Shop/1.0',
      pace: null,
      tokens: createTokenCache(),
      fetch: async (url) =>
        String(url).endsWith('/oauth2/token') ? Response.json({ access_token: 'a', expires_in: 3600 }) : answer(),
    })
  const execution = { accountId: 'acc-1', workflowExecutionId: 'wf-1' }

  it('rules: any object is given as it came, anything else is no answer', async () => {
    expect(await clientOver(() => Response.json({ rules: [{ id: 1 }] })).rules(execution)).toEqual({
      rules: [{ id: 1 }],
    })
    await expect(clientOver(() => Response.json([1])).rules(execution)).rejects.toMatchObject({ code: 'bad_response' })
  })

  it('a report is a PDF file by its own first bytes, or no answer', async () => {
    const pdf = new TextEncoder().encode('%PDF-1.7 …')
    expect(await clientOver(() => new Response(pdf)).report(execution)).toEqual(Buffer.from(pdf))
    await expect(clientOver(() => new Response('<html>')).report(execution)).rejects.toMatchObject({
      code: 'bad_response',
    })
  })
})
