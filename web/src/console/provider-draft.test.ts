import { describe, expect, it } from 'vitest'
import { freeNames, type ProviderDraft, problemOf } from './provider-draft.ts'
import { summaryOf, toFields } from './schema-fields.ts'

const fields = toFields({
  properties: {
    apiToken: { type: 'string', title: 'API token', minLength: 1 },
    apiSecret: { type: 'string', title: 'API secret', secret: true },
    endpoint: { type: 'string', title: 'Endpoint', default: '', group: 'Connection' },
    region: { enum: ['us', 'eu'], default: 'us', title: 'Data centre', labels: { eu: 'Europe' }, group: 'Connection' },
    limit: { anyOf: [{ type: 'integer' }, { type: 'null' }], default: null, title: 'Monthly limit', group: 'Limits' },
  },
})
const draft: ProviderDraft = {
  organization: 'built-in',
  name: 'jumio',
  displayName: 'Jumio',
  category: 'ID Verification',
  type: 'Jumio',
  config: { apiToken: 'a', apiSecret: 'b' },
}

describe('a new provider', () => {
  it('needs only what has no default', () => {
    expect(fields.filter(({ essential }) => essential).map(({ name }) => name)).toEqual(['apiToken', 'apiSecret'])
    expect(problemOf(draft, fields)).toBeUndefined()
  })

  it('says why it cannot be saved', () => {
    expect(problemOf({ ...draft, category: '', type: '' }, fields)).toBe('Choose a category.')
    expect(problemOf({ ...draft, config: { apiToken: ' ' } }, fields)).toBe('Enter the API token.')
    expect(problemOf({ ...draft, displayName: '' }, fields)).toBe('Give it a display name.')
  })

  it('is named by its type, with a number when the name is taken', () => {
    expect(freeNames('Jumio', [])).toEqual({ name: 'jumio', displayName: 'Jumio' })
    expect(freeNames('Jumio', [{ name: 'jumio', displayName: 'Europe' }])).toEqual({
      name: 'jumio-2',
      displayName: 'Jumio 2',
    })
    expect(freeNames('身份', []).name).toBe('provider-1')
  })
})

it('a folded section names its values, first those that differ from the default', () => {
  const connection = fields.filter(({ group }) => group === 'Connection')
  expect(summaryOf(connection, { endpoint: '', region: 'eu' })).toBe('Data centre: Europe')
  expect(summaryOf(connection, { endpoint: 'https://x.test', region: 'us' })).toBe(
    'Endpoint: https://x.test · Data centre: us',
  )
  expect(
    summaryOf(
      fields.filter(({ group }) => group === 'Limits'),
      { limit: null },
    ),
  ).toBe('Monthly limit: no limit')
})
