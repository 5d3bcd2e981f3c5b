import { providerTypes } from '@veridoor/providers'
import { type FakeJumio, startFakeJumio } from '@veridoor/providers/jumio/fake'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findCanaries } from './canaries.ts'
import { startServer, type TestServer } from './harness.ts'

// A person whose every value is unmistakable goes through each kind of end; afterwards none of them may be anywhere but where
// it is meant to be.
let server: TestServer
let service: FakeJumio
beforeAll(async () => {
  server = await startServer('canary', { types: [...providerTypes] })
  server.clock.set(new Date('2025-03-05T10:00:00Z'))
  service = await startFakeJumio('v4')
  await server.verification.work()
})
afterAll(async () => {
  await service?.close()
  await server?.stop()
})

it('names, numbers, dates and secrets are in no log, job, notice, event or audit line', async () => {
  const admin = await server.admin()
  await admin.call('POST', '/v1/providers', {
    organization: 'built-in',
    name: 'samples',
    displayName: 'Samples',
    category: 'ID Verification',
    type: 'Jumio',
    config: { ...service.config, workflowId: 200 },
  })
  const { json } = await admin.call('GET', '/v1/applications/app-built-in')
  const providers = [{ organization: 'built-in', name: 'samples' }]
  await admin.call('PUT', '/v1/applications/app-built-in', { ...json, providers })

  const { document } = service
  const urls: string[] = []
  for (const [number, scenario] of (['reject', 'unknown_verdict', 'nothing_sent', 'approve'] as const).entries()) {
    server.clock.advance(120_000)
    const name = `canary${number}`
    const made = await admin.call('POST', '/v1/users', { organization: 'built-in', name })
    const identity = {
      realName: `${document.firstName} ${document.lastName}`,
      documentNumber: document.number,
      documentType: document.type,
      documentCountry: document.country,
    }
    await admin.call('PUT', `/v1/users/built-in/${name}`, { ...made.json, identity })
    service.setScenario(scenario)
    const started = await admin.call('POST', '/v1/verifications', { organization: 'built-in', name })
    const order = service.opened().at(-1) ?? ''
    urls.push(order)
    const bell = /\/notices\/[\w-]+/.exec(order)?.[0] ?? ''
    const { rows } = await server.pool.query('select provider_reference from veridoor.verifications where id = $1', [
      started.json.id,
    ])
    const { real } = service.webhooks(rows[0].provider_reference)
    await server.app.inject({
      method: 'POST',
      url: bell,
      headers: { ...real.headers },
      payload: Buffer.from(real.body),
    })
    await expect
      .poll(async () => (await admin.call('GET', `/v1/verifications/${started.json.id}/state`)).json.state, {
        timeout: 10_000,
      })
      .not.toMatch(/created|waiting|checking/)
  }

  const canaries = [...service.canaries, document.number ?? '']
  expect(await findCanaries(server, canaries, urls)).toBeGreaterThan(30)
})

it('finds a value that lies where it should not: the search itself can fail', async () => {
  const name = service.document.lastName ?? ''
  server.logLines.push(`{"event":"planted","detail":"${name}"}`)
  await expect(findCanaries(server, [name])).rejects.toThrow('a log line')
  server.logLines.pop()
  const plant = (reasons: string[]) =>
    server.pool.query('update veridoor.verifications set staff_reasons = $1', [JSON.stringify(reasons)])
  await plant([`name ${name}`])
  await expect(findCanaries(server, [name])).rejects.toThrow('veridoor.verifications')
  await plant([])
})
