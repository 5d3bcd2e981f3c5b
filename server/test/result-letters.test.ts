import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ada, approved, type FinalFinding, startServer, type TestServer } from './harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer('result-letters')
  await server.attachProvider()
})
afterAll(() => server?.stop())

/** Somebody whose check ends with this finding. */
const checked = async (name: string, documentNumber: string, change: Partial<FinalFinding> = {}) => {
  const own = await server.person(name)
  await own.call('PUT', '/v1/account/identity', { ...ada, documentNumber })
  const { json } = await own.call('POST', '/v1/verifications', {})
  const order = server.script.orders.at(-1)
  if (!order) throw new Error('no order')
  server.script.finding = async () =>
    approved(order, { document: { ...approved(order).document, number: documentNumber }, ...change })
  server.clock.advance(60_000)
  await server.verification.settle(json.id)
  return { own, id: json.id as string }
}
const subjectsTo = async (name: string): Promise<string[]> =>
  (await server.mailsTo(`${name}@example.com`)).map((mail) => mail.subject)

describe('who did not wait for the result', () => {
  it('is written to when the identity is verified, in words that name nothing of the document', async () => {
    await checked('vera', 'V00000001')
    const [letter] = await server.mailsTo('vera@example.com')
    expect(letter?.subject).toBe('Your identity is verified')
    expect(letter?.text).toContain('http://localhost:8000/account/identity')
    expect(letter?.text).not.toMatch(/V00000001|0001|Lovelace|passport/i)
    await server.verification.settle((await server.pool.query('select id from veridoor.verifications')).rows[0].id)
    expect(await subjectsTo('vera')).toEqual(['Your identity is verified', 'Confirm your email address'])
  })

  it('is told of a refusal without its reason, and of a person’s look in the same words whatever the cause', async () => {
    await checked('rosa', 'R00000001', { specimen: true })
    const [refused] = await server.mailsTo('rosa@example.com')
    expect(refused?.subject).toBe('We could not verify you yet')
    expect(refused?.text).not.toMatch(/sample|specimen/i)
    await checked('nora', 'V00000001')
    const checks = { document: 'pass', readable: 'pass', face: 'unclear', liveness: 'pass' } as const
    const { id } = await checked('ute', 'U00000001', { checks })
    const texts = await Promise.all(
      ['nora', 'ute'].map(async (name) => (await server.mailsTo(`${name}@example.com`))[0]?.text.replace(name, '…')),
    )
    expect(texts[0]).toBe(texts[1])
    const admin = await server.admin()
    const decided = await admin.call('POST', `/v1/verifications/${id}/review`, { decision: 'approve', reason: 'Seen' })
    expect(decided.status).toBe(200)
    expect(await subjectsTo('ute')).toContain('Your identity is verified')
  })
})
