import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { calls } from '../src/casdoor/index.ts'
import { startServer, type TestServer } from './harness.ts'

/** A call that is not understood is refused, and never answered with the caller's own account or with a fault. */
type Browser = ReturnType<TestServer['browser']>
let server: TestServer
let admin: Browser
let chief: Browser
let member: Browser
let bobId: string

beforeAll(async () => {
  server = await startServer('casdoor_lookups')
  admin = await server.admin()
  await admin.call('POST', '/v1/organizations', { name: 'acme', displayName: 'Acme' })
  await admin.call('POST', '/v1/applications', {
    organization: 'acme',
    name: 'portal',
    displayName: 'P',
    redirectUris: [],
  })
  const password = 'the first of acme'
  await admin.call('POST', '/v1/users', { organization: 'acme', name: 'chief', isAdmin: true, password })
  chief = server.browser()
  await chief.signIn('chief', password, 'portal')
  await chief.call('PUT', '/v1/account/password', { current: password, next: 'the second of acme' })
  member = server.browser()
  await member.signUp('mia', 'portal')
  await admin.call('POST', '/api/add-user', { owner: 'acme', name: 'bob', email: 'Bob@Acme.example', phone: '+999' })
  await admin.call('POST', '/api/add-user', { owner: 'acme', name: 'eve', phone: '+888' })
  await admin.call('POST', '/api/add-user', { owner: 'acme', name: 'eva', phone: '+888' })
  bobId = (await admin.call('GET', '/api/get-user?id=acme/bob')).json.data.id
})
afterAll(() => server?.stop())

const getUser = async (who: Browser, query: string) => (await who.call('GET', `/api/get-user${query}`)).json
const isOwn = (envelope: { data?: { name?: string } | null }) =>
  ['admin', 'chief', 'mia'].includes(envelope.data?.name ?? '')

describe('get-user', () => {
  it('finds a person by id, user id, email in any case, and phone', async () => {
    for (const query of [
      '?id=acme/bob',
      '?id=acme/bob&owner=acme',
      `?userId=${bobId}`,
      `?userId=${bobId}&owner=acme`,
      '?email=bob@acme.EXAMPLE',
      '?email=bob@acme.example&owner=acme',
      '?phone=%2B999',
      '?phone=%2B999&owner=acme',
    ])
      expect((await getUser(chief, query)).data?.name, query).toBe('bob')
    expect((await getUser(admin, '?phone=%2B999&owner=acme')).data.name).toBe('bob')
    expect((await getUser(admin, `?userId=${bobId}`)).data.name).toBe('bob')
    expect((await getUser(member, '?id=acme/mia')).data.name).toBe('mia')
    expect((await getUser(member, '?email=mia@example.com')).data.name).toBe('mia')
  })

  it('answers null for people who do not exist, and for a number that two people have', async () => {
    for (const query of [
      '?id=acme/nobody',
      '?userId=x',
      '?userId=00000000-0000-4000-8000-000000000000',
      `?userId=${'9'.repeat(900)}`,
      '?email=nobody@acme.example',
      '?email=%25',
      '?phone=%2B777',
      '?phone=%2B888',
      `?userId=${(await getUser(admin, '?id=built-in/admin')).data.id}`,
    ])
      expect(await getUser(chief, query), query).toMatchObject({ status: 'ok', data: null })
  })

  it('refuses what names nobody, or names somebody in a way that is not understood', async () => {
    const odd = [
      '',
      '?id=',
      '?id=%20',
      '?userId=',
      '?email=',
      '?phone=',
      '?owner=acme',
      '?owner=',
      '?id=bob',
      '?id=acme/bob/x',
      '?id=/bob',
      '?id=acme/',
      '?id=acme/bob&owner=built-in',
      '?id=acme/bob&email=bob@acme.example',
      '?email=bob@acme.example&phone=%2B999',
      '?id=acme/bob&id=acme/chief',
      '?ID=acme/bob',
      '?name=bob',
      '?username=bob',
      '?user_id=1',
      '?user=bob',
      '?mobile=%2B999',
      '?idCard=L898902C3',
      '?id[]=acme/bob',
      '?id=acme/bob&x=1',
      '?id=a%00b/c',
      '?phone=%00',
      '?__proto__=x',
      '?constructor=x',
      `?email=${'x'.repeat(5_000)}`,
    ]
    for (const who of [admin, chief, member])
      for (const query of odd) {
        const envelope = await getUser(who, query)
        // Text that no database can hold is refused before this package sees it.
        expect([query, query.includes('%00') ? 400 : 'error'].toString()).toBe([query, envelope.status].toString())
        expect([query, isOwn(envelope)]).toEqual([query, false])
        expect(envelope.data2?.code, query).not.toBe('INTERNAL')
      }
  })

  it('tells nobody outside whether a person exists: the refusal comes before the look-up', async () => {
    for (const [who, owner] of [
      [chief, 'built-in'],
      [member, 'acme'],
    ] as const)
      for (const query of [
        `?id=${owner}/admin`,
        `?id=${owner}/nobody`,
        `?email=a@b.c&owner=${owner}`,
        `?phone=1&owner=${owner}`,
      ])
        expect((await getUser(who, query)).msg, query).toBe('Unauthorized operation')
    for (const userId of [bobId, '00000000-0000-4000-8000-000000000000'])
      expect((await getUser(member, `?userId=${userId}`)).msg).toBe('Unauthorized operation')
  })
})

describe('update-user', () => {
  it('changes nobody when the call names somebody in a way that is not understood', async () => {
    const before = (await getUser(chief, '?id=acme/chief')).data
    for (const query of [
      '?id=',
      '?phone=%2B777x',
      '?user=bob',
      '?id=bob',
      '?email=',
      '?owner=acme',
      '?id=acme/bob&id=acme/eve',
    ])
      expect(
        (await chief.call('POST', `/api/update-user${query}`, { displayName: 'Changed' })).json.data,
        query,
      ).not.toBe('Affected')
    expect((await getUser(chief, '?id=acme/chief')).data).toEqual(before)
    expect((await getUser(chief, '?id=acme/bob')).data.displayName).toBe('')
  })

  it('has the limits that /v1 has, and takes no text that cannot be stored', async () => {
    const updateUser = async (body: Record<string, unknown>) =>
      (await chief.call('POST', '/api/update-user?id=acme/bob', body)).json
    for (const field of ['displayName', 'email', 'realName', 'idCard', 'signupApplication'])
      for (const text of ['x'.repeat(100_000), '\uFDFA'.repeat(10_000), 'a\u0000b', 'a\uD800b']) {
        const envelope = await updateUser({ [field]: text })
        expect([field, envelope.data]).not.toEqual([field, 'Affected'])
        expect(JSON.stringify(envelope), field).not.toContain('INTERNAL')
      }
    for (const body of [{ tag: 'a\u0000b' }, { properties: { a: ['\u0000'] } }, { 'a\u0000': 1 }])
      expect((await updateUser(body)).data).not.toBe('Affected')
  })
})

describe('every call', () => {
  const oddQueries = [
    '?nonsense=1',
    '?id=%00',
    '?owner=%00',
    '?id=acme/bob&id=built-in/admin',
    '?owner=acme&owner=built-in',
    `?id=${'x'.repeat(3_000)}`,
    '?id=%F0%28%8C%28',
    '?id=%E0%A4%A',
    '?p=0&pageSize=10',
    '?p=-1&pageSize=10',
    '?p=1e9&pageSize=10',
    '?p=abc&pageSize=10',
    '?p=1&pageSize=99999999999',
    '?p=1',
    '?pageSize=0',
    '?field=passwordHash&value=x',
    '?sortField=password_hash',
    '?sortField=name&sortOrder=sideways',
    '?isOnline=perhaps',
    '?limit=x',
    '?sorter=nonsense',
  ]

  it('answers an odd question with an error that says so, never with a fault', async () => {
    for (const [method, definitions] of Object.entries(calls))
      for (const name of Object.keys(definitions))
        for (const query of oddQueries) {
          const answer = await admin.call(method as 'GET', `/api/${name}${query}`, method === 'POST' ? {} : undefined)
          const label = `${method} ${name}${query}`
          expect([200, 400], label).toContain(answer.status)
          expect(answer.text, label).not.toContain('INTERNAL')
        }
  })

  it('refuses a parameter that it does not know, in every GET', async () => {
    for (const name of Object.keys(calls.GET))
      for (const parameter of ['nonsense', 'userName', 'ids', 'ownerName', 'toString']) {
        const { json } = await admin.call('GET', `/api/${name}?${parameter}=1`)
        expect([name, parameter, json.status, json.data2?.code]).toEqual([name, parameter, 'error', 'INVALID_INPUT'])
      }
  })

  it('takes a parameter that is given twice with one value, and credentials in any', async () => {
    expect((await getUser(chief, '?id=acme/bob&id=acme/bob')).data.name).toBe('bob')
    const wrong = await server.browser().call('GET', '/api/get-users?clientId=x&clientSecret=y')
    expect(wrong.json.data2.code).toBe('NOT_SIGNED_IN')
  })
})

describe('lists', () => {
  it('are filtered, sorted and paged in the database, in a total order', async () => {
    const names = async (query: string) =>
      (await chief.call('GET', `/api/get-users?owner=acme&${query}`)).json.data.map(
        ({ name }: { name: string }) => name,
      )
    const all = await names('sortField=name&sortOrder=ascend')
    expect(all).toEqual([...all].toSorted())
    expect(await names('sortField=name&sortOrder=descend')).toEqual([...all].reverse())
    expect(await names('field=name&value=EV')).toEqual(expect.arrayContaining(['eva', 'eve']))
    expect(await names('field=name&value=%25')).toEqual([])
    const pages = []
    for (const p of [1, 2, 3, 4, 5])
      pages.push(...(await names(`p=${p}&pageSize=1&sortField=createdTime&sortOrder=ascend`)))
    expect(pages.toSorted()).toEqual(all)
    const page = (await chief.call('GET', '/api/get-users?owner=acme&p=1&pageSize=2')).json
    expect([page.data.length, page.data2]).toEqual([2, all.length])
    const sorted = await chief.call('GET', '/api/get-sorted-users?owner=acme&sorter=created_time&limit=2')
    expect(sorted.json.data).toHaveLength(2)
  })

  it('that are too long to be answered whole say so, and are read by pages', async () => {
    await server.pool.query(
      `insert into veridoor.users (id, organization, name, display_name, email, password_hash)
       select gen_random_uuid(), 'acme', 'p' || n, 'P', '', '' from generate_series(1, 10050) n`,
    )
    const whole = (await chief.call('GET', '/api/get-users?owner=acme')).json
    expect(whole).toMatchObject({ status: 'error', data: null, data2: { code: 'TOO_LARGE' } })
    expect(whole.msg).toContain('pageSize')
    const page = (await chief.call('GET', '/api/get-users?owner=acme&p=10&pageSize=1000')).json
    expect([page.data.length, page.data2, page.data3]).toEqual([1000, 10_000, { isTotalCapped: true }])
    expect((await chief.call('GET', '/api/get-users?owner=acme&p=11&pageSize=1000')).json.data2.code).toBe('TOO_LARGE')
    expect((await chief.call('GET', '/api/get-users?owner=acme&field=name&value=p10050')).json.data).toHaveLength(1)
  })
})
