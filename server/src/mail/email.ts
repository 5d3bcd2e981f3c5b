/** What a message says, before it is plain text and HTML. Nothing in it is markup. */
export type Email = {
  readonly subject: string
  /** In whose name it is written: the organization. */
  readonly sender: string
  /** A paragraph each, before what is to be done. */
  readonly before: readonly string[]
  readonly action?: { readonly text: string; readonly url: string } | undefined
  readonly code?: string | undefined
  readonly after: readonly string[]
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const toHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)

/** The email as plain text: what the console shows, and what readers without HTML get. */
export const textOf = (email: Email): string =>
  [
    ...email.before,
    ...(email.code ? [`    ${email.code}`] : []),
    ...(email.action ? [`${email.action.text}:\n${email.action.url}`] : []),
    ...email.after,
    `-- \n${email.sender}`,
  ].join('\n\n')

const paragraph = (text: string): string => `<p style="margin:0 0 16px">${toHtml(text)}</p>`

/** The same as a page without pictures, scripts or anything that is fetched when it is opened. */
export const htmlOf = (email: Email): string =>
  [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${toHtml(email.subject)}</title></head>`,
    '<body style="margin:0;padding:24px;font:16px/24px -apple-system,\'Segoe UI\',Roboto,sans-serif;color:#14181f;background:#ffffff">',
    '<div style="max-width:520px">',
    ...email.before.map(paragraph),
    ...(email.code
      ? [`<p style="margin:0 0 16px;font:600 28px/36px monospace;email-spacing:4px">${toHtml(email.code)}</p>`]
      : []),
    ...(email.action
      ? [
          `<p style="margin:0 0 16px"><a href="${toHtml(email.action.url)}" style="display:inline-block;padding:10px 20px;border-radius:6px;background:#0b5a6b;color:#ffffff;text-decoration:none">${toHtml(email.action.text)}</a></p>`,
          `<p style="margin:0 0 16px;font-size:14px;color:#4a5361;overflow-wrap:anywhere">${toHtml(email.action.url)}</p>`,
        ]
      : []),
    ...email.after.map(paragraph),
    `<p style="margin:0;font-size:14px;color:#4a5361">${toHtml(email.sender)}</p>`,
    '</div></body></html>',
  ].join('\n')
