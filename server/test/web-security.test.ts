import { Secret } from '@veridoor/foundation'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_PASSWORD, startServer, type TestServer } from './harness.ts'

const url = 'https://id.example.com'
let server: TestServer
beforeAll(async () => {
  server = await startServer('web-security', {
    url,
    metrics: { isOpen: false, token: new Secret('a-token-of-sixteen') },
  })
})
afterAll(() => server?.stop())

describe('a server behind https', () => {
  it('tells browsers to stay on https, and gives pages no device and other sites no answer', async () => {
    for (const path of ['/healthz', '/v1/sign-in-page', '/nothing/here', '/.well-known/openid-configuration']) {
      const { headers } = await server.app.inject({ url: path })
      expect(headers['strict-transport-security'], path).toMatch(/^max-age=\d{8}/)
      expect(headers['cross-origin-opener-policy'], path).toBe('same-origin')
      expect(headers['permissions-policy'], path).toContain('camera=()')
    }
    const { headers } = await server.app.inject({ url: '/healthz' })
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
  })

  it('sets cookies that only this host can set, and takes no others', async () => {
    const answer = await server.app.inject({
      method: 'POST',
      url: '/v1/session',
      headers: { origin: url, 'content-type': 'application/json' },
      payload: JSON.stringify({ username: 'admin', password: ADMIN_PASSWORD }),
    })
    expect(answer.statusCode).toBe(200)
    expect(answer.cookies.length).toBeGreaterThan(0)
    for (const cookie of answer.cookies)
      expect(cookie).toMatchObject({
        name: expect.stringMatching(/^__Host-/),
        path: '/',
        secure: true,
        httpOnly: true,
      })
    const session = answer.cookies.find(({ name }) => name === '__Host-veridoor_session')?.value ?? ''
    const read = (cookie: string) => server.app.inject({ url: '/v1/session', headers: { cookie } })
    expect((await read(`__Host-veridoor_session=${session}`)).statusCode).toBe(200)
    // A neighbouring subdomain can plant a cookie without the prefix.
    expect((await read(`veridoor_session=${session}`)).statusCode).toBe(401)
  })

  it('refuses a change from another site, however its address is spelled', async () => {
    for (const path of [
      '/v1/session',
      '/%761/session',
      '/v1/%73ession',
      '/login/oauth/%69nteraction/x',
      '/login/oauth/interaction/x',
    ])
      for (const origin of ['https://evil.example', 'http://id.example.com', 'null']) {
        const answer = await server.app.inject({
          method: 'POST',
          url: path,
          headers: { origin, host: 'id.example.com', 'content-type': 'application/json' },
          payload: '{}',
        })
        expect([403, 404], `${path} from ${origin}`).toContain(answer.statusCode)
        if (answer.statusCode === 403) expect(answer.body).toContain('ORIGIN_REFUSED')
      }
    const encoded = await server.app.inject({
      method: 'POST',
      url: '/%761/session',
      headers: { origin: 'https://evil.example', 'content-type': 'application/json' },
      payload: JSON.stringify({ username: 'admin', password: ADMIN_PASSWORD }),
    })
    expect(encoded.statusCode).not.toBe(200)
  })

  it('shows its metrics to whoever has the token', async () => {
    const ask = (authorization?: string) =>
      server.app.inject({ url: '/metrics', headers: authorization ? { authorization } : {} })
    expect((await ask()).statusCode).toBe(404)
    expect((await ask('Bearer wrong')).statusCode).toBe(404)
    expect((await ask('Basic YTpi')).statusCode).toBe(404)
    const answer = await ask('Bearer a-token-of-sixteen')
    expect(answer.statusCode).toBe(200)
    expect(answer.body).toContain('http_request_duration_seconds')
    expect(answer.body).toContain('veridoor_budget_in_flight')
  })
})
