import { toHtml } from '../oidc/index.ts'

/** Wider than the pages of sign-in: references have tables and lines of code. No scripts. */
const STYLE = `:root{color-scheme:light dark}*{box-sizing:border-box}
body{font:16px/1.6 system-ui,sans-serif;max-width:62rem;margin:0 auto;padding:1.5rem 1rem 4rem;overflow-wrap:break-word}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0}
h1{font-size:1.75rem;line-height:1.25}h2{font-size:1.25rem;margin-top:2.5rem}h3{font-size:1.0625rem;margin-top:2rem}
a{color:#0b6e75}@media(prefers-color-scheme:dark){a{color:#5fc4cb}}
code{font:.875em ui-monospace,monospace;overflow-wrap:anywhere}pre{overflow-x:auto;padding:.75rem 1rem;border:1px solid #8884;border-radius:8px}
pre code{overflow-wrap:normal}table{border-collapse:collapse;display:block;overflow-x:auto}th,td{text-align:left;vertical-align:top;padding:.375rem .75rem;border-bottom:1px solid #8884}
form{display:flex;gap:.5rem;flex-wrap:wrap}input{font:inherit;padding:.5rem .75rem;border:1px solid #8888;border-radius:8px;flex:1 1 16rem}
button{font:inherit;font-weight:600;padding:.5rem 1rem;border-radius:8px;border:1px solid #0b6e75;background:#0b6e75;color:#fff;cursor:pointer}
article{border-top:1px solid #8884;padding-top:.25rem;margin-top:1.5rem}.skip{position:absolute;left:-99rem}.skip:focus{position:static}`

const LINKS = [
  ['/docs', 'API reference'],
  ['/docs/guides', 'Guides'],
  ['/docs/errors', 'Errors'],
  ['/v1/openapi.json', 'openapi.json'],
] as const

/** @param body HTML that is safe already */
export const docsPage = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${toHtml(title)} · Veridoor</title><style>${STYLE}</style></head><body><a class="skip" href="#content">Skip to content</a>
<nav aria-label="Documentation"><ul>${LINKS.map(([path, name]) => `<li><a href="${path}">${name}</a></li>`).join('')}</ul></nav>
<main id="content">${body}</main></body></html>`
