import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { JumioError } from './errors.ts'
import { createV4Client } from './index.ts'

const SECRET = 'Canary-Secret'
const canary = 'Ilaria Vossberger U7301954'
const ref = '5f6e0000-0000-4000-8000-000000000001'

/** A client over answers given in turn (the last one again and again), and the waits that it took. */
const clientOver = (...answers: readonly (() => Response)[]) => {
  const waits: number[] = []
  let calls = 0
  const fetch: typeof globalThis.fetch = async () => {
    calls += 1
    const answer = answers[Math.min(calls, answers.length) - 1]
    if (!answer) throw new Error('no answer')
    return answer()
  }
  const client = createV4Client({
    baseUrl: 'https://netverify.com/',
    token: 'token',
    secret: SECRET,
    userAgent: 'Acme Shop/1.0',
    fetch,
    sleep: async (ms) => void waits.push(ms),
    pace: null,
  })
  return { client, waits, calls: () => calls }
}
const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  () =>
    Response.json(body, { status, headers })
const done = json({ scanReference: ref, status: 'DONE' })
const fails = (cause: Error) => () => {
  throw cause
}
const coded = (name: string, code: string) =>
  Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(canary), { name, code }) })
const errorOf = async (call: Promise<unknown>): Promise<JumioError> =>
  call.then(
    () => expect.unreachable(),
    (error) => (error instanceof JumioError ? error : expect.unreachable()),
  )

describe('a fault is named', () => {
  const cases: readonly [string, () => Response, string, boolean][] = [
    ['400', json({ message: canary }, 400), 'bad_request', false],
    ['401', json({ message: canary }, 401), 'unauthorized', false],
    ['403 with a page', () => new Response(`<html>${canary}`, { status: 403 }), 'forbidden', false],
    ['404', json({ httpStatus: '404', message: canary, requestURI: 'x' }, 404), 'not_found', false],
    ['410', json({}, 410), 'not_found', false],
    ['429', json({}, 429), 'rate_limited', true],
    ['500', json({ message: canary }, 500), 'server_error', true],
    [
      '302',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.example/' } }),
      'redirected',
      false,
    ],
    ['a page', () => new Response(`<!doctype html>${canary}`), 'not_jumio', false],
    ['broken JSON', () => new Response(`{"x": "${canary}`), 'bad_response', true],
    ['another shape', json({ something: canary }), 'bad_response', false],
    ['another transaction', json({ scanReference: canary, status: 'DONE' }), 'bad_response', false],
    ['ten megabytes', () => new Response('x'.repeat(10_000_000)), 'too_large', false],
    ['a timeout', fails(new DOMException(canary, 'TimeoutError')), 'timeout', true],
    ['a refused connection', fails(coded('Error', 'ECONNREFUSED')), 'unreachable', true],
    ['a bad certificate', fails(coded('Error', 'CERT_HAS_EXPIRED')), 'tls', false],
    ['a self-signed certificate', fails(coded('Error', 'DEPTH_ZERO_SELF_SIGNED_CERT')), 'tls', false],
    ['a private address', fails(coded('Error', 'ADDRESS_NOT_ALLOWED')), 'address_not_allowed', false],
  ]
  for (const [what, answer, code, retryable] of cases)
    it(`${what}: ${code}`, async () => {
      const { client } = clientOver(answer)
      const error = await errorOf(client.status(ref))
      expect([error.code, error.retryable]).toEqual([code, retryable])
      expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toMatch(/Ilaria|U7301954|Canary/)
      // What the other side said is not kept, whatever it was; what the network said is its own.
      if (error.status) expect(inspect(error, { depth: 9 })).not.toMatch(/Ilaria|U7301954|Canary/)
    })

  it('with Jumio’s own handle for support', async () => {
    const { client } = clientOver(json({}, 500, { 'x-trackingid': 'track-1' }))
    expect((await errorOf(client.status(ref))).trackingId).toBe('track-1')
  })
})

describe('a read', () => {
  it('is repeated after a passing fault, three times in all, with growing jittered waits', async () => {
    const { client, waits, calls } = clientOver(json({}, 500), json({}, 503), done)
    expect((await client.status(ref)).status).toBe('DONE')
    expect(calls()).toBe(3)
    expect(waits[0]).toBeGreaterThanOrEqual(250)
    expect(waits[0]).toBeLessThanOrEqual(750)
    expect(waits[1]).toBeGreaterThanOrEqual(500)
    expect(waits[1]).toBeLessThanOrEqual(1500)
    const always = clientOver(json({}, 500))
    await errorOf(always.client.status(ref))
    expect(always.calls()).toBe(3)
  })

  it('waits as it is told, and gives a long wait back instead of sitting it out', async () => {
    const short = clientOver(json({}, 429, { 'retry-after': '7' }), done)
    await short.client.status(ref)
    expect(short.waits).toEqual([7000])
    const long = clientOver(json({}, 429, { 'retry-after': '120' }))
    expect((await errorOf(long.client.status(ref))).retryAfterMs).toBe(120_000)
    expect(long.calls()).toBe(1)
    const date = clientOver(json({}, 429, { 'retry-after': new Date(Date.now() + 90_000).toUTCString() }))
    expect((await errorOf(date.client.status(ref))).retryAfterMs).toBeGreaterThan(80_000)
    // A moment is counted from the answer's own time: an hour between the clocks is not an hour of waiting.
    const theirs = Date.now() - 3_600_000
    const headers = { date: new Date(theirs).toUTCString(), 'retry-after': new Date(theirs + 60_000).toUTCString() }
    expect((await errorOf(clientOver(json({}, 429, headers)).client.status(ref))).retryAfterMs).toBe(60_000)
  })

  it('is not repeated where that cannot help', async () => {
    for (const status of [400, 401, 403, 404]) {
      const { client, calls } = clientOver(json({}, status))
      await errorOf(client.status(ref))
      expect(calls()).toBe(1)
    }
  })
})

describe('a call that creates', () => {
  const order = { customerInternalReference: 'case', userReference: 'person' }
  const picture = {
    merchantIdScanReference: 'case',
    frontsideImage: 'eA==',
    country: 'AUT',
    idType: 'PASSPORT' as const,
  }
  it('is made once, however it ends', async () => {
    for (const answer of [json({}, 500), json({}, 503), fails(new DOMException('', 'TimeoutError'))]) {
      const { client, calls } = clientOver(answer)
      expect((await errorOf(client.initiate(order))).retryable).toBe(false)
      expect((await errorOf(client.performNetverify(picture))).retryable).toBe(false)
      expect(calls()).toBe(2)
    }
  })

  it('is not made when a documented limit is broken', async () => {
    const { client, calls } = clientOver(done)
    const error = await errorOf(client.initiate({ ...order, callbackUrl: 'http://a.example/', locale: 'toolong' }))
    expect(error.code).toBe('invalid_input')
    expect([...error.fields].sort()).toEqual(['callbackUrl', 'locale'])
    const queried = { ...picture, callbackUrl: 'https://a.example/?x=1' }
    expect((await errorOf(client.performNetverify(queried))).fields).toEqual(['callbackUrl'])
    expect(calls()).toBe(0)
  })
})

describe('pictures', () => {
  it('are bytes of a picture, and nothing else', async () => {
    const png = () => new Response(new Uint8Array([1, 2, 3]), { headers: { 'content-type': 'image/png' } })
    expect((await clientOver(png).client.image(ref, 'front')).bytes).toHaveLength(3)
    expect((await clientOver(png).client.livenessImage(ref, 1)).contentType).toBe('image/png')
    expect((await errorOf(clientOver(json({})).client.image(ref, 'front'))).code).toBe('bad_response')
  })
})
