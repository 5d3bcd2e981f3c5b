import { afterAll, beforeAll, expect, it } from 'vitest'
import { startServer, type TestServer } from './harness.ts'

let server: TestServer
let key = ''
beforeAll(async () => {
  server = await startServer('etags')
  const root = await server.admin()
  const made = await root.call('POST', '/v1/applications/app-built-in/keys', {
    name: 'Backend',
    scopes: ['users:write', 'users:read'],
  })
  key = made.json.key
  await send('POST', '/v1/users', {}, { organization: 'built-in', name: 'bob' })
})
afterAll(() => server?.stop())

const send = async (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  headers: Record<string, string> = {},
  body?: object,
) => {
  const answer = await server.app.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body ? { payload: JSON.stringify(body) } : {}),
  })
  return {
    status: answer.statusCode,
    tag: String(answer.headers.etag),
    type: answer.headers['content-type'],
    cache: answer.headers['cache-control'],
    text: answer.body,
    json: answer.body ? answer.json() : undefined,
  }
}
const bob = '/v1/users/built-in/bob'
const change = { displayName: 'Bob', email: '', isAdmin: false, isForbidden: false, application: '' }

it('an object is answered with its version as the tag, and not again to those who have it', async () => {
  const first = await send('GET', bob)
  expect(first).toMatchObject({ status: 200, tag: `"${first.json.etag}"`, cache: 'no-store' })
  for (const known of [first.tag, `W/${first.tag}`, `"other", ${first.tag}`])
    expect(await send('GET', bob, { 'if-none-match': known })).toMatchObject({ status: 304, text: '', tag: first.tag })
  expect((await send('GET', bob, { 'if-none-match': '"other"' })).status).toBe(200)
})

it('a list has a tag too, which changes with what is in it', async () => {
  const before = await send('GET', '/v1/users')
  expect(before.tag).toMatch(/^W\/"[\w-]{22}"$/)
  expect((await send('GET', '/v1/users', { 'if-none-match': before.tag })).status).toBe(304)
  await send('POST', '/v1/users', {}, { organization: 'built-in', name: 'eve' })
  expect((await send('GET', '/v1/users', { 'if-none-match': before.tag })).status).toBe(200)
})

it('a change with the version that was read goes through once', async () => {
  const { tag } = await send('GET', bob)
  const first = await send('PUT', bob, { 'if-match': tag }, change)
  expect(first.status).toBe(200)
  expect(first.tag).not.toBe(tag)
  const second = await send('PUT', bob, { 'if-match': tag }, { ...change, displayName: 'Overwritten' })
  expect(second).toMatchObject({ status: 412, json: { code: 'CHANGED_MEANWHILE', status: 412 } })
  expect(second.type).toMatch(/^application\/problem\+json/)
  expect((await send('GET', bob)).json.displayName).toBe('Bob')
  expect((await send('PUT', bob, { 'if-match': '*' }, change)).status).toBe(200)
})

it('a weak tag and one that is none change nothing, nor does a condition where there are no versions', async () => {
  const { tag } = await send('GET', bob)
  for (const wrong of [`W/${tag}`, 'seven', `${tag}, "8"`, '']) {
    const answer = await send('PUT', bob, { 'if-match': wrong }, { ...change, displayName: 'Overwritten' })
    expect(answer, wrong).toMatchObject({ status: 422, json: { fields: [{ path: 'If-Match' }] } })
  }
  expect(await send('DELETE', bob, { 'if-match': tag })).toMatchObject({
    status: 422,
    json: { fields: [{ path: 'If-Match' }] },
  })
  expect((await send('GET', bob)).json.displayName).toBe('Bob')
})

it('an organization is changed by the version that was read as well', async () => {
  const root = await server.admin()
  const { json } = await root.call('GET', '/v1/organizations/built-in')
  const body = { displayName: 'Ours', logo: '', helpContact: '', triesPerDay: 5, etag: json.etag }
  expect((await root.call('PUT', '/v1/organizations/built-in', body)).status).toBe(200)
  const again = await root.call('PUT', '/v1/organizations/built-in', { ...body, displayName: 'Theirs' })
  expect(again).toMatchObject({ status: 409, json: { code: 'CHANGED_MEANWHILE' } })
})

it('a form that was open when a secret was made is still saved, and the answer names the version', async () => {
  const root = await server.admin()
  const path = '/v1/applications/app-built-in'
  const { json: form } = await root.call('GET', path)
  const made = await root.call('POST', `${path}/secret`)
  expect(made.json.etag).toBe((await root.call('GET', path)).json.etag)
  const saved = await root.call('PUT', path, { ...form, displayName: 'Portal' })
  expect([saved.status, saved.json.displayName]).toEqual([200, 'Portal'])
  const again = await root.call('POST', `${path}/secret`)
  const next = await root.call('PUT', path, { ...form, displayName: 'Door', etag: again.json.etag })
  expect(next.status).toBe(200)
  expect((await root.call('PUT', path, { ...form, displayName: 'Late' })).json.code).toBe('CHANGED_MEANWHILE')
})
