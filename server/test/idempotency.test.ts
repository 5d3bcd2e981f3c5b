import { afterAll, beforeAll, expect, it } from 'vitest'
import { startServer, type TestServer } from './harness.ts'

let server: TestServer
let key = ''
beforeAll(async () => {
  server = await startServer('idempotency')
  const root = await server.admin()
  key = (
    await root.call('POST', '/v1/applications/app-built-in/keys', {
      name: 'Backend',
      scopes: ['users:write', 'users:read', 'webhooks:write'],
    })
  ).json.key
})
afterAll(() => server?.stop())

const post = async (path: string, body: unknown, idempotencyKey: string, bearer = key) => {
  const answer = await server.app.inject({
    method: 'POST',
    url: path,
    headers: {
      authorization: `Bearer ${bearer}`,
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey,
    },
    payload: JSON.stringify(body),
  })
  return {
    status: answer.statusCode,
    json: answer.json(),
    isReplay: answer.headers['idempotency-replayed'] === 'true',
    type: String(answer.headers['content-type']),
  }
}
const newUser = (name: string) => ({ organization: 'built-in', name })

it('a request that is repeated with its key is carried out once, and answered the same', async () => {
  const first = await post('/v1/users', newUser('once'), 'k1')
  expect(first).toMatchObject({ status: 201, isReplay: false })
  const second = await post('/v1/users', newUser('once'), 'k1')
  expect(second).toMatchObject({ status: 201, isReplay: true })
  expect(second.json).toEqual(first.json)
  expect((await post('/v1/users', newUser('once'), 'k2')).status).toBe(409)
})

it('the same key with another body or address is refused, and does nothing', async () => {
  await post('/v1/users', newUser('bound'), 'k3')
  const other = await post('/v1/users', newUser('unbound'), 'k3')
  expect(other).toMatchObject({ status: 422, json: { code: 'IDEMPOTENCY_MISMATCH' } })
  expect(other.type).toMatch(/^application\/problem\+json/)
  expect((await post('/v1/webhooks', newUser('bound'), 'k3')).json.code).toBe('IDEMPOTENCY_MISMATCH')
  const { rows } = await server.pool.query(`select name from veridoor.users where name = 'unbound'`)
  expect(rows).toEqual([])
})

it('of many at once one is carried out', async () => {
  const body = { organization: 'built-in', url: 'https://example.com/hook' }
  const answers = await Promise.all(Array.from({ length: 6 }, () => post('/v1/webhooks', body, 'k4')))
  expect(answers.every((one) => one.status === 201 || one.json.code === 'IDEMPOTENCY_RUNNING')).toBe(true)
  const { rows } = await server.pool.query('select id from veridoor.webhook_endpoints')
  expect(rows).toHaveLength(1)
  // The secret of the answer is not in the database in clear, and the repeated answer has it all the same.
  const again = await post('/v1/webhooks', body, 'k4')
  expect(again.json.secret).toMatch(/^whsec_/)
  const kept = await server.pool.query('select answer from veridoor.idempotent_requests')
  expect(JSON.stringify(kept.rows)).not.toContain('whsec_')
})

it('keys of one API key mean nothing to another, and a refusal is repeated too', async () => {
  const root = await server.admin()
  const made = await root.call('POST', '/v1/applications/app-built-in/keys', { name: 'Other', scopes: ['users:write'] })
  await post('/v1/users', newUser('mine'), 'k5')
  const other = await post('/v1/users', newUser('mine'), 'k5', made.json.key)
  expect(other).toMatchObject({ status: 409, isReplay: false, json: { code: 'CONFLICT' } })
  const again = await post('/v1/users', newUser('mine'), 'k5', made.json.key)
  expect(again).toMatchObject({ status: 409, isReplay: true, json: { code: 'CONFLICT' } })
  expect(again.type).toMatch(/^application\/problem\+json/)
})

it('one that was lost with its process may be made again after two minutes, and answers are forgotten after a day', async () => {
  await post('/v1/users', newUser('lost'), 'k6')
  await server.pool.query(`update veridoor.idempotent_requests set status = null, answer = null`)
  expect((await post('/v1/users', newUser('lost'), 'k6')).json.code).toBe('IDEMPOTENCY_RUNNING')
  server.clock.advance(121_000)
  expect((await post('/v1/users', newUser('lost'), 'k6')).json.code).toBe('CONFLICT')
  server.clock.advance(86_400_001)
  await server.sweepRooms()
  const { rows } = await server.pool.query('select 1 from veridoor.idempotent_requests')
  expect(rows).toEqual([])
})
