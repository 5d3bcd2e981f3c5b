import { ProviderError } from '@veridoor/providers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { approved, newScript, paperType, startServer, type TestServer } from './harness.ts'

// Pictures stay with the provider. An administrator may look, when the operator allows it, for a reason that is recorded.
const PIXELS = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])
const asked: string[] = []
const script = newScript()
script.pictures = async (reference) => {
  asked.push(reference)
  return [{ side: 'front', contentType: 'image/jpeg', bytes: PIXELS }]
}
let server: TestServer
let admin: Awaited<ReturnType<TestServer['admin']>>
let number = 0

beforeAll(async () => {
  server = await startServer('pictures', { types: [paperType(script)] })
  admin = await server.attachProvider()
})
afterAll(() => server?.stop())

/** A person whose check has ended in review, and its id. */
const inReview = async () => {
  number += 1
  const name = `mia${number}`
  const person = await server.person(name)
  const started = await person.call('POST', '/v1/verifications', {})
  const order = script.orders.at(-1)
  if (!order) throw new Error('no order')
  script.finding = async () => approved(order, { outcome: 'review' })
  await server.verification.settle(started.json.id)
  return { person, id: started.json.id as string }
}
const allow = async (showPictures: boolean) => {
  const { json } = await admin.call('GET', '/v1/providers/built-in/paper')
  const saved = await admin.call('PUT', '/v1/providers/built-in/paper', {
    ...json,
    config: { ...json.config, showPictures },
  })
  expect(saved.status).toBe(200)
}

it('nothing is fetched unless the operator switched it on', async () => {
  const { id } = await inReview()
  const detail = await admin.call('GET', `/v1/verifications/${id}`)
  expect(detail.json.canShowPictures).toBe(false)
  const look = await admin.call('POST', `/v1/verifications/${id}/pictures`, { reason: 'review' })
  expect([look.status, look.json.code]).toEqual([409, 'PICTURES_CLOSED'])
  expect(asked).toEqual([])
})

it('an administrator sees them for a reason, and the look is in the record before anything is fetched', async () => {
  await allow(true)
  const { id } = await inReview()
  expect((await admin.call('GET', `/v1/verifications/${id}`)).json.canShowPictures).toBe(true)
  expect((await admin.call('POST', `/v1/verifications/${id}/pictures`, { reason: 'curious' })).status).toBe(422)
  const look = await admin.call('POST', `/v1/verifications/${id}/pictures`, { reason: 'complaint' })
  expect(look.status).toBe(200)
  expect(look.json.items).toEqual([{ side: 'front', contentType: 'image/jpeg', data: PIXELS.toString('base64') }])
  const { json } = await admin.call('GET', '/v1/audit?action=look-at-pictures')
  expect(json.items).toHaveLength(1)
  expect(json.items[0].reasons).toEqual(['complaint'])
})

it('neither the person nor another member of the organization sees them through the console', async () => {
  const { person, id } = await inReview()
  const before = asked.length
  expect((await person.call('POST', `/v1/verifications/${id}/pictures`, { reason: 'review' })).status).toBe(403)
  const other = await server.person('noah')
  expect((await other.call('POST', `/v1/verifications/${id}/pictures`, { reason: 'review' })).status).toBe(403)
  expect(asked.length).toBe(before)
})

it('pictures that are gone, and a provider that does not answer, are told in words', async () => {
  const { id } = await inReview()
  const working = script.pictures
  const look = () => admin.call('POST', `/v1/verifications/${id}/pictures`, { reason: 'review' })
  // The opened adapter is kept; its answer is the script's.
  const fail = (fault: 'not_found' | 'timeout') => async () => {
    throw new ProviderError(fault, { retryable: false })
  }
  script.pictures = fail('not_found')
  await allow(false)
  await allow(true)
  const gone = await look()
  expect([gone.status, gone.json.code]).toEqual([409, 'PICTURES_CLOSED'])
  expect(gone.text).toContain('does not have these pictures any more')
  script.pictures = fail('timeout')
  await allow(false)
  await allow(true)
  expect((await look()).status).toBe(502)
  if (working) script.pictures = working
})

it('of a check whose provider’s settings cannot be read are not shown, and the rest of it is', async () => {
  await allow(true)
  const { id } = await inReview()
  const { rows } = await server.pool.query(`select config from veridoor.providers where name = 'paper'`)
  await server.pool.query(`update veridoor.providers set config = '{}', version = version + 1 where name = 'paper'`)
  const detail = await admin.call('GET', `/v1/verifications/${id}`)
  expect([detail.status, detail.json.canShowPictures]).toEqual([200, false])
  const rejected = await admin.call('POST', `/v1/verifications/${id}/review`, { decision: 'reject', reason: 'Unclear' })
  expect([rejected.status, rejected.json.state]).toEqual([200, 'rejected'])
  await server.pool.query(`update veridoor.providers set config = $1, version = version + 1 where name = 'paper'`, [
    JSON.stringify(rows[0].config),
  ])
})

it('nothing of a picture is kept: not in a table, not in the log', async () => {
  const { rows } = await server.pool.query(
    `select table_schema || '.' || table_name as name from information_schema.tables
     where table_schema in ('veridoor', 'jobs') and table_type = 'BASE TABLE'`,
  )
  const marks = [PIXELS.toString('base64'), PIXELS.toString('hex')]
  for (const { name } of rows) {
    const text = JSON.stringify((await server.pool.query(`select * from ${name}`)).rows)
    for (const mark of marks) expect(text, name).not.toContain(mark)
  }
  for (const mark of marks) expect(server.logLines.join('')).not.toContain(mark)
})
