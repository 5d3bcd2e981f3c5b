import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { closeServer } from '../capture/close.ts'

/** What an application does, written out: a request, the code for tokens, and what it learns. No library of ours. */
export type RelyingParty = {
  readonly callback: string
  /** Where the person begins. */
  beginAt(options: { url: string; clientId: string; claims?: object }): string
  /** What came back to the callback. */
  answer(): Promise<URLSearchParams>
  learn(options: {
    url: string
    clientId: string
    clientSecret: string
    code: string
  }): Promise<Record<string, unknown>>
  close(): Promise<void>
}

export const startRelyingParty = async (): Promise<RelyingParty> => {
  let arrived: URLSearchParams | undefined
  const server: Server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/callback') arrived = searchParams
    response.setHeader('content-type', 'text/html')
    response.end(`<!doctype html><title>Orders</title><h1>${pathname === '/callback' ? 'Back at Orders' : ''}</h1>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const callback = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`
  return {
    callback,
    beginAt: ({ url, clientId, claims }) => {
      arrived = undefined
      const address = new URL('/login/oauth/authorize', url)
      address.search = new URLSearchParams({
        client_id: clientId,
        response_type: 'code',
        redirect_uri: callback,
        scope: 'openid profile',
        state: 'here',
        ...(claims ? { claims: JSON.stringify(claims) } : {}),
      }).toString()
      return address.href
    },
    async answer() {
      for (let waited = 0; !arrived && waited < 15_000; waited += 100)
        await new Promise((done) => setTimeout(done, 100))
      if (!arrived) throw new Error('nothing came back')
      return arrived
    },
    async learn({ url, clientId, clientSecret, code }) {
      const answer = await fetch(`${url}/api/login/oauth/access_token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          redirect_uri: callback,
          client_id: clientId,
          client_secret: clientSecret,
        }),
      })
      const tokens = (await answer.json()) as { access_token: string }
      const me = await fetch(`${url}/api/userinfo`, { headers: { authorization: `Bearer ${tokens.access_token}` } })
      return (await me.json()) as Record<string, unknown>
    },
    close: () => closeServer(server),
  }
}
