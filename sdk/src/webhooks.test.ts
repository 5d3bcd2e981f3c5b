import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { expect, it } from 'vitest'
import { readWebhook } from './index.ts'

const secret = `whsec_${randomBytes(24).toString('base64')}`
const send = (type: string, at = new Date()) => {
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data: { state: 'verified' } })
  const headers = {
    'webhook-id': 'event-1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign('event-1', at, body),
  }
  return { body, headers }
}

it('a signed event is given with its id', () => {
  const { body, headers } = send('verification.verified')
  expect(readWebhook(secret, body, headers)).toMatchObject({ id: 'event-1', type: 'verification.verified' })
  const test = send('webhook.test')
  expect(readWebhook(secret, test.body, test.headers)?.type).toBe('webhook.test')
})

it('a type of a later version is left out, once its signature holds', () => {
  const { body, headers } = send('something.new')
  expect(readWebhook(secret, body, headers)).toBeUndefined()
})

it('a changed body or id, another secret, a missing header and an old event are thrown out', () => {
  const { body, headers } = send('verification.verified')
  expect(() => readWebhook(secret, body.replace('verified', 'rejected'), headers)).toThrow('No matching signature')
  expect(() => readWebhook(secret, body, { ...headers, 'webhook-id': 'event-2' })).toThrow('No matching signature')
  const other = `whsec_${randomBytes(24).toString('base64')}`
  expect(() => readWebhook(other, body, headers)).toThrow('No matching signature')
  expect(() => readWebhook(secret, body, { ...headers, 'webhook-signature': undefined })).toThrow('Missing')
  const old = send('verification.verified', new Date(Date.now() - 600_000))
  expect(() => readWebhook(secret, old.body, old.headers)).toThrow('too old')
})
