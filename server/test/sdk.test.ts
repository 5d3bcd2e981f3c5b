import { createVeridoor, type Veridoor, VeridoorError } from '@veridoor/sdk'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ada, startServer, type TestServer } from './harness.ts'

let server: TestServer
let veridoor: Veridoor
let url = ''
beforeAll(async () => {
  server = await startServer('sdk')
  const root = await server.attachProvider()
  const made = await root.call('POST', '/v1/applications/app-built-in/keys', {
    name: 'Backend',
    scopes: ['verifications:read', 'verifications:write', 'users:read', 'users:write'],
  })
  url = await server.app.listen({ host: '127.0.0.1', port: 0 })
  veridoor = createVeridoor({ url, key: made.json.key })
})
afterAll(() => server?.stop())

const refusalOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof VeridoorError)) throw new Error('no refusal', { cause: error })
  return error
}

it('makes a person, starts and cancels a verification, and reads lists, over HTTP', async () => {
  const organization = 'built-in'
  const user = await veridoor.users.create({ organization, name: 'sdk-person', identity: ada })
  expect(user).toMatchObject({ name: 'sdk-person', identity: { realName: ada.realName, isVerified: false } })
  const context = { idempotencyKey: 'order-1' }
  const started = await veridoor.verifications.start({ organization, name: user.name }, { context })
  const again = await veridoor.verifications.start({ organization, name: user.name }, { context })
  expect(again.id).toBe(started.id)
  expect((await veridoor.verifications.list({})).items.map((row) => row.id)).toEqual([started.id])
  expect((await veridoor.verifications.cancel({ id: started.id })).state).toBe('cancelled')
  expect((await veridoor.verifications.read({ id: started.id })).startedBy).toBe('app/app-built-in')
})

it('throws refusals with their stable code, the fields and the request id', async () => {
  const absent = await refusalOf(veridoor.users.read({ organization: 'built-in', name: 'nobody' }))
  expect(absent).toMatchObject({ code: 'NOT_FOUND', status: 404 })
  expect((absent.data as { instance: string }).instance).toMatch(/^[\da-f-]{36}$/)
  const wrong = await refusalOf(veridoor.users.create({ organization: 'built-in', name: 'a b' }))
  expect(wrong).toMatchObject({ code: 'INVALID_INPUT', data: { fields: [{ path: 'name' }] } })
  expect((await refusalOf(veridoor.audit.list({}))).code).toBe('FORBIDDEN')
  const stranger = createVeridoor({ url, key: 'vd_wrong' })
  expect((await refusalOf(stranger.users.list({}))).code).toBe('NOT_SIGNED_IN')
})
