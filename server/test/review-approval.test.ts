import { ProviderError } from '@veridoor/providers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ada, approved, type FinalFinding, newScript, paperType, startServer, type TestServer } from './harness.ts'

// An approval rests on what the provider checked, or on what this very reviewer saw in the pictures.
const PIXELS = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])
type Browser = Awaited<ReturnType<TestServer['admin']>>

const script = newScript()
let pictures: () => ReturnType<NonNullable<typeof script.pictures>>
const shown = async () => [{ side: 'front' as const, contentType: 'image/jpeg' as const, bytes: PIXELS }]
script.pictures = () => pictures()

let server: TestServer
let admin: Browser
let rita: Browser
let people = 0

beforeAll(async () => {
  server = await startServer('review_approval', { types: [paperType(script)] })
  admin = await server.attachProvider('paper', { showPictures: true })
  rita = await server.person('rita')
  await server.pool.query(`update veridoor.users set is_admin = true where name = 'rita'`)
})
afterAll(() => server?.stop())

/** A check in review whose provider left out what `change` leaves out. */
const inReview = async (change: (finding: FinalFinding) => Partial<FinalFinding>): Promise<string> => {
  people += 1
  const number = `R${String(people).padStart(8, '0')}`
  const own = server.browser({}, `198.51.100.${people}`)
  await own.signUp(`reviewed${people}`)
  await own.call('PUT', '/v1/account/identity', { ...ada, documentNumber: number })
  const started = await own.call('POST', '/v1/verifications', {})
  expect(started.status, started.text).toBe(201)
  const order = script.orders.at(-1)
  if (!order) throw new Error('no order')
  const whole = approved(order, { outcome: 'review' })
  const finding = { ...whole, document: { ...whole.document, number } }
  script.finding = async () => ({ ...finding, ...change(finding) })
  await server.verification.settle(started.json.id)
  return started.json.id
}

const without =
  (...fields: (keyof FinalFinding['document'])[]) =>
  ({ document }: FinalFinding): Partial<FinalFinding> => ({
    document: Object.fromEntries(Object.entries(document).filter(([name]) => !fields.includes(name as 'number'))),
  })
const withoutFace = ({ checks }: FinalFinding): Partial<FinalFinding> => ({
  checks: { ...checks, face: 'not_assessed' },
})
const nothing = (finding: FinalFinding): Partial<FinalFinding> => ({ document: {}, ...withoutFace(finding) })

const approve = async (by: Browser, id: string): Promise<string> => {
  const { json, status } = await by.call('POST', `/v1/verifications/${id}/review`, {
    decision: 'approve',
    reason: 'Everything fits',
  })
  return status === 200 ? json.state : json.code
}
const look = async (by: Browser, id: string): Promise<number> =>
  (await by.call('POST', `/v1/verifications/${id}/pictures`, { reason: 'review' })).status

describe('a reviewer', () => {
  it.each([
    ['name', without('firstName', 'lastName')],
    ['number', without('number')],
    ['expiry date', without('expiry')],
    ['type of document', without('type')],
    ['country', without('country')],
    ['face', withoutFace],
    ['name, number, type of document, country, expiry date, face', nothing],
  ])('cannot approve without having seen what the provider did not check: %s', async (words, change) => {
    const id = await inReview(change)
    const { json, status } = await admin.call('POST', `/v1/verifications/${id}/review`, {
      decision: 'approve',
      reason: 'Everything fits',
    })
    expect([status, json.code]).toEqual([409, 'NOT_APPROVABLE'])
    expect(json.data.fields).toEqual([
      {
        path: 'document',
        message: `Not checked by the provider: ${words}. Look at the pictures before you approve.`,
      },
    ])
    expect((await admin.call('GET', `/v1/verifications/${id}`)).json.state).toBe('review')
  })

  it('approves what the provider checked without looking at pictures', async () => {
    expect(await approve(admin, await inReview(() => ({})))).toBe('verified')
  })

  it('approves after a recorded look at the pictures, and another reviewer’s look does not count', async () => {
    pictures = shown
    const id = await inReview(nothing)
    expect(await look(rita, id)).toBe(200)
    expect(await approve(admin, id)).toBe('NOT_APPROVABLE')
    expect(await approve(rita, id)).toBe('verified')
    const own = await inReview(nothing)
    expect(await look(admin, own)).toBe(200)
    expect(await approve(rita, own)).toBe('NOT_APPROVABLE')
    expect(await approve(admin, own)).toBe('verified')
  })

  it('who looked at another check has not seen this one', async () => {
    pictures = shown
    const [seen, unseen] = [await inReview(nothing), await inReview(nothing)]
    expect(await look(admin, seen)).toBe(200)
    expect(await approve(admin, unseen)).toBe('NOT_APPROVABLE')
  })

  it('has seen nothing where the provider showed no picture, failed, or keeps them closed', async () => {
    const id = await inReview(nothing)
    pictures = async () => []
    expect(await look(admin, id)).toBe(200)
    expect(await approve(admin, id)).toBe('NOT_APPROVABLE')
    for (const fault of ['not_found', 'timeout'] as const) {
      pictures = async () => {
        throw new ProviderError(fault, { retryable: false })
      }
      expect(await look(admin, id)).toBeGreaterThanOrEqual(400)
      expect(await approve(admin, id), fault).toBe('NOT_APPROVABLE')
    }
    const saved = (await admin.call('GET', '/v1/providers/built-in/paper')).json
    await admin.call('PUT', '/v1/providers/built-in/paper', {
      ...saved,
      config: { ...saved.config, showPictures: false },
    })
    expect(await look(admin, id)).toBe(409)
    expect(await approve(admin, id)).toBe('NOT_APPROVABLE')
    // Opened again, one look that shows something is enough.
    const closed = (await admin.call('GET', '/v1/providers/built-in/paper')).json
    await admin.call('PUT', '/v1/providers/built-in/paper', {
      ...closed,
      config: { ...closed.config, showPictures: true },
    })
    pictures = shown
    expect(await look(admin, id)).toBe(200)
    expect(await approve(admin, id)).toBe('verified')
  })

  it('can reject without having seen anything', async () => {
    const id = await inReview(nothing)
    const { json } = await admin.call('POST', `/v1/verifications/${id}/review`, {
      decision: 'reject',
      reason: 'Nothing was read',
    })
    expect(json.state).toBe('rejected')
  })
})
