import { SDK } from 'casdoor-nodejs-sdk'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startServer, type TestServer } from './harness.ts'
import { codeFor, freePort } from './sign-in.ts'

// Casdoor's official package for Node, unchanged, against our server over HTTP.
const CALLBACK = 'https://app.example.com/callback'

let server: TestServer
let sdk: SDK
let url: string
let clientId: string

beforeAll(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  server = await startServer('casdoor_sdk', { url })
  await server.app.listen({ host: '127.0.0.1', port })
  const admin = await server.attachProvider()
  const { json } = await admin.call('GET', '/v1/applications/app-built-in')
  await admin.call('PUT', '/v1/applications/app-built-in', { ...json, redirectUris: [CALLBACK], management: 'people' })
  const secret = (await admin.call('POST', '/v1/applications/app-built-in/secret')).json.clientSecret as string
  clientId = json.clientId
  const certificate = (await admin.call('GET', '/api/get-cert?id=admin/cert-built-in')).json.data.certificate as string
  sdk = new SDK({
    endpoint: url,
    clientId,
    clientSecret: secret,
    certificate,
    orgName: 'built-in',
    appName: 'app-built-in',
  })
})
afterAll(() => server?.stop())

describe('casdoor-nodejs-sdk', () => {
  it('signs a person in by the address it builds, asks about the token, and renews it', async () => {
    const address = sdk.getSignInUrl(CALLBACK)
    const browser = server.browser()
    await browser.signUp('olga')
    const tokens = await sdk.getAuthToken(await codeFor(browser, url, address))
    expect(tokens.access_token).toMatch(/\S{20,}/)
    const told = await sdk.introspect(tokens.access_token, 'access_token')
    expect(told.data).toMatchObject({ active: true, client_id: clientId })
    // Without asking the server: by the certificate, as the package does it.
    const person = sdk.parseJwtToken(tokens.access_token)
    expect(person).toMatchObject({ owner: 'built-in', name: 'olga', sub: person.id })
    expect((await sdk.getUser(person.name)).data.data).toMatchObject({ id: person.id })
    const [head, , signature] = tokens.access_token.split('.')
    const forged = Buffer.from(JSON.stringify({ ...person, name: 'admin' })).toString('base64url')
    expect(() => sdk.parseJwtToken([head, forged, signature].join('.'))).toThrow('invalid signature')
    const renewed = await sdk.refreshToken(tokens.refresh_token)
    expect(renewed.access_token).not.toBe(tokens.access_token)
  })

  it('takes a user round: add, get, change, update, count, delete; nothing lost', async () => {
    const user = { owner: 'built-in', name: 'piet', displayName: 'Piet', education: 'MSc' } as never
    expect((await sdk.addUser(user)).data.data as unknown).toBe('Affected')
    const read = (await sdk.getUser('piet')).data.data as unknown as Record<string, unknown>
    expect(read).toMatchObject({ name: 'piet', education: 'MSc' })
    await sdk.updateUser({ ...read, displayName: 'Piet H.' } as never)
    const again = (await sdk.getUser('piet')).data.data as unknown as Record<string, unknown>
    expect(again).toEqual({ ...read, displayName: 'Piet H.', updatedTime: again.updatedTime })
    expect(((await sdk.getUsers()).data.data as unknown as { name: string }[]).map(({ name }) => name)).toContain(
      'piet',
    )
    expect((await sdk.getUserCount(true)).data).toMatchObject({ data: 0 })
    await sdk.deleteUser(read as never)
    expect((await sdk.getUser('piet')).data.data).toBeNull()
  })

  it('reads a provider, its own application and its organization, and changes none of them: that is for administrators', async () => {
    const provider = (await sdk.getProvider('paper')).data.data as unknown as Record<string, unknown>
    expect(provider).toMatchObject({
      name: 'paper',
      category: 'ID Verification',
      clientSecret: expect.not.stringContaining('stamp'),
    })
    expect(((await sdk.getProviders()).data.data as unknown as unknown[]).length).toBeGreaterThan(0)
    const application = (await sdk.getApplication('app-built-in')).data.data as unknown as Record<string, unknown>
    const organization = (await sdk.getOrganization('built-in')).data.data as unknown as Record<string, unknown>
    expect((await sdk.getApplications()).data.data as unknown).toHaveLength(1)
    expect((await sdk.getOrganizations()).data.data as unknown).toHaveLength(1)
    const displayName = 'Changed'
    const writes = [
      sdk.updateProvider({ ...provider, displayName } as never),
      sdk.addProvider({ owner: 'built-in', name: 'own', category: 'ID Verification', type: 'Paper' } as never),
      sdk.deleteProvider(provider as never),
      sdk.updateApplication({ ...application, displayName } as never),
      sdk.addApplication({ owner: 'admin', name: 'sdk-app', organization: 'built-in' } as never),
      sdk.deleteApplication(application as never),
      sdk.updateOrganization({ ...organization, displayName } as never),
      sdk.addOrganization({ owner: 'admin', name: 'sdk-org' } as never),
      sdk.deleteOrganization({ owner: 'admin', name: 'built-in' } as never),
    ]
    for (const { data } of await Promise.all(writes))
      expect(data as unknown).toMatchObject({
        status: 'error',
        msg: 'Unauthorized operation',
        data2: { code: 'FORBIDDEN' },
      })
    expect((await sdk.getProvider('paper')).data.data).toEqual(provider)
    expect((await sdk.getApplication('app-built-in')).data.data).toEqual(application)
    expect((await sdk.getOrganization('built-in')).data.data).toEqual(organization)
    expect((await sdk.getApplication('sdk-app')).data.data).toBeNull()
  })

  it('keeps every field of a person that it sends back, also those that only Casdoor knows', async () => {
    type Fields = Record<string, unknown>
    const read = async () => (await sdk.getUser('olga')).data.data as unknown as Fields
    const change = { education: 'PhD', address: ['a'], github: 'x', properties: { a: 'b' } }
    const before = await read()
    await sdk.updateUser({ ...before, ...change } as never)
    const after = await read()
    expect({ ...after, updatedTime: '' }).toEqual({ ...before, ...change, updatedTime: '' })
    await sdk.updateUser({ ...after } as never)
    expect({ ...(await read()), updatedTime: '' }).toEqual({ ...after, updatedTime: '' })
  })

  it('sets a person’s password, lists certificates, and is told that files and tokens are not kept', async () => {
    await server.browser().signUp('sonja')
    const data = { owner: 'built-in', name: 'sonja', newPassword: 'given by the application' }
    expect((await sdk.setPassword(data)).data.status as unknown).toBe('ok')
    const signedIn = await server.browser().signIn('sonja', data.newPassword)
    expect(signedIn.json.user.mustChangePassword).toBe(true)
    expect((await sdk.getCerts()).data.data as unknown).toContainEqual(
      expect.objectContaining({ name: 'cert-built-in', cryptoAlgorithm: 'RS256' }),
    )
    const upload = await sdk.uploadResource(
      { owner: 'built-in', name: 'idCardFront' } as never,
      Buffer.from('x') as never,
    )
    expect(upload.data).toMatchObject({ status: 'error', data2: { code: 'NOT_HOSTED' } })
    expect((await sdk.getTokens(1, 10)).data).toMatchObject({ status: 'ok', data: [] })
    expect(await sdk.enforce('p', 'm', 'r', ['a', 'b', 'c'])).toBe(false)
  })

  it('gets polite answers about what is not kept here', async () => {
    expect((await sdk.getRoles()).data.data).toEqual([])
    expect((await sdk.getPermission('x')).data.data).toBeNull()
    expect((await sdk.addRole({ owner: 'built-in', name: 'x' } as never)).data.status as unknown).toBe('error')
  })

  it('has each of its calls answered by an envelope, whatever it is about: none ends at an address that nobody serves', async () => {
    const object = { owner: 'built-in', name: 'nothing-of-ours', mfaType: 'app', organization: 'built-in' }
    /** Those with arguments of their own; every other call takes a name or an object. */
    const given: Record<string, unknown[]> = {
      getResources: ['built-in', 'x', '', '', '', ''],
      getSession: ['x', 'app-built-in'],
      getTokens: [1, 10],
      uploadResource: [object, Buffer.from('x')],
      deleteMfa: ['built-in', 'x'],
      verifyMfa: [object, '000000'],
      enableMfa: [object],
      setPassword: [{ ...object, newPassword: 'long enough for one' }],
      getUserCount: [false],
    }
    const others =
      /^(constructor|getSign|getMyProfile|getUserProfile|getAuthToken|refreshToken|parseJwtToken|introspect|enforce|batchEnforce)/
    const names = Object.getOwnPropertyNames(SDK.prototype).filter((name) => !others.test(name))
    expect(names.length).toBeGreaterThan(90)
    const printed = vi.spyOn(console, 'log').mockImplementation(() => {})
    for (const name of names) {
      const call = (sdk as unknown as Record<string, (...values: unknown[]) => Promise<unknown>>)[name]
      const values = given[name] ?? [/^(get|is)/.test(name) ? 'nothing-of-ours' : { ...object }]
      // The envelope, at HTTP 200: anything else makes the package throw.
      const answer = (await call?.apply(sdk, values)) as { status: number; data: Record<string, unknown> }
      expect([name, answer.status, Object.keys(answer.data).length]).toEqual([name, 200, 7])
      expect(answer.data.data, name).not.toBe(undefined)
    }
    printed.mockRestore()
    expect(await sdk.batchEnforce('p', 'm', 'r', [['a', 'b', 'c']])).toEqual([false])
  })
})
