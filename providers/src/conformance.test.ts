import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { broken, type RuleName, rules, type Subject } from './conformance.ts'
import { type FakeJumio, startFakeJumio } from './jumio/fake/index.ts'
import { jumio } from './jumio/index.ts'
import { type Adapter, type Finding, ProviderError, type ProviderType } from './port.ts'

type Wrong = { readonly how: string; readonly spoil?: (adapter: Adapter) => Adapter; readonly type?: ProviderType }
let service: FakeJumio

/** The adapter with its findings changed. */
const findings =
  (change: (finding: Extract<Finding, { state: 'final' }>) => Partial<Extract<Finding, { state: 'final' }>>) =>
  (adapter: Adapter): Adapter => ({
    ...adapter,
    async fetchFinding(reference) {
      const finding = await adapter.fetchFinding(reference)
      return finding.state === 'final' ? { ...finding, ...change(finding) } : finding
    },
  })
const approvedInsteadOf = (...outcomes: readonly string[]) =>
  findings(({ outcome }) => (outcomes.includes(outcome) ? { outcome: 'approved' } : {}))
const withoutSecret = { ...jumio, config: jumio.config.extend({ clientSecret: z.string().min(1) }) }

/** For each rule, adapters that break it: a rule that nothing can break would be worth nothing. */
const wrong: Record<RuleName, readonly Wrong[]> = {
  'an order carries opaque references, and a person only where declared': [
    {
      how: 'sends the person’s name beside the id',
      spoil: (adapter) => ({
        ...adapter,
        start: (order) => adapter.start({ ...order, subjectReference: `${order.subjectReference} firstName=Ada` }),
      }),
    },
    {
      how: 'sends a part of the claim that its type does not declare',
      spoil: (adapter) => ({
        ...adapter,
        start: (order) =>
          adapter.start({ ...order, subjectReference: `${order.subjectReference} ${order.claim?.number}` }),
      }),
    },
    {
      how: 'names the check by the order of the day',
      spoil: (adapter) => ({
        ...adapter,
        start: (order) => adapter.start({ ...order, verificationReference: 'check-1' }),
      }),
    },
  ],
  'a start gives a new reference, a way to go on and an end': [
    {
      how: 'gives the same reference twice',
      spoil: (adapter) => ({
        ...adapter,
        start: async (order) => ({ ...(await adapter.start(order)), reference: 'one' }),
      }),
    },
    {
      how: 'sends people to a script',
      spoil: (adapter) => ({
        ...adapter,
        start: async (order) => ({ ...(await adapter.start(order)), next: 'redirect', url: 'javascript:alert(1)' }),
      }),
    },
    {
      how: 'embeds a script of an origin that it does not declare',
      spoil: (adapter) => ({
        ...adapter,
        start: async (order) => ({
          ...(await adapter.start(order)),
          next: 'embed',
          script: 'https://scripts.example/x.js',
          token: 'token',
          options: {},
        }),
      }),
    },
    {
      how: 'gives an end that is over',
      spoil: (adapter) => ({
        ...adapter,
        start: async (order) => ({ ...(await adapter.start(order)), expiresAt: new Date(0) }),
      }),
    },
  ],
  'a webhook names a check, never a verdict': [
    {
      how: 'brings the verdict of the webhook',
      spoil: (adapter) => ({
        ...adapter,
        readWebhook: (webhook) => {
          const read = adapter.readWebhook(webhook)
          return read && Object.assign(read, { outcome: 'approved' })
        },
      }),
    },
    {
      how: 'takes everything for a webhook',
      spoil: (adapter) => ({
        ...adapter,
        readWebhook: (webhook) => adapter.readWebhook(webhook) ?? { reference: 'someone' },
      }),
    },
    {
      how: 'throws on a broken webhook',
      spoil: (adapter) => ({
        ...adapter,
        readWebhook: (webhook) => {
          const read = adapter.readWebhook(webhook)
          if (!read) throw new SyntaxError('not JSON')
          return read
        },
      }),
    },
  ],
  'an undecided check stays pending': [
    {
      how: 'calls it rejected',
      spoil: (adapter) => ({
        ...adapter,
        async fetchFinding(reference) {
          const finding = await adapter.fetchFinding(reference)
          if (finding.state === 'final') return finding
          service.setScenario('reject')
          return adapter.fetchFinding(reference)
        },
      }),
    },
  ],
  'every result maps to its outcome': [
    { how: 'approves a rejection', spoil: approvedInsteadOf('rejected') },
    { how: 'uses up a try for nothing', spoil: findings(() => ({ nothingSent: false })) },
    { how: 'does not read the document', spoil: findings(() => ({ document: {} })) },
  ],
  'what is unknown or missing never passes': [
    { how: 'approves what a human should see', spoil: approvedInsteadOf('review') },
  ],
  'a placeholder is absence': [
    {
      how: 'takes N/A for a name',
      spoil: findings(({ document }) => ({ document: { ...document, firstName: document.firstName ?? 'N/A' } })),
    },
  ],
  "another person's result is seen as such": [
    {
      how: 'forgets whose result it is',
      spoil: findings(() => ({ echoed: { verificationReference: null, subjectReference: null } })),
    },
  ],
  'every fault is named, and says whether to try again': [
    {
      how: 'throws errors of its own',
      spoil: (adapter) => ({
        ...adapter,
        fetchFinding: (reference) => adapter.fetchFinding(reference).catch(() => Promise.reject(new Error('no'))),
      }),
    },
    {
      how: 'would try for ever',
      spoil: (adapter) => ({
        ...adapter,
        fetchFinding: (reference) =>
          adapter.fetchFinding(reference).catch((error: ProviderError) => {
            throw new ProviderError(error.fault, { retryable: true, retryAfterMs: error.retryAfterMs })
          }),
      }),
    },
    {
      how: 'forgets the wait that was asked for',
      spoil: (adapter) => ({
        ...adapter,
        fetchFinding: (reference) =>
          adapter.fetchFinding(reference).catch((error: ProviderError) => {
            throw new ProviderError(error.fault, { retryable: error.retryable })
          }),
      }),
    },
  ],
  'a check is opened once, however the call ends': [
    {
      how: 'starts again after a fault',
      spoil: (adapter) => ({ ...adapter, start: (order) => adapter.start(order).catch(() => adapter.start(order)) }),
    },
  ],
  'credentials never follow a redirect': [
    {
      how: 'follows',
      spoil: (adapter) => ({
        ...adapter,
        fetchFinding: async (reference) => {
          await fetch(service.elsewhere, { headers: { authorization: 'Basic secret' } })
          return adapter.fetchFinding(reference)
        },
      }),
    },
  ],
  'erasing twice is fine, and erased is gone': [
    { how: 'erases nothing', spoil: (adapter) => ({ ...adapter, erase: async () => {} }) },
    {
      how: 'fails the second time',
      spoil: (adapter) => {
        const gone = new Set<string>()
        return {
          ...adapter,
          async erase(reference) {
            if (gone.has(reference)) throw new ProviderError('not_found', { retryable: false })
            gone.add(reference)
            await adapter.erase(reference)
          },
        }
      },
    },
  ],
  'a probe tells faults apart and opens nothing': [
    {
      how: 'is always happy',
      spoil: (adapter) => ({ ...adapter, probe: async () => ({ ok: true, ms: 1, steps: [] }) }),
    },
    {
      how: 'opens a check',
      spoil: (adapter) => ({
        ...adapter,
        async probe() {
          await adapter
            .start({
              verificationReference: 'probe',
              subjectReference: 'probe',
              documentType: 'PASSPORT',
              country: null,
              successUrl: 'http://127.0.0.1/',
              errorUrl: 'http://127.0.0.1/',
              webhookUrl: 'http://127.0.0.1/',
            })
            .catch(() => undefined)
          return adapter.probe()
        },
      }),
    },
  ],
  'nothing of the person is printed or thrown': [
    {
      how: 'logs what it found',
      spoil: findings((finding) => {
        console.log('found', finding.document)
        return {}
      }),
    },
    {
      how: 'logs where the person goes',
      spoil: (adapter) => ({
        ...adapter,
        async start(order) {
          const started = await adapter.start(order)
          if (started.next === 'redirect') process.stderr.write(`to ${started.url}\n`)
          return started
        },
      }),
    },
    {
      how: 'puts the secret into an error',
      spoil: (adapter) => ({
        ...adapter,
        fetchFinding: (reference) =>
          adapter.fetchFinding(reference).catch((error: unknown) => {
            throw new Error('call failed', { cause: { error, config: service.config } })
          }),
      }),
    },
  ],
  'settings explain themselves and mark their secrets': [
    { how: 'keeps the secret in the open and says nothing about it', type: withoutSecret },
  ],
}

beforeAll(async () => {
  service = await startFakeJumio('v4')
})
afterAll(() => service.close())

describe('the kit rejects an adapter', () => {
  it('for every rule it has', () => {
    expect(Object.keys(wrong).sort()).toEqual(Object.keys(rules).sort())
  })

  for (const [name, adapters] of Object.entries(wrong))
    for (const { how, spoil, type } of adapters)
      it(`that ${how} (${name})`, async () => {
        const subject: Subject = { type: type ?? jumio, service, ...(spoil ? { spoil } : {}) }
        const problems = await broken(name as RuleName, subject)
        expect(problems).not.toEqual([])
        expect(problems.join()).not.toContain('could not be checked')
      })
})
