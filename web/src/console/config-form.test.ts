import { MantineProvider } from '@mantine/core'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { ConfigForm } from './config-form.tsx'
import { toFields } from './schema-fields.ts'

const fields = toFields({
  type: 'object',
  properties: {
    clientId: { type: 'string', title: 'API token', group: 'Connection' },
    clientSecret: { type: 'string', title: 'API secret', group: 'Connection', secret: true },
  },
})
const draw = (clientSecret: string): string =>
  renderToStaticMarkup(
    createElement(
      MantineProvider,
      null,
      createElement(ConfigForm, {
        fields,
        config: { clientId: 'token', clientSecret },
        errors: {},
        savedAt: null,
        onChange: () => {},
      }),
    ),
  )

describe('a secret in a provider’s form', () => {
  it('is typed into a password field', () => {
    expect(draw('typed').match(/<input[^>]*type="password"[^>]*>/g)).toHaveLength(1)
  })

  it('is not shown again once it is stored', () => {
    expect(draw('***')).not.toContain('type="password"')
    expect(draw('***')).toContain('Never shown again')
  })
})
