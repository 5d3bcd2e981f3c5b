import { ProviderError } from '@veridoor/providers'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordSuccess } from '../src/organizations/index.ts'
import { ada, approved, startServer, type TestServer } from './harness.ts'

let server: TestServer
let admin: ReturnType<TestServer['browser']>
let people = 0
beforeAll(async () => {
  server = await startServer('states_property')
  await server.attachProvider()
  admin = await server.admin()
})
afterAll(() => server?.stop())

const HOUR_MS = 3_600_000
const open = ['created', 'waiting', 'checking']
const final = ['verified', 'rejected', 'expired', 'cancelled', 'failed']

/** What may happen to a check, in any order and any number of times. */
const happenings = [
  'notice',
  'same notice again',
  'notice for another',
  'return',
  'settle',
  'settle twice at once',
  'sweep',
  'an hour passes',
  'a day passes',
  'cancel',
  'admin approves',
  'admin rejects',
] as const
/** What the provider says when it is asked. */
const answers = [
  'pending',
  'approved',
  'rejected',
  'review',
  'another reference',
  'another person',
  'down',
  'slow down',
] as const
type Step = { happening: (typeof happenings)[number]; answer: (typeof answers)[number] }

const begin = async () => {
  people += 1
  const name = `walker${people}`
  const documentNumber = `W${String(people).padStart(8, '0')}`
  server.clock.advance(120_000)
  const made = await admin.call('POST', '/v1/users', { organization: 'built-in', name })
  await admin.call('PUT', `/v1/users/built-in/${name}`, { ...made.json, identity: { ...ada, documentNumber } })
  server.script.finding = async () => ({ state: 'pending' })
  const started = await admin.call('POST', '/v1/verifications', { organization: 'built-in', name })
  expect(started.status, started.text).toBe(201)
  const order = server.script.orders.at(-1)
  if (!order) throw new Error('no order')
  const id = started.json.id as string
  const { rows } = await server.pool.query('select provider_reference from veridoor.verifications where id = $1', [id])
  return { name, documentNumber, id, order, reference: rows[0].provider_reference as string }
}
type Check = Awaited<ReturnType<typeof begin>>

const stateOf = async ({ id }: Check): Promise<string> =>
  (await server.pool.query('select state from veridoor.verifications where id = $1', [id])).rows[0].state

const isVerified = async ({ name }: Check): Promise<boolean> =>
  (await server.pool.query('select verified_at from veridoor.users where name = $1', [name])).rows[0].verified_at !==
  null

/** The ends in the audit record: how often this check was decided. */
const decisionsOf = async ({ name }: Check): Promise<string[]> =>
  (
    await server.pool.query(
      'select after from veridoor.audit_lines where target = $1 and after = any($2) and before <> after order by number',
      [`built-in/${name}`, final],
    )
  ).rows.map((row) => row.after as string)

const say = (check: Check, answer: Step['answer'], told: { positive: boolean }): void => {
  const right = approved(check.order, {
    document: { ...approved(check.order).document, number: check.documentNumber },
  })
  server.script.finding = async (reference) => {
    expect(reference).toBe(check.reference)
    switch (answer) {
      case 'pending':
        return { state: 'pending' }
      case 'approved':
        told.positive = true
        return right
      case 'rejected':
        return {
          ...right,
          outcome: 'rejected',
          reasons: [{ code: 'document_not_accepted', values: {} }],
        } as typeof right
      case 'review':
        return { ...right, outcome: 'review' }
      case 'another reference':
        return { ...right, echoed: { ...right.echoed, verificationReference: 'somebody-elses' } }
      case 'another person':
        return { ...right, echoed: { ...right.echoed, subjectReference: 'somebody-else' } }
      case 'down':
        throw new ProviderError('server_error', { retryable: true })
      default:
        throw new ProviderError('rate_limited', { retryable: true, retryAfterMs: 60_000 })
    }
  }
}

const sendWebhook = (check: Check, reference: string, filler: string) =>
  server.app.inject({
    method: 'POST',
    url: new URL(check.order.webhookUrl).pathname,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `reference=${reference}&n=${filler}`,
  })

const act = async (check: Check, step: Step, number: number): Promise<void> => {
  const settle = () => server.verification.settle(check.id).catch(() => {})
  switch (step.happening) {
    case 'notice':
      await sendWebhook(check, check.reference, String(number))
      return
    case 'same notice again':
      await sendWebhook(check, check.reference, 'same')
      return
    case 'notice for another':
      await sendWebhook(check, '00000000-0000-4000-8000-00000000beef', 'x')
      return
    case 'return':
      await server.app.inject({ method: 'GET', url: `/verifications/return/${check.id}?transactionStatus=SUCCESS` })
      return
    case 'settle':
      return settle()
    case 'settle twice at once':
      await Promise.all([settle(), settle()])
      return
    case 'sweep':
      await server.verification.sweep()
      return
    case 'an hour passes':
      server.clock.advance(HOUR_MS)
      return
    case 'a day passes':
      server.clock.advance(24 * HOUR_MS)
      return
    case 'cancel':
      await admin.call('POST', `/v1/verifications/${check.id}/cancel`)
      return
    default: {
      const decision = step.happening === 'admin approves' ? 'approve' : 'reject'
      await admin.call('POST', `/v1/verifications/${check.id}/review`, { decision, reason: 'seen_in_person' })
    }
  }
}

describe('whatever happens in whatever order', () => {
  it('nobody is verified without a fetched positive result or a named reviewer, nothing is decided twice, nothing stays open', async () => {
    const step = fc.record({ happening: fc.constantFrom(...happenings), answer: fc.constantFrom(...answers) })
    const reached = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
        // The administrator's session must outlive the days that pass here.
        admin = await server.admin()
        const check = await begin()
        const told = { positive: false }
        let wasInReview = false
        let isApprovedByHand = false
        for (const [number, next] of steps.entries()) {
          say(check, next.answer, told)
          const before = await stateOf(check)
          await act(check, next, number)
          const after = await stateOf(check)
          wasInReview ||= after === 'review'
          isApprovedByHand ||= before === 'review' && next.happening === 'admin approves' && after === 'verified'
          // Ended is ended.
          if (final.includes(before)) expect(after).toBe(before)
          if (after === 'verified') expect(told.positive || (wasInReview && isApprovedByHand)).toBe(true)
          expect(await isVerified(check)).toBe(after === 'verified')
        }
        // Left alone, with a provider that never has news, it ends by itself within the documented schedule.
        say(check, 'pending', told)
        for (let hours = 0; hours < 24 * 8 && open.includes(await stateOf(check)); hours += 6) {
          server.clock.advance(6 * HOUR_MS)
          await server.verification.settle(check.id).catch(() => {})
        }
        const end = await stateOf(check)
        reached.add(end)
        expect([...final, 'review']).toContain(end)
        const decisions = await decisionsOf(check)
        expect(decisions).toEqual(end === 'review' ? [] : [end])
        if (end === 'review')
          await admin.call('POST', `/v1/verifications/${check.id}/review`, { decision: 'reject', reason: 'other' })
      }),
      { numRuns: 60, seed: 20_261_124 },
    )
    // A walk that never gets anywhere shows nothing.
    expect([...reached]).toEqual(expect.arrayContaining(['verified', 'rejected', 'cancelled', 'expired', 'review']))
  }, 180_000)
})

describe('many at once', () => {
  it('are all decided, though each holds a connection and there are more of them than connections', async () => {
    admin = await server.admin()
    const checks: Check[] = []
    for (let count = 0; count < 24; count += 1) checks.push(await begin())
    server.script.finding = async (reference) => {
      const check = checks.find((entry) => entry.reference === reference)
      if (!check) throw new Error('nobody asked for this')
      return approved(check.order, { document: { ...approved(check.order).document, number: check.documentNumber } })
    }
    await recordSuccess(server.organizations, 'built-in', 'paper')
    // A provider has few slots: those that found none are looked at again.
    const open = async (): Promise<Check[]> => {
      const states = await Promise.all(checks.map(stateOf))
      return checks.filter((_check, index) => states[index] !== 'verified')
    }
    for (let round = 0; round < checks.length; round += 1)
      await Promise.all((await open()).map((check) => server.verification.settle(check.id)))
    for (const check of checks) expect(await stateOf(check)).toBe('verified')
  }, 30_000)
})
