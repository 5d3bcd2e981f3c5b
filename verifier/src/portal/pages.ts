import type { Client, EndedHow, Session } from '../session/schema.ts'
import { wires } from '../wires/index.ts'
import { type Html, html } from './html.ts'
import { badge, guard, page, press, when } from './layout.ts'
import type { Message } from './sign-in.ts'

/** The page before all others. @param fault why the last try did not work, as a sentence */
export const signInPage = (fault?: string): string =>
  page(
    'Sign in',
    html`<h1>Sign in</h1>
<form class="card" method="post" action="/portal/sign-in">
<div class="field"><label for="secret">Portal secret</label>
<input id="secret" name="secret" type="password" autocomplete="current-password" required autofocus${fault && html` aria-invalid="true"`} aria-describedby="${fault ? 'secret-fault ' : ''}secret-hint">
${fault && html`<span class="fault" id="secret-fault" role="alert">${fault}</span>`}
<span class="hint" id="secret-hint">Printed at the first start, and kept in the data folder: verifier-portal.secret.</span></div>
<div class="actions"><button>Sign in</button></div>
</form>`,
  )

const clientPath = (client: Client): string => `/portal/clients/${encodeURIComponent(client.token)}`

/** The list of clients, and the form for a new one. @param fault why none was made, as a sentence */
export const clientsPage = (clients: readonly Client[], formToken: string, fault?: string): string =>
  page(
    'API clients',
    html`<h1>API clients</h1>
<section class="card" aria-label="Clients"><ul class="rows">
${clients.map(
  (client) => html`<li><p class="line"><a href="${clientPath(client)}">${client.name}</a> ${stateOf(client)}</p>
<p class="small muted"><code>${client.token}</code></p></li>`,
)}
</ul></section>
<section class="card"><h2>New client</h2>
<p class="muted">Each application that asks for checks gets a token and a secret of its own.</p>
<form class="inline" method="post" action="/portal/clients">${guard(formToken)}
<div class="field"><label for="name">Name</label>
<input id="name" name="name" required maxlength="60" autocomplete="off"${fault && html` aria-invalid="true" aria-describedby="name-fault" autofocus`}>
${fault && html`<span class="fault" id="name-fault">${fault}</span>`}</div>
<button>Create client</button></form></section>`,
    formToken,
  )

const stateOf = (client: Client): Html => (client.disabledAt ? badge('off', 'Disabled') : badge('good', 'Enabled'))

const words: Record<Exclude<Message['action'], 'created' | 'rotated'>, string> = {
  saved: 'The settings are saved. Checks that begin from now on use them.',
  disabled: 'The client is disabled. Its calls are refused from now on.',
  enabled: 'The client is enabled.',
  queued: 'The callback is on its way again.',
  not_queued: 'There is nothing to send: the check has no result or no callback address any more.',
}

const note = (message: Message | null): Html | null => {
  if (!message) return null
  if (message.action === 'created' || message.action === 'rotated')
    return html`<section class="note" role="status"><p><strong>Copy the secret now.</strong> It is shown this once.${message.action === 'rotated' && ' The old one no longer works.'}</p>
<dl><div><dt>API token</dt><dd><code>${message.token}</code></dd></div><div><dt>API secret</dt><dd><code data-testid="secret">${message.secret}</code></dd></div></dl></section>`
  return html`<p class="note${message.action === 'not_queued' && ' bad'}" role="status">${words[message.action]}</p>`
}

const endWords: Record<EndedHow, string | null> = {
  submitted: null,
  cancelled: 'stopped by the person',
  timed_out: 'time ran out',
  three_tries_used: 'three tries used',
  interrupted: 'cut off, our fault',
}

const sessionState = (session: Session): Html => {
  if (session.state === 'PENDING')
    return session.phase === 'checking' ? badge('open', 'Checking') : badge('open', 'Waiting for the person')
  const how = session.endedHow && endWords[session.endedHow]
  return session.state === 'DONE'
    ? badge('good', how ? `Done, ${how}` : 'Done')
    : badge('off', how ? `No result, ${how}` : 'No result')
}

const callbackWords = (session: Session): Html => {
  const tries = session.callbackTries === 1 ? '1 try' : `${session.callbackTries} tries`
  const last = session.callbackAt && html`, ${when(session.callbackAt)}`
  switch (session.callbackState) {
    case 'sent':
      return html`Callback delivered (${session.callbackStatus}), ${tries}${last}`
    case 'failing':
      return html`<strong>Callback not accepted</strong> (${session.callbackStatus ?? 'no answer'}), ${tries}${last}`
    case 'queued':
      return html`Callback waits to be sent`
    default:
      return session.callbackUrl ? html`Callback follows at the end` : html`No callback address`
  }
}

const sessionRow = (session: Session, client: Client, formToken: string): Html =>
  html`<li><p class="line"><code>${session.id}</code></p>
<p class="line">${sessionState(session)} <span class="small muted">${wires[session.generation].name}, began ${when(session.createdAt)}${session.erasedAt && ', data deleted'}</span></p>
<p class="small">${callbackWords(session)}</p>
${
  session.state !== 'PENDING' &&
  session.callbackUrl &&
  !session.erasedAt &&
  press(`${clientPath(client)}/sessions/${session.id}/callback`, formToken, 'Send again', 'second compact')
}</li>`

/** What the operator should know about how this client calls; nothing is refused because of it. */
const callNotes = (client: Client): Html | null => {
  const { unnamedAgent, unnamedAgentAt, personalReferenceAt } = client
  if (!unnamedAgentAt && !personalReferenceAt) return null
  return html`<section class="note" aria-label="Notes about calls">
${unnamedAgentAt && html`<p>Calls come with the User-Agent <code>${unnamedAgent}</code>, last ${when(unnamedAgentAt)}. Jumio's documentation asks for one that names your company, such as <code>Acme Shop/1.0</code>.</p>`}
${personalReferenceAt && html`<p>A reference held an e-mail address, last ${when(personalReferenceAt)}. Jumio's documentation asks for no personal data in references: use an ID of your own.</p>`}
</section>`
}

/**
 * One client: its access, its settings and its last sessions.
 * @param options.message what the last action did; null: nothing to say
 */
export const clientPage = (options: {
  client: Client
  url: string
  sessions: readonly Session[]
  settings: Html
  message: Message | null
  hasFaults: boolean
  formToken: string
}): string => {
  const { client, formToken } = options
  const path = clientPath(client)
  return page(
    client.name,
    html`<div class="head"><a class="back" href="/portal">API clients</a><h1>${client.name}</h1> ${stateOf(client)}</div>
${note(options.message)}
${callNotes(client)}
<section class="card"><h2>Access</h2>
<dl><div><dt>Address, both generations</dt><dd><code>${options.url}</code></dd></div>
<div><dt>API token, or client ID</dt><dd><code>${client.token}</code></dd></div></dl>
${
  client.fromEnvironment
    ? html`<details><summary>New secret</summary><p>This client's token and secret come from the environment (VERIFIER_TOKEN, VERIFIER_SECRET) or the data folder. Change them there and start again.</p></details>`
    : html`<details><summary>New secret</summary><p>The present secret and its access tokens end at once. Have the application ready to take the new one.</p>
${press(`${path}/secret`, formToken, 'Make a new secret')}</details>`
}
${
  client.disabledAt
    ? html`<details><summary>Enable</summary><p>Its calls are answered again.</p>${press(`${path}/enable`, formToken, 'Enable this client')}</details>`
    : html`<details><summary>Disable</summary><p>Its calls are refused until you enable it again. Checks that have begun go on.</p>${press(`${path}/disable`, formToken, 'Disable this client', 'second')}</details>`
}
</section>
<section class="card"><h2>Settings</h2>
<p class="muted">What a call says itself goes before what stands here.</p>
${options.hasFaults && html`<p class="note bad" role="alert">Nothing is saved yet. Correct what is marked and save again.</p>`}
${options.settings}</section>
<section class="card"><h2>Recent sessions</h2>
${
  options.sessions.length === 0
    ? html`<p class="muted">No check has begun yet. Each one appears here, without anything about the person.</p>`
    : html`<ul class="rows sessions">${options.sessions.map((session) => sessionRow(session, client, formToken))}</ul>`
}</section>`,
    formToken,
  )
}
