import { afterAll, beforeAll, expect, it } from 'vitest'
import { runInterop } from '../../e2e/interop/run.ts'
import { findClient } from '../src/clients/clients.ts'
import { startVerifier, type TestVerifier } from './test-verifier.ts'

/** Calls as public clients in seven languages make them (field faults 1.1 to 1.4), over HTTP. */
let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('verifier_interop')
})
afterAll(() => service?.stop())

it('clients of every family are understood, and the operator is told what the documentation asks for', async () => {
  const results = await runInterop(service.url, { token: 'acme', secret: 'acme-secret' })
  expect(results.filter(({ passed }) => !passed)).toEqual([])
  expect(new Set(results.map(({ family }) => family)).size).toBeGreaterThanOrEqual(8)
  const client = await findClient(service.deps.db, 'acme')
  expect(client?.unnamedAgentAt).not.toBeNull()
  expect(client?.personalReferenceAt).not.toBeNull()
})

it('fifty sessions may begin in a second, and the next fifty in the next', async () => {
  const authorization = `Basic ${Buffer.from('acme:acme-secret').toString('base64')}`
  const start = async (): Promise<number> => {
    const answer = await fetch(`${service.url}/api/v4/initiate`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ customerInternalReference: 'c', userReference: 'u' }),
    })
    return answer.status
  }
  for (let second = 0; second < 2; second += 1) {
    service.clock.advance(1_100)
    expect(new Set(await Promise.all(Array.from({ length: 50 }, start)))).toEqual(new Set([200]))
  }
})
