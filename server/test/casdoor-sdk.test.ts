import { SDK } from 'casdoor-nodejs-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
  await admin.call('PUT', '/v1/applications/app-built-in', { ...json, redirectUris: [CALLBACK] })
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
afterAll(() => server.stop())

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

  it('takes a provider, the application and the organization round', async () => {
    const provider = (await sdk.getProvider('paper')).data.data as unknown as Record<string, unknown>
    expect(provider).toMatchObject({
      name: 'paper',
      category: 'ID Verification',
      clientSecret: expect.not.stringContaining('stamp'),
    })
    await sdk.updateProvider({ ...provider, displayName: 'Papers' } as never)
    expect(((await sdk.getProvider('paper')).data.data as unknown as Record<string, unknown>).displayName).toBe(
      'Papers',
    )
    expect(((await sdk.getProviders()).data.data as unknown as unknown[]).length).toBeGreaterThan(0)
    const application = (await sdk.getApplication('app-built-in')).data.data as unknown as Record<string, unknown>
    await sdk.updateApplication({ ...application, displayName: 'Portal' } as never)
    expect((await sdk.getApplication('app-built-in')).data.data).toEqual({ ...application, displayName: 'Portal' })
    const organization = (await sdk.getOrganization('built-in')).data.data as unknown as Record<string, unknown>
    await sdk.updateOrganization({ ...organization, displayName: 'House' } as never)
    expect((await sdk.getOrganization('built-in')).data.data).toEqual({ ...organization, displayName: 'House' })
  })

  it('gets polite answers about what is not kept here', async () => {
    expect((await sdk.getRoles()).data.data).toEqual([])
    expect((await sdk.getPermission('x')).data.data).toBeNull()
    expect((await sdk.addRole({ owner: 'built-in', name: 'x' } as never)).data.status as unknown).toBe('error')
  })
})
