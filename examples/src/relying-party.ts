import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import * as oidc from 'openid-client'

const { ISSUER = 'http://localhost:8000', CLIENT_ID = '', CLIENT_SECRET = '', PORT = '3000' } = process.env
const home = `http://127.0.0.1:${PORT}`
const isLocal = new URL(ISSUER).protocol === 'http:'
const config = await oidc.discovery(new URL(ISSUER), CLIENT_ID, CLIENT_SECRET, undefined, {
  execute: isLocal ? [oidc.allowInsecureRequests] : [],
})

/** What is kept between leaving for Veridoor and coming back, by a random cookie: another browser's answer fits none. */
const pending = new Map<string, { state: string; nonce: string; verifier: string }>()

/** Essential: only verified people come back with an answer; others verify on the way, or come back with an error. */
const claims = {
  userinfo: {
    verified_claims: {
      verification: { trust_framework: null, time: null },
      claims: { name: { essential: true }, age_over_18: null },
    },
  },
}

const toHtml = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
const send = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
  response.end(`<!doctype html><html lang="en"><title>Orders</title><h1>Orders</h1>${text}`)
}
const cookieOf = (request: IncomingMessage): string =>
  /(?:^|; )orders=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''

/** Sends the person to Veridoor. */
const leave = async (response: ServerResponse, isVerify: boolean): Promise<void> => {
  const id = randomUUID()
  const kept = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() }
  pending.set(id, kept)
  const address = oidc.buildAuthorizationUrl(config, {
    redirect_uri: `${home}/callback`,
    scope: 'openid profile email',
    state: kept.state,
    nonce: kept.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(kept.verifier),
    code_challenge_method: 'S256',
    ...(isVerify ? { claims: JSON.stringify(claims) } : {}),
  })
  response
    .writeHead(303, { location: address.href, 'set-cookie': `orders=${id}; HttpOnly; SameSite=Lax; Path=/` })
    .end()
}

type Verified = { verification: { trust_framework: string; time?: string }; claims: Record<string, unknown> }

/** Takes the answer: code for tokens, and what Veridoor says of the person. */
const comeBack = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const kept = pending.get(cookieOf(request))
  pending.delete(cookieOf(request))
  if (!kept) return send(response, 400, '<p>This sign-in is not known here. <a href="/">Begin again</a></p>')
  const tokens = await oidc.authorizationCodeGrant(config, new URL(request.url ?? '/', home), {
    expectedState: kept.state,
    expectedNonce: kept.nonce,
    pkceCodeVerifier: kept.verifier,
  })
  const person = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '')
  const found = person.verified_claims as Verified | Verified[] | undefined
  const verified = Array.isArray(found) ? found[0] : found
  const told = verified
    ? `Verified as ${toHtml(String(verified.claims.name))} (${toHtml(verified.verification.trust_framework)})`
    : 'Not verified for this application'
  send(response, 200, `<p>Signed in as ${toHtml(String(person.preferred_username ?? person.sub))}</p><p>${told}</p>`)
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', home)
  try {
    if (pathname === '/')
      return send(response, 200, '<a href="/sign-in">Sign in</a> <a href="/verify">Verify identity</a>')
    if (pathname === '/sign-in' || pathname === '/verify') return await leave(response, pathname === '/verify')
    if (pathname === '/callback') return await comeBack(request, response)
    return send(response, 404, '<p>Nothing here.</p>')
  } catch (error) {
    // What Veridoor refused (unmet_authentication_requirements, access_denied, …) is a known word; anything else is our fault.
    const code = error instanceof oidc.AuthorizationResponseError ? error.error : 'fault'
    if (code === 'fault') console.error(error)
    return send(response, code === 'fault' ? 500 : 403, `<p>Not signed in: ${toHtml(code)}</p><a href="/">Back</a>`)
  }
})
server.listen(Number(PORT), '127.0.0.1', () => console.log(`Orders is at ${home}`))
