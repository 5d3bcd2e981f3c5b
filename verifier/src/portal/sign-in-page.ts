import { type HttpApp, keyedDigest, timingSafeEqualText } from '@veridoor/foundation'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { VerifierDeps } from '../deps.ts'
import { createRateLimit } from '../http/rate-limit.ts'
import type { Client } from '../session/schema.ts'
import { signInPage } from './pages.ts'
import { findPortalSession, type PortalSession, signIn, signOut } from './sign-in.ts'

const COOKIE = 'verifier_portal'

/** Nobody is signed in, or no longer: leads to the sign-in page. */
export class NotSignedInError extends Error {}
/** A form that did not come from a page of this portal in this session. */
export class ForeignFormError extends Error {}

/** Sends a page of HTML. */
export const show = (reply: FastifyReply, text: string, status = 200): FastifyReply =>
  reply.code(status).type('text/html; charset=utf-8').send(text)

/** To a client's page, else to the list of them. */
export const goTo = (reply: FastifyReply, client?: Pick<Client, 'token'>): FastifyReply =>
  reply.redirect(client ? `/portal/clients/${encodeURIComponent(client.token)}` : '/portal', 303)

/** `requireSession` and `requireForm`: @throws {NotSignedInError}; `requireForm` also {ForeignFormError} */
export type PortalGuard = ReturnType<typeof createPortalGuard>

/** Finds who is signed in, and checks that a form came from their page. */
export const createPortalGuard = (deps: VerifierDeps) => {
  const formKey = deps.cipher.derive('portal forms')
  const formTokenOf = (session: PortalSession): string => keyedDigest(formKey, session.tokenDigest)
  const sessionOf = async (request: FastifyRequest): Promise<PortalSession | null> => {
    const [, token] = new RegExp(`(?:^|; )${COOKIE}=([\\w-]{20,100})`).exec(request.headers.cookie ?? '') ?? []
    return token ? findPortalSession(deps, token) : null
  }
  const requireSession = async (request: FastifyRequest): Promise<PortalSession> => {
    const session = await sessionOf(request)
    if (!session) throw new NotSignedInError()
    return session
  }
  /** A form of somebody who is signed in, sent by a page of this portal. */
  const requireForm = async (request: FastifyRequest): Promise<{ session: PortalSession; form: URLSearchParams }> => {
    const session = await requireSession(request)
    const form = new URLSearchParams(String(request.body ?? ''))
    if (!timingSafeEqualText(form.get('form') ?? '', formTokenOf(session))) throw new ForeignFormError()
    return { session, form }
  }
  /** Whether the browser says that a page of another origin sent the form. */
  const isFromOtherOrigin = ({ headers }: FastifyRequest): boolean =>
    headers.origin !== undefined &&
    headers.origin !== new URL(deps.url).origin &&
    (!URL.canParse(headers.origin) || new URL(headers.origin).host !== headers.host)
  return { formTokenOf, sessionOf, requireSession, requireForm, isFromOtherOrigin }
}

/** The sign-in page, and signing out. */
export const mountSignIn = (scope: HttpApp, deps: VerifierDeps, { sessionOf, requireForm }: PortalGuard): void => {
  const limit = createRateLimit(deps.clock, 10, 60_000)
  const secure = deps.url.startsWith('https:') ? '; Secure' : ''
  const cookie = (value: string, seconds: number): string =>
    `${COOKIE}=${value}; Path=/portal; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`

  scope.get('/sign-in', async (request, reply) =>
    (await sessionOf(request)) ? goTo(reply) : show(reply, signInPage()),
  )
  scope.post('/sign-in', async (request, reply) => {
    if (limit(request.ip) > 0)
      return show(reply, signInPage('That was tried too often. Wait a minute and try again.'), 429)
    const secret = new URLSearchParams(String(request.body ?? '')).get('secret') ?? ''
    const token = await signIn(deps, secret.trim())
    if (!token) {
      deps.log.warn('portal.sign_in_refused', { id: request.id })
      return show(reply, signInPage('The secret is not right. Copy it again.'), 401)
    }
    deps.log.info('portal.signed_in', { id: request.id })
    return goTo(reply.header('set-cookie', cookie(token, 8 * 3_600)))
  })
  scope.post('/sign-out', async (request, reply) => {
    const { session } = await requireForm(request)
    await signOut(deps, session)
    return goTo(reply.header('set-cookie', cookie('', 0)))
  })
}
