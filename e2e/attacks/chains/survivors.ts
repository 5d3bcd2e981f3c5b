import { createHash, randomBytes } from 'node:crypto'
import { type Chain, createApplication, ORGANIZATION, outcome, PASSWORD, signUp } from '../attack.ts'
import { type Client, createClient, freshName } from '../client.ts'

const CALLBACK = 'https://rp.example.com/callback'

/** Signs in at an application as a browser would: follows redirects to the code, agrees where it is asked to. */
const signInAt = async (url: string, client: Client, clientId: string): Promise<{ code: string; verifier: string }> => {
  const verifier = randomBytes(32).toString('base64url')
  let next = `/login/oauth/authorize?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid profile email',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })}`
  for (let hops = 0; hops < 12; hops += 1) {
    const answer = await client.call('GET', next)
    const location = answer.headers.get('location')
    if (!location) throw new Error(`no redirect but ${answer.status} ${answer.text.slice(0, 200)}`)
    const to = new URL(location, url)
    if (to.origin !== new URL(url).origin) return { code: to.searchParams.get('code') ?? '', verifier }
    next = `${to.pathname}${to.search}`
  }
  throw new Error('too many redirects')
}

/** Whoever once held an account keeps it by a refresh token or a session, although the person changed the password. */
export const survivors: Chain = async ({ stack, admin }) => {
  const name = freshName('rp')
  const { clientId, clientSecret } = await createApplication(admin, name, { enableSignUp: true })
  const refresh = (token: string) =>
    createClient(stack.url, { isProgram: true }).form('/api/login/oauth/access_token', {
      grant_type: 'refresh_token',
      refresh_token: token,
      client_id: clientId,
      client_secret: clientSecret,
    })
  const ends: Readonly<Record<string, (person: Client, username: string) => Promise<unknown>>> = {
    'a changed password': (person) =>
      person.call('PUT', '/v1/account/password', { current: PASSWORD, next: 'another long password' }),
    'a suspension': (_person, username) =>
      admin.call('PUT', `/v1/users/${ORGANIZATION}/${username}`, { isForbidden: true }),
  }
  const outcomes = []
  for (const [what, end] of Object.entries(ends)) {
    const username = freshName('owner')
    const person = await signUp(stack.url, username, name)
    const thief = createClient(stack.url)
    await thief.call('POST', '/v1/session', { application: name, username, password: PASSWORD })
    const { code, verifier } = await signInAt(stack.url, thief, clientId)
    const tokens = (
      await createClient(stack.url, { isProgram: true }).form('/api/login/oauth/access_token', {
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: CALLBACK,
        client_id: clientId,
        client_secret: clientSecret,
      })
    ).json
    const ended = (await end(person, username)) as { status: number; text: string }
    const userinfo = await createClient(stack.url, { isProgram: true }).call('GET', '/api/userinfo', undefined, {
      authorization: `Bearer ${tokens.access_token}`,
    })
    const again = await refresh(tokens.refresh_token ?? '')
    const session = await thief.call('GET', '/v1/session')
    const hadToken = Boolean(tokens.refresh_token)
    const isEnded =
      hadToken && ended.status < 400 && userinfo.status === 401 && again.status === 400 && session.status === 401
    outcomes.push(
      outcome(`tokens and sessions outlive ${what}`, isEnded, {
        end: `${ended.status} ${ended.text.slice(0, 80)}`,
        hadToken,
        tokens: Object.keys(tokens),
        error: tokens.error_description,
        userinfo: userinfo.status,
        refresh: again.status,
        session: session.status,
      }),
    )
  }
  return outcomes
}
