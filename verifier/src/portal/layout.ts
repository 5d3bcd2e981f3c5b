import { type Html, html } from './html.ts'

const logo = html`<svg viewBox="0 0 32 32" width="28" height="28" fill="none" stroke="currentColor" stroke-width="2.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M4 29h24"/><path d="M7.5 29V5.5A2.5 2.5 0 0 1 10 3h12a2.5 2.5 0 0 1 2.5 2.5V9"/><path d="M24.5 22.5V29"/><path d="M14.5 16l4.5 4.5L29 11"/></svg>`

/** A whole page. `formToken` stands for somebody who is signed in. */
export const page = (title: string, body: Html, formToken?: string): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/portal/styles.css">
<title>${title} – Veridoor verifier</title>
</head>
<body>
<header class="top">
<a class="brand" href="/portal">${logo} Verifier</a>
${formToken && html`<form method="post" action="/portal/sign-out">${guard(formToken)}<button class="second compact">Sign out</button></form>`}
</header>
<main${formToken ? '' : html` class="door"`}>${body}</main>
</body>
</html>
`.text

/** What only our own pages can send. */
export const guard = (formToken: string): Html => html`<input type="hidden" name="form" value="${formToken}">`

/** A form that is one button. */
export const press = (action: string, formToken: string, label: Html | string, kind = ''): Html =>
  html`<form method="post" action="${action}">${guard(formToken)}<button class="${kind}">${label}</button></form>`

const two = (value: number): string => String(value).padStart(2, '0')

/** A point in time for staff, in UTC. */
export const when = (at: Date): Html => {
  const day = `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`
  const text = `${day} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())} UTC`
  return html`<time datetime="${at.toISOString()}">${text}</time>`
}

const signs = { open: '○', good: '✓', warn: '!', off: '–' } as const
/** A word with a sign before it, so that no state is told by its colour alone. */
export const badge = (kind: keyof typeof signs, word: string): Html =>
  html`<span class="badge ${kind}"><span aria-hidden="true">${signs[kind]}</span> ${word}</span>`
