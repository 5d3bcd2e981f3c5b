import { createHash, randomBytes } from 'node:crypto'
import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { startServer } from '../test/harness.ts'

// One node with PostgreSQL: what an application asks of it. The client shares the machine. Bounded in count, on this machine only.
// `node server/bench/sign-in.ts [people]`, 200 when left out.
const people = Number(process.argv[2] ?? 200)
const WIDTH = 16
const cores = availableParallelism()
const tell = (figure: string, values: Record<string, unknown>): void =>
  console.log(JSON.stringify({ figure, ...values, cores }))
const megabytes = (): number => {
  globalThis.gc?.()
  return Math.round(process.memoryUsage().rss / 1_048_576)
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
const port = await freePort()
const url = `http://127.0.0.1:${port}`
const server = await startServer('bench_sign_in', { url })
server.clock.set(new Date())
await server.app.listen({ host: '127.0.0.1', port })

// Statements of the serving login: every one of them goes through its pool's clients.
let statements = 0
const { prototype } = (server.pool as unknown as { Client: { prototype: { query: (...input: unknown[]) => unknown } } })
  .Client
const { query } = prototype
prototype.query = function counted(...input: unknown[]) {
  statements += 1
  return query.apply(this, input)
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
type Answer = { status: number; headers: IncomingHttpHeaders; text: string }
const send = (
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Record<string, string>,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const text = body && new URLSearchParams(body).toString()
    const form = text ? { 'content-type': 'application/x-www-form-urlencoded' } : {}
    request({ port, host: '127.0.0.1', path, method, agent, headers: { ...headers, ...form } }, (answer) => {
      const chunks: Buffer[] = []
      answer
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() }),
        )
    })
      .on('error', reject)
      .end(text)
  })
const must = (answer: Answer, status: number): Answer => {
  if (answer.status !== status) throw new Error(`answered ${answer.status} in place of ${status}: ${answer.text}`)
  return answer
}

/** Runs `work` for every item, `WIDTH` at a time, and tells how many a second, and how long one waits. */
const measure = async <T, R>(
  figure: string,
  items: readonly T[],
  work: (item: T) => Promise<R>,
  extra = {},
): Promise<R[]> => {
  const results: R[] = []
  const times: number[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      const from = performance.now()
      results[at] = await work(items[at] as T)
      times.push(performance.now() - from)
    }
  }
  const from = performance.now()
  const before = statements
  await Promise.all(Array.from({ length: WIDTH }, lane))
  const seconds = (performance.now() - from) / 1000
  times.sort((a, b) => a - b)
  const percentile = (share: number): number => Math.round((times[Math.floor(times.length * share)] ?? 0) * 10) / 10
  tell(figure, {
    callers: WIDTH,
    done: items.length,
    perSecond: Math.round(items.length / seconds),
    medianMs: percentile(0.5),
    p99Ms: percentile(0.99),
    statementsEach: Math.round(((statements - before) / items.length) * 10) / 10,
    ...extra,
  })
  return results
}

const CALLBACK = 'https://app.example.com/callback'
const admin = await server.admin()
await admin.call('POST', '/v1/applications', {
  organization: 'built-in',
  name: 'bench',
  displayName: 'Bench',
  redirectUris: [CALLBACK],
  providers: [],
})
const clientId: string = (await admin.call('GET', '/v1/applications/bench')).json.clientId
const clientSecret: string = (await admin.call('POST', '/v1/applications/bench/secret')).json.clientSecret
const credentials = { client_id: clientId, client_secret: clientSecret }
const password = 'a long password'
const names = Array.from({ length: people }, (_item, index) => `bench${index}`)
for (const name of names) await admin.call('POST', '/v1/users', { organization: 'built-in', name, password })
// Nobody is asked for a new password here: that page is not what is measured.
await server.pool.query('update veridoor.users set must_change_password = false')
const startMegabytes = megabytes()

const sessions = await measure('sign-ins with a password', names, async (username) => {
  await server.pool.query('delete from veridoor.rate_limits')
  const answer = await server.app.inject({
    method: 'POST',
    url: '/v1/session',
    headers: { origin: url },
    payload: { username, password, application: 'bench' },
  })
  if (answer.statusCode !== 200) throw new Error(`a sign-in was answered ${answer.statusCode}`)
  const session = answer.cookies.find((cookie) => cookie.name === 'veridoor_session')
  return `veridoor_session=${session?.value}`
})

/** From the application's link to the code, with every redirect between; the person is signed in already. */
const authorize = async (session: string): Promise<{ code: string; verifier: string }> => {
  const jar = new Map<string, string>()
  const verifier = randomBytes(32).toString('base64url')
  let at = `/login/oauth/authorize?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid profile email',
    state: 's',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })}`
  for (let hops = 0; hops < 10; hops += 1) {
    const cookie = [session, ...[...jar].map(([name, value]) => `${name}=${value}`)].join('; ')
    const answer = await send('GET', at, { cookie })
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      jar.set(name, value)
    }
    const next = new URL(answer.headers.location ?? '', url)
    if (next.origin !== url) return { code: next.searchParams.get('code') ?? '', verifier }
    at = `${next.pathname}${next.search}`
  }
  throw new Error('too many redirects')
}
type Tokens = { access_token: string; refresh_token: string }
const token = async (members: Record<string, string>): Promise<Tokens> =>
  JSON.parse(must(await send('POST', '/api/login/oauth/access_token', {}, { ...members, ...credentials }), 200).text)
const exchange = ({ code, verifier }: { code: string; verifier: string }): Promise<Tokens> =>
  token({ grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: CALLBACK })

// Code is warm before anything is counted.
for (const session of sessions.slice(0, 20)) await exchange(await authorize(session))

await measure('full code flows', sessions, async (session) => exchange(await authorize(session)), {
  password: 'apart',
})
const codes = await Promise.all(sessions.map(authorize))
const tokens = await measure('token exchanges', codes, exchange)
const many = [...tokens, ...tokens, ...tokens, ...tokens]
await measure('userinfo', many, async ({ access_token }) =>
  must(await send('GET', '/api/userinfo', { authorization: `Bearer ${access_token}` }), 200),
)
await measure('introspections', many, async ({ access_token }) => {
  const answer = must(
    await send('POST', '/api/login/oauth/introspect', {}, { token: access_token, ...credentials }),
    200,
  )
  if (!JSON.parse(answer.text).active) throw new Error('a token was not active')
})
await measure('refreshes', tokens, ({ refresh_token }) => token({ grant_type: 'refresh_token', refresh_token }))
tell('memory of sign-in', { megabytes: megabytes(), megabytesAtStart: startMegabytes })
prototype.query = query
agent.destroy()
await server.stop()
