import { readFileSync } from 'node:fs'
import type { IncomingWebhook } from '@veridoor/providers'
import { providerTypes } from '@veridoor/providers'
import { type FakeJumio, startFakeJumio } from '@veridoor/providers/jumio/fake'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './harness.ts'

// Each published payload through the running server: start, notice, retrieval, state.
type Entry = { file: string; expected?: string; expectedAfterClaimMatch?: string }
const read = (file: string): string => readFileSync(new URL(`../../jumio/fixtures/${file}`, import.meta.url), 'utf8')
const { fixtures } = JSON.parse(read('index.json')) as { fixtures: Entry[] }

/** What the person claims: the payload's own document, so that only the verdict decides. */
const claimOf = (
  file: string,
): { realName: string; documentNumber: string; documentType: string; documentCountry: string } => {
  const body = JSON.parse(read(file)) as {
    document?: Record<string, string>
    capabilities?: { extraction?: { data?: Record<string, string> }[] }
  }
  const found = body.document ?? body.capabilities?.extraction?.[0]?.data ?? {}
  const type = found.type ?? ''
  const told = (text: string | undefined, otherwise: string): string => (!text || text === 'N/A' ? otherwise : text)
  return {
    realName: `${told(found.firstName, 'Ada')} ${told(found.lastName, 'Lovelace')}`,
    documentNumber: told(found.number ?? found.documentNumber, 'L898902C3'),
    documentType: ['PASSPORT', 'ID_CARD', 'DRIVING_LICENSE'].includes(type) ? type : 'PASSPORT',
    documentCountry: told(found.issuingCountry, 'AUT'),
  }
}

const stateOf: Record<string, string> = {
  approved: 'verified',
  rejected: 'rejected',
  retry: 'rejected',
  expired: 'expired',
  review: 'review',
}

for (const generation of ['v4', 'platform'] as const)
  describe(`${generation} payloads through the server`, () => {
    let server: TestServer
    let service: FakeJumio
    let admin: ReturnType<TestServer['browser']>
    let people = 0

    beforeAll(async () => {
      server = await startServer(`payloads_${generation}`, { types: [...providerTypes] })
      // The day on which the samples were written.
      server.clock.set(new Date('2025-03-05T10:00:00Z'))
      service = await startFakeJumio(generation)
      admin = await server.admin()
      const made = await admin.call('POST', '/v1/providers', {
        organization: 'built-in',
        name: 'samples',
        displayName: 'Samples',
        category: 'ID Verification',
        type: 'Jumio',
        config: { ...service.config, ...(generation === 'platform' ? { workflowKey: '10164' } : { workflowId: 200 }) },
      })
      expect(made.status, made.text).toBe(201)
      const { json } = await admin.call('GET', '/v1/applications/app-built-in')
      const rows = [{ organization: 'built-in', name: 'samples' }]
      expect((await admin.call('PUT', '/v1/applications/app-built-in', { ...json, providers: rows })).status).toBe(200)
    })
    afterAll(async () => {
      await service?.close()
      await server?.stop()
    })

    /** A new person with this claim, and their check, started. */
    const begin = async (claim: ReturnType<typeof claimOf>) => {
      people += 1
      const name = `person${people}`
      // Starts are limited in a minute; checks of different people are minutes apart.
      server.clock.advance(120_000)
      const made = await admin.call('POST', '/v1/users', { organization: 'built-in', name })
      expect(made.status, made.text).toBe(201)
      const filled = await admin.call('PUT', `/v1/users/built-in/${name}`, { ...made.json, identity: claim })
      expect(filled.status, filled.text).toBe(200)
      const started = await admin.call('POST', '/v1/verifications', { organization: 'built-in', name })
      expect(started.status, started.text).toBe(201)
      const { rows } = await server.pool.query('select provider_reference from veridoor.verifications where id = $1', [
        started.json.id,
      ])
      const order = service.opened().at(-1) ?? ''
      const webhookUrl = /\/notices\/[\w-]+/.exec(order)?.[0] ?? ''
      expect(webhookUrl).not.toBe('')
      return { name, id: started.json.id as string, reference: rows[0].provider_reference as string, bell: webhookUrl }
    }
    const sendWebhook = (webhookUrl: string, webhook: IncomingWebhook) =>
      server.app.inject({
        method: 'POST',
        url: webhookUrl,
        headers: { ...webhook.headers },
        payload: Buffer.from(webhook.body),
      })
    const look = async (id: string) => {
      const { rows } = await server.pool.query('select state from veridoor.verifications where id = $1', [id])
      return rows[0].state as string
    }
    /** A document seals one account: the next sample may show it again. */
    const forget = (name: string) => admin.call('DELETE', `/v1/users/built-in/${name}`)

    const part = generation === 'v4' ? 'v4/retrieval-data' : 'platform/details'
    const judged = fixtures.filter((entry) => entry.file.startsWith(part) && entry.expected)
    it('there are payloads to judge', () => expect(judged.length).toBeGreaterThan(8))

    for (const { file, expected = '', expectedAfterClaimMatch } of judged)
      it(`${file} ends ${expectedAfterClaimMatch ?? expected}`, async () => {
        service.serveFixture(file)
        const check = await begin(claimOf(file))
        expect((await sendWebhook(check.bell, service.webhooks(check.reference).real)).statusCode).toBe(200)
        await server.verification.settle(check.id)
        const state = await look(check.id)
        if (expected === 'pending') expect(['waiting', 'checking']).toContain(state)
        else expect(state).toBe(stateOf[expectedAfterClaimMatch ?? expected])
        const { rows } = await server.pool.query('select u.verified_at from veridoor.users u where u.name = $1', [
          check.name,
        ])
        expect(rows[0].verified_at !== null).toBe(state === 'verified')
        await forget(check.name)
      })

    const callbacks = fixtures.filter((entry) => new RegExp(`^${generation}/callback`).test(entry.file))
    for (const { file } of callbacks)
      it(`${file} rings and decides nothing`, async () => {
        service.setScenario('pending')
        const check = await begin(claimOf(judged[0]?.file ?? ''))
        const body = Buffer.from(read(file).trim())
        const type = file.endsWith('.form') ? 'application/x-www-form-urlencoded' : 'application/json'
        expect((await sendWebhook(check.bell, { headers: { 'content-type': type }, body })).statusCode).toBe(200)
        await server.verification.settle(check.id)
        expect(['waiting', 'checking']).toContain(await look(check.id))
        await admin.call('POST', `/v1/verifications/${check.id}/cancel`)
        await forget(check.name)
      })
  })
