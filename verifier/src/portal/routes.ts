import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type HttpApp, keyedDigest, sameText } from '@veridoor/foundation'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type GivenSettings, readClientSettings, type SettingFaults } from '../client-settings.ts'
import { changeClient, createClient, findClient, listClients, rotateSecret } from '../clients.ts'
import type { VerifierParts } from '../parts.ts'
import type { Client } from '../schema.ts'
import { sendCallbackAgain } from '../send-callback.ts'
import { findOwn, findRecent } from '../store.ts'
import { createRateLimit } from '../v4/rate-limit.ts'
import { clientPage, clientsPage, signInPage } from './pages.ts'
import { givenOf, settingsForm, textOf } from './settings-form.ts'
import { findPortalSession, type PortalSession, signIn, signOut, type Told, takeTold, tell } from './sign-in.ts'

const POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
const COOKIE = 'verifier_portal'
const FORM_BYTES = 65_536
const RECENT = 50

const look = createRequire(import.meta.url).resolve('@veridoor/contract/look.css')
const styles = readFileSync(look, 'utf8') + readFileSync(new URL('./styles.css', import.meta.url), 'utf8')

type At = { Params: { token: string; id: string } }

class NotSignedIn extends Error {}
/** A form that no page of ours sent to this browser. */
class NotOurForm extends Error {}

/**
 * Serves the operator's portal under `/portal`: API clients, their settings and their recent sessions. Plain pages without scripts.
 * Forms carry a token of the session besides the cookie, and a browser that says another page sent them is refused.
 */
export const mountPortal = (app: HttpApp, parts: VerifierParts): void => {
  if (!parts.portalSecret) return
  const { db, box, clock } = parts
  const formKey = box.derive('portal forms')
  const limit = createRateLimit(clock, 10, 60_000)
  const secure = parts.url.startsWith('https:') ? '; Secure' : ''
  const cookie = (value: string, seconds: number): string =>
    `${COOKIE}=${value}; Path=/portal; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`

  const formTokenOf = (session: PortalSession): string => keyedDigest(formKey, session.tokenDigest)
  const sessionOf = async (request: FastifyRequest): Promise<PortalSession | null> => {
    const [, token] = new RegExp(`(?:^|; )${COOKIE}=([\\w-]{20,100})`).exec(request.headers.cookie ?? '') ?? []
    return token ? findPortalSession(parts, token) : null
  }
  const isFromElsewhere = ({ headers }: FastifyRequest): boolean =>
    headers.origin !== undefined &&
    headers.origin !== new URL(parts.url).origin &&
    (!URL.canParse(headers.origin) || new URL(headers.origin).host !== headers.host)

  const signedIn = async (request: FastifyRequest): Promise<PortalSession> => {
    const session = await sessionOf(request)
    if (!session) throw new NotSignedIn()
    return session
  }
  /** A form of somebody who is signed in, sent by a page of ours. */
  const sent = async (request: FastifyRequest): Promise<{ session: PortalSession; form: URLSearchParams }> => {
    const session = await signedIn(request)
    const form = new URLSearchParams(String(request.body ?? ''))
    if (!sameText(form.get('form') ?? '', formTokenOf(session))) throw new NotOurForm()
    return { session, form }
  }
  const show = (reply: FastifyReply, text: string, status = 200): FastifyReply =>
    reply.code(status).type('text/html; charset=utf-8').send(text)
  const goTo = (reply: FastifyReply, client?: Client): FastifyReply =>
    reply.redirect(client ? `/portal/clients/${encodeURIComponent(client.token)}` : '/portal', 303)

  app.register(
    async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser(
        'application/x-www-form-urlencoded',
        { parseAs: 'string', bodyLimit: FORM_BYTES },
        (_request, body, done) => done(null, body),
      )
      scope.addHook('onRequest', async (request, reply) => {
        reply.headers({
          'content-security-policy': POLICY,
          'cache-control': 'no-store',
          // Without a referrer of its own, a browser names no origin beside a form.
          'referrer-policy': 'same-origin',
        })
        if (request.method === 'POST' && isFromElsewhere(request)) throw new NotOurForm()
      })
      scope.setErrorHandler((error, request, reply) => {
        if (error instanceof NotSignedIn) return reply.redirect('/portal/sign-in', 303)
        if (error instanceof NotOurForm)
          return reply
            .code(403)
            .type('text/plain')
            .send('This form is over. Go back, load the page anew and try again.\n')
        const { statusCode } = error as { statusCode?: number }
        if (statusCode !== undefined && statusCode < 500)
          return reply.code(statusCode).type('text/plain').send('The request cannot be read. Go back and try again.\n')
        parts.log.error('portal.fault', { id: request.id, route: request.routeOptions.url ?? '', error })
        return reply
          .code(500)
          .type('text/plain')
          .send(`The fault is ours. Try again; the log knows it as ${request.id}.\n`)
      })

      scope.get('/styles.css', async (_request, reply) =>
        reply.type('text/css').header('cache-control', 'public, max-age=300').send(styles),
      )
      scope.get('/sign-in', async (request, reply) =>
        (await sessionOf(request)) ? goTo(reply) : show(reply, signInPage()),
      )
      scope.post('/sign-in', async (request, reply) => {
        if (limit(request.ip) > 0)
          return show(reply, signInPage('That was tried too often. Wait a minute and try again.'), 429)
        const secret = new URLSearchParams(String(request.body ?? '')).get('secret') ?? ''
        const token = await signIn(parts, secret.trim())
        if (!token) {
          parts.log.warn('portal.sign_in_refused', { id: request.id })
          return show(reply, signInPage('The secret is not right. Copy it again.'), 401)
        }
        parts.log.info('portal.signed_in', { id: request.id })
        return goTo(reply.header('set-cookie', cookie(token, 8 * 3_600)))
      })
      scope.post('/sign-out', async (request, reply) => {
        const { session } = await sent(request)
        await signOut(parts, session)
        return goTo(reply.header('set-cookie', cookie('', 0)))
      })

      scope.get('', async (request, reply) => {
        const session = await signedIn(request)
        return show(reply, clientsPage(await listClients(db), formTokenOf(session)))
      })
      scope.post('/clients', async (request, reply) => {
        const { session, form } = await sent(request)
        const name = form.get('name')?.trim() ?? ''
        const { settings, faults } = readClientSettings({ name }, parts)
        if (name === '' || faults.name) {
          const fault = faults.name ?? 'Give the client a name. People see it during the check.'
          return show(reply, clientsPage(await listClients(db), formTokenOf(session), fault), 422)
        }
        const pair = await createClient(db, box, settings, clock.now())
        parts.log.info('portal.client_created', { id: pair.token })
        await tell(parts, session, { what: 'created', ...pair })
        return reply.redirect(`/portal/clients/${pair.token}`, 303)
      })

      const clientView = async (
        session: PortalSession,
        client: Client,
        given: GivenSettings,
        faults: SettingFaults,
      ): Promise<string> => {
        const formToken = formTokenOf(session)
        const action = `/portal/clients/${encodeURIComponent(client.token)}/settings`
        const told = await takeTold(parts, session)
        return clientPage({
          client,
          url: parts.url,
          sessions: await findRecent(db, client, RECENT),
          settings: settingsForm({ action, formToken, given, faults }),
          // What was left for another client's page is over.
          told: told && 'token' in told && told.token !== client.token ? null : told,
          hasFaults: Object.keys(faults).length > 0,
          formToken,
        })
      }
      scope.get<At>('/clients/:token', async (request, reply) => {
        const session = await signedIn(request)
        const client = await findClient(db, request.params.token)
        return client ? show(reply, await clientView(session, client, textOf(client), {})) : goTo(reply)
      })

      /** One thing done to a client, told on its page. */
      const act = (path: string, run: (client: Client, request: FastifyRequest<At>) => Promise<Told | null>): void => {
        scope.post<At>(`/clients/:token${path}`, async (request, reply) => {
          const { session } = await sent(request)
          const client = await findClient(db, request.params.token)
          if (!client) return goTo(reply)
          const told = await run(client, request)
          if (told) {
            parts.log.info('portal.client_changed', { id: client.token, code: told.what })
            await tell(parts, session, told)
          }
          return goTo(reply, client)
        })
      }
      act('/secret', async ({ token }) => {
        const secret = await rotateSecret(db, box, token)
        return secret ? { what: 'rotated', token, secret } : null
      })
      act('/disable', async ({ token }) => {
        await changeClient(db, token, { disabledAt: clock.now() })
        return { what: 'disabled' }
      })
      act('/enable', async ({ token }) => {
        await changeClient(db, token, { disabledAt: null })
        return { what: 'enabled' }
      })
      act('/sessions/:id/callback', async (client, request) => {
        const found = await findOwn(db, client, request.params.id)
        return { what: found && (await sendCallbackAgain(parts, found)) ? 'queued' : 'not_queued' }
      })
      scope.post<At>('/clients/:token/settings', async (request, reply) => {
        const { session, form } = await sent(request)
        const client = await findClient(db, request.params.token)
        if (!client) return goTo(reply)
        const given = givenOf(form)
        const { settings, faults } = readClientSettings(given, parts)
        const wrong: SettingFaults = given.name?.trim() ? faults : { name: 'Give the client a name.', ...faults }
        if (Object.keys(wrong).length > 0) return show(reply, await clientView(session, client, given, wrong), 422)
        await changeClient(db, client.token, settings)
        parts.log.info('portal.client_changed', { id: client.token, code: 'saved' })
        await tell(parts, session, { what: 'saved' })
        return goTo(reply, client)
      })
    },
    { prefix: '/portal' },
  )
}
