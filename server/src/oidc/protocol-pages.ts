import type { KoaContextWithOIDC } from 'oidc-provider'

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
/** Text as HTML: nothing in it can end a tag or an attribute. */
export const toHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)

/** A small page without scripts, for moments at which the pages of the web application are not at hand. */
export const plainPage = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${toHtml(title)} · Veridoor</title><style>
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:0 auto;padding:3rem 1rem}
h1{font-size:1.375rem;line-height:1.3}button,a.button{font:inherit;font-weight:600;display:inline-block;padding:.625rem 1.25rem;border-radius:8px;border:1px solid #0b6e75;background:#0b6e75;color:#fff;text-decoration:none;cursor:pointer}
button.second{background:transparent;color:inherit;border-color:currentColor}form p{display:flex;gap:.75rem;flex-wrap:wrap}code{word-break:break-word}
</style></head><body><main><h1>${toHtml(title)}</h1>${body}</main></body></html>`

/** An address as a content security policy names it: its origin, or its scheme where that is an app's own. Empty for anything else. */
const sourceOf = (address: unknown): string => {
  const url = typeof address === 'string' ? URL.parse(address) : null
  return url === null ? '' : url.origin === 'null' ? url.protocol : url.origin
}

/** Pages of the protocol post to themselves, and the answer leads to the application: the policy must allow its address for forms. */
const allowForm = (ctx: KoaContextWithOIDC): void => {
  const back = sourceOf(ctx.oidc.params?.post_logout_redirect_uri)
  ctx.set(
    'content-security-policy',
    `default-src 'none'; style-src 'unsafe-inline'; form-action 'self'${back && ` ${back}`}; frame-ancestors 'none'; base-uri 'none'`,
  )
}

/**
 * Allows the application's address on pages that post themselves: an answer as a form (`response_mode=form_post`), and the end of one
 * session before another begins. Browsers apply `form-action` to redirects after a form as well.
 */
export const allowAnswer = (ctx: KoaContextWithOIDC): void => {
  if (typeof ctx.body !== 'string' || !ctx.body.includes('<form method="post"')) return
  const source = sourceOf(ctx.oidc.params?.redirect_uri ?? ctx.oidc.entities.Interaction?.params.redirect_uri)
  if (!source) return
  const policy = String(ctx.response.get('content-security-policy'))
  ctx.set('content-security-policy', policy.replace("form-action 'self'", `form-action 'self' ${source}`))
}

/**
 * Asks before anybody is signed out (RP-Initiated Logout 1.0, section 2).
 * @param form of the protocol library, which the buttons send
 */
export const logoutPage = async (ctx: KoaContextWithOIDC, form: string): Promise<void> => {
  allowForm(ctx)
  ctx.body = plainPage(
    'Sign out?',
    `<p>You will be signed out here and in the application.</p>${form}<p><button autofocus type="submit" form="op.logoutForm" value="yes" name="logout">Sign out</button> <button class="second" type="submit" form="op.logoutForm">Stay signed in</button></p>`,
  )
}

/** The end of a sign-out that leads back to no application. */
export const signedOutPage = async (ctx: KoaContextWithOIDC): Promise<void> => {
  allowForm(ctx)
  ctx.body = plainPage('You are signed out', '<p>You can close this page.</p>')
}

const hasEnded = (code: string, detail: string): boolean =>
  code === 'session_not_found' || /session not found|interaction|could not find logout details/i.test(detail)

/** What went wrong, in words for the person and for the developers of the application. */
const errorPage = (title: string, sentence: string, code: string, detail: string): string =>
  plainPage(
    title,
    `<p>${sentence}</p><p><small>For the developers: <code>${toHtml(code)}${detail ? ` · ${toHtml(detail)}` : ''}</code></small></p>`,
  )

/** An application's sign-in request that cannot be answered, and cannot be sent back to the application either. */
export const signInError = (code: string, detail: string): string =>
  errorPage(
    'This sign-in cannot go on',
    hasEnded(code, detail)
      ? 'It was left open for too long, or has ended already. Go back to the application and sign in again.'
      : 'The application sent a request that cannot be answered. Go back and try again. If it keeps happening, tell the people who run the application.',
    code,
    detail,
  )

/** An application's sign-out request that cannot be answered (RP-Initiated Logout 1.0, section 4). */
export const signOutError = (code: string, detail: string): string =>
  errorPage(
    'This sign-out cannot go on',
    hasEnded(code, detail)
      ? 'It was left open for too long, or has ended already. Go back to the application and sign out again.'
      : 'The application sent a request that cannot be answered, so nobody was signed out. You can sign out on your account page.',
    code,
    detail,
  )
