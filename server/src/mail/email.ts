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

/** The letter as plain text: what the console shows, and what readers without HTML get. */
export const textOf = (letter: Email): string =>
  [
    ...letter.before,
    ...(letter.code ? [`    ${letter.code}`] : []),
    ...(letter.action ? [`${letter.action.text}:\n${letter.action.url}`] : []),
    ...letter.after,
    `-- \n${letter.sender}`,
  ].join('\n\n')

const paragraph = (text: string): string => `<p style="margin:0 0 16px">${toHtml(text)}</p>`

/** The same as a page without pictures, scripts or anything that is fetched when it is opened. */
export const htmlOf = (letter: Email): string =>
  [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${toHtml(letter.subject)}</title></head>`,
    '<body style="margin:0;padding:24px;font:16px/24px -apple-system,\'Segoe UI\',Roboto,sans-serif;color:#14181f;background:#ffffff">',
    '<div style="max-width:520px">',
    ...letter.before.map(paragraph),
    ...(letter.code
      ? [`<p style="margin:0 0 16px;font:600 28px/36px monospace;letter-spacing:4px">${toHtml(letter.code)}</p>`]
      : []),
    ...(letter.action
      ? [
          `<p style="margin:0 0 16px"><a href="${toHtml(letter.action.url)}" style="display:inline-block;padding:10px 20px;border-radius:6px;background:#0b5a6b;color:#ffffff;text-decoration:none">${toHtml(letter.action.text)}</a></p>`,
          `<p style="margin:0 0 16px;font-size:14px;color:#4a5361;overflow-wrap:anywhere">${toHtml(letter.action.url)}</p>`,
        ]
      : []),
    ...letter.after.map(paragraph),
    `<p style="margin:0;font-size:14px;color:#4a5361">${toHtml(letter.sender)}</p>`,
    '</div></body></html>',
  ].join('\n')
