import { type ApiErrorCode, apiErrors, sentences } from '@veridoor/contract'
import type { HttpApp } from '@veridoor/foundation'
import { plainPage, toHtml } from '../oidc/index.ts'

/** What to do about each refusal; one that has no word here does not compile. */
const nextSteps: Record<ApiErrorCode, string> = {
  NOT_SIGNED_IN: 'Sign in, then ask again. A session ends after 30 days without use.',
  SIGN_IN_REFUSED: 'Check name and password. After several wrong ones, wait for a minute.',
  SECOND_STEP_NEEDED:
    'The password is right, and the person has set up a second step. Send the same request again with `code`: what the authenticator app shows, or a recovery code.',
  SECOND_STEP_REFUSED:
    'The code is wrong, too old, or was used already. Each code opens one session. After ten wrong ones, wait for 15 minutes.',
  PASSKEY_REFUSED:
    'The passkey is unknown here or was removed, or the question was older than five minutes. Ask anew, or sign in with the password.',
  EMAIL_CODE_REFUSED:
    'The code is wrong, older than ten minutes, was used, or was asked for in another browser. After five wrong ones it ends. Ask for a new one.',
  LINK_REFUSED:
    'Ask for a new link. One for a password works for 30 minutes, one for an address for 24 hours, each once.',
  PASSWORD_CHANGE_NEEDED:
    'Somebody else set this password. The person chooses one of their own on the security page; until then nothing else is answered.',
  FORBIDDEN: 'Ask an administrator of the organization, or use an account that may.',
  ORIGIN_REFUSED: 'Call from a page of this server: requests that change something carry its origin.',
  NOT_FOUND: 'Check the name. What belongs to another organization is not told apart from what does not exist.',
  CONFLICT: 'Choose another name, or change the one that exists.',
  NOT_APPROVABLE:
    'The answer says what stands against it: the document shows something else than the person wrote, has expired, or belongs to another verified account. Reject the check; the person can try again.',
  PICTURES_CLOSED:
    'The provider has none any more, cannot show any, or its settings keep them closed (console, Providers, Show pictures to reviewers).',
  IN_USE: 'Take it out of where it is used first.',
  CHANGED_MEANWHILE: 'Read it again and make your change to what is there now.',
  IDEMPOTENCY_MISMATCH: 'Make a new key for a new request; send the same body with the same key.',
  ENDPOINT_OFF: 'Switch the endpoint on (console, Webhooks, Edit, or a PUT with isEnabled), then send the test again.',
  IDEMPOTENCY_RUNNING: 'Wait for some seconds, then send the same request again.',
  TOO_LARGE: 'Send less at once.',
  INVALID_INPUT: 'The answer names the fields and what is wrong with each.',
  TOO_MANY_REQUESTS: 'Wait for as long as the answer says, then try again.',
  START_REFUSED: 'The answer names the reason; the sentences below say what helps.',
  FIELD_REFUSED: 'A sealed field never changes. One that is fixed by an open check is free again when that ends.',
  PROVIDER_OUTAGE: 'Try again in some minutes. The provider’s page in the console says what it answered.',
  INTERNAL:
    'Try again. If it stays, give the request id (`instance`) to the people who run this server: their log has it.',
}

type Document = { paths?: Record<string, Record<string, { tags?: string[]; operationId?: string }>> }

const errorPage = (): string => {
  const refused = Object.entries(apiErrors).map(
    ([code, { status, message }]) =>
      `<h2 id="${code}">${code}</h2><p><small>${status}</small> ${toHtml(message)}</p><p>${toHtml(nextSteps[code as ApiErrorCode])}</p>`,
  )
  const told = Object.entries(sentences).map(
    ([code, { title, body }]) =>
      `<dt id="${code}"><code>${code}</code></dt><dd><b>${toHtml(title)}</b> ${toHtml(body)}</dd>`,
  )
  return plainPage(
    'Errors',
    `<p>Every refusal has a stable <code>code</code>; texts may change. Servers that call with an API key get it as <code>application/problem+json</code>.</p>${refused.join('')}<h2>Reasons</h2><p>The <code>reason</code> of a refusal, and of a check’s end. Places in braces are filled in.</p><dl>${told.join('')}</dl>`,
  )
}

const overviewPage = (document: Document): string => {
  const lines = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `<li><code>${toHtml(method.toUpperCase())} /v1${toHtml(path)}</code></li>`),
  )
  return plainPage(
    'The API',
    `<p>The whole description, for tools and clients: <a href="/v1/openapi.json">openapi.json</a>. What can go wrong: <a href="/docs/errors">errors</a>. Signing in to applications: <a href="/.well-known/openid-configuration">discovery</a>.</p><ul>${lines.join('')}</ul>`,
  )
}

/** `/docs`: the API at a glance, and a place for every error code. */
export const mountDocs = (app: HttpApp, read: () => Promise<unknown>): void => {
  app.get('/docs', async (_request, reply) => reply.type('text/html').send(overviewPage((await read()) as Document)))
  app.get('/docs/errors', async (_request, reply) => reply.type('text/html').send(errorPage()))
}
