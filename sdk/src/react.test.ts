import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { VerifyIdentity } from './react.tsx'

it('the button is a link that works before any script runs', () => {
  const html = renderToStaticMarkup(createElement(VerifyIdentity, { start: '/verify', className: 'button' }))
  expect(html).toBe('<a class="button" href="/verify">Verify identity</a>')
})
