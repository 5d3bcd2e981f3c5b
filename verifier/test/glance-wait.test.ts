import { createEnginePool } from '@veridoor/engine'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { captureDevice } from './capture-device.ts'
import { jpeg, startVerifier, type TestVerifier } from './test-verifier.ts'

/** The real line before a worker that is busy with something else for as long as the test takes. */
const given: string[] = []
const pool = createEnginePool({ workers: 1 }, () => ({
  send: ({ name }) => given.push(name),
  kill: () => true,
  on: () => undefined,
}))
let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('verifier_glance_wait', { engine: pool })
})
afterAll(async () => {
  await pool.close()
  await service?.stop()
})

it('a picture that no worker had time to look at is accepted, and no look at it waits on', async () => {
  const busy = expect(pool.run('describe', { picture: jpeg })).rejects.toMatchObject({ code: 'busy' })
  const begun = await fetch(`${service.url}/api/v4/initiate`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Acme Test/1.0',
      authorization: `Basic ${Buffer.from('acme:acme-secret').toString('base64')}`,
    },
    body: JSON.stringify({ customerInternalReference: 'c', userReference: 'p', workflowId: 100 }),
  })
  const { redirectUrl } = (await begun.json()) as { redirectUrl: string }
  const device = captureDevice(service.url)
  await device.open(new URL(redirectUrl).searchParams.get('authorizationToken') ?? '')
  await device.call('POST', '/consent', {})
  await device.call('PUT', '/choice', { country: 'AUT', type: 'PASSPORT' })
  const answer = fetch(`${service.url}/capture/api/pictures/front`, {
    method: 'PUT',
    headers: { ...(await device.headers('')), 'content-type': 'image/jpeg' },
    body: new Uint8Array(jpeg),
  })
  await expect.poll(() => pool.waiting(), { timeout: 2_500 }).toBe(1)
  expect(await (await answer).json()).toMatchObject({ accepted: true, code: null })
  expect(pool.waiting()).toBe(0)
  await pool.close()
  await busy
  expect(given).toEqual(['describe'])
})
