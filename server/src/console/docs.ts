import { type ApiErrorCode, apiErrors, sentences } from '@veridoor/contract'
import type { HttpApp } from '@veridoor/foundation'
import type { FastifyReply } from 'fastify'
import { toHtml } from '../oidc/index.ts'
import { type ApiDocument, referencePage } from './api-reference.ts'
import { docsPage } from './docs-layout.ts'
import { guideListPage, guidePage, loadGuides } from './guides.ts'

/** What helps against each error. A code that is missing here does not compile. */
const nextSteps: Record<ApiErrorCode, string> = {
  NOT_SIGNED_IN: 'Sign in, then send the request again. A session ends after 30 days without use.',
  SIGN_IN_REFUSED: 'Check the name and the password. After several wrong ones, wait for a minute.',
  SECOND_STEP_NEEDED:
    'The password is right, and the account has a second step. Send the same request again with `code`: the code of the authenticator app, or a recovery code.',
  SECOND_STEP_REFUSED:
    'The code is wrong, expired or already used. Each code opens one session. After ten wrong codes, wait for 15 minutes.',
  PASSKEY_REFUSED:
    'The passkey is unknown or was removed, or the challenge is older than five minutes. Start again, or sign in with the password.',
  EMAIL_CODE_REFUSED:
    'The code is wrong, older than ten minutes, already used, or was requested in another browser. It ends after five wrong attempts. Request a new one.',
  LINK_REFUSED:
    'Request a new link. A link for a password works for 30 minutes, a link that confirms an address for 24 hours, each of them once.',
  PASSWORD_CHANGE_NEEDED:
    'Somebody else set this password. The person chooses a new one on the security page; until then all other requests are refused.',
  SECOND_FACTOR_NEEDED:
    'The organization demands a second factor of its administrators. Set up an authenticator app or a passkey on the security page, then sign in with it.',
  FORBIDDEN: 'Ask an administrator of the organization, or use an account or an API key with this permission.',
  ORIGIN_REFUSED:
    'Call from a page of this server: browsers send the origin with every request that changes something.',
  NOT_FOUND:
    'Check the name. Objects of another organization are answered in the same way as objects that do not exist.',
  CONFLICT: 'Choose another name, or change the object that has it.',
  NOT_APPROVABLE:
    'The answer says why: the document shows something else than the person entered, has expired, or belongs to another verified account. Reject the check; the person can try again.',
  PICTURES_CLOSED:
    'The provider has deleted the pictures or cannot show any, or its settings do not allow it (console, Providers, Show pictures to reviewers).',
  IN_USE: 'Remove it from where it is used, then try again.',
  CHANGED_MEANWHILE: 'Read the object again and make your change to the new version.',
  IDEMPOTENCY_MISMATCH: 'Use a new key for a new request, and the same body with the same key.',
  ENDPOINT_OFF: 'Enable the endpoint (console, Webhooks, Edit, or a PUT with isEnabled), then send the test again.',
  IDEMPOTENCY_RUNNING: 'Wait for some seconds, then send the same request again.',
  TOO_LARGE: 'Send less at once, or ask for less: lists take `limit` and `cursor`.',
  INVALID_INPUT: 'The answer names the fields and says what is wrong with each.',
  TOO_MANY_REQUESTS: 'Wait for as long as the answer says, then try again.',
  BUSY: 'The server has more work than it takes at one time. Wait for as long as the answer says, then try again.',
  START_REFUSED: 'The answer names the reason; the reasons below say what helps.',
  FIELD_REFUSED:
    'A verified field never changes. A field of an open check can be changed again when the check has ended.',
  PROVIDER_OUTAGE: 'Try again in some minutes. The page of the provider in the console shows what it answered.',
  INTERNAL:
    'Try again. If it keeps happening, give the request ID (`instance`) to the people who run this server: it is in their log.',
}

/** A value is shown by its name. */
const toPlaces = (text: string): string => toHtml(text).replace(/\{(\w+)\}/g, '<var>$1</var>')

const errorPage = (): string => {
  const errors = Object.entries(apiErrors).map(
    ([code, { status, message }]) =>
      `<h2 id="${code}">${code}</h2><p><small>${status}</small> ${toHtml(message)}</p><p>${toHtml(nextSteps[code as ApiErrorCode])}</p>`,
  )
  const reasons = Object.entries(sentences).map(
    ([code, { title, body }]) =>
      `<dt id="${code}"><code>${code}</code></dt><dd><b>${toPlaces(title)}</b> ${toPlaces(body)}</dd>`,
  )
  return docsPage(
    'Errors',
    `<h1>Errors</h1><p>Every error has a stable <code>code</code>; texts may change. Servers that call with an API key get it as <code>application/problem+json</code>.</p>${errors.join('')}<h2>Reasons</h2><p>The <code>reason</code> of an error, and of how a check ended, with the names of the <code>values</code> that come with it.</p><dl>${reasons.join('')}</dl>`,
  )
}

const sendHtml = (reply: FastifyReply, html: string): FastifyReply => reply.type('text/html; charset=utf-8').send(html)

/**
 * `/docs`: the reference of the API, which can be searched; the guides; and a place for every error code.
 * @param readDocument the OpenAPI document
 */
export const mountDocs = (app: HttpApp, readDocument: () => Promise<unknown>, url: string): void => {
  app.get<{ Querystring: { q?: string | string[] } }>('/docs', async (request, reply) => {
    const search = [request.query.q ?? ''].flat().at(-1) ?? ''
    return sendHtml(reply, referencePage((await readDocument()) as ApiDocument, search, url))
  })
  app.get('/docs/errors', async (_request, reply) => sendHtml(reply, errorPage()))
  app.get('/docs/guides', async (_request, reply) => sendHtml(reply, guideListPage()))
  app.get<{ Params: { slug: string } }>('/docs/guides/:slug', async (request, reply) => {
    const guide = loadGuides().find(({ slug }) => slug === request.params.slug)
    if (guide) return sendHtml(reply, guidePage(guide))
    reply.callNotFound()
    return reply
  })
}
