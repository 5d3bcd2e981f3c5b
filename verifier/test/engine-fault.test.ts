import { EngineError } from '@veridoor/engine'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findSession } from '../src/session/store.ts'
import { captureDevice } from './capture-device.ts'
import { engineOf, jpeg, passed, startVerifier, type TestVerifier, until } from './test-verifier.ts'

/** An engine that is broken: a model that is gone, a disk that is full. */
let service: TestVerifier
let tries = 0
let fault: Error | null = new Error('the model is gone')
const broken = engineOf(async (name) => {
  if (name !== 'assess') return []
  tries += 1
  if (fault) throw fault
  return passed
})
beforeAll(async () => {
  service = await startVerifier('verifier_engine_fault', { engine: broken })
})
afterAll(() => service?.stop())

/** A document that was sent, and the page that sent it. */
const submitted = async () => {
  const begun = await fetch(`${service.url}/api/v4/initiate`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Acme Test/1.0',
      authorization: `Basic ${Buffer.from('acme:acme-secret').toString('base64')}`,
    },
    body: JSON.stringify({
      customerInternalReference: 'c',
      userReference: 'p',
      workflowId: 100,
      errorUrl: 'https://acme.example/no',
    }),
  })
  const { redirectUrl, transactionReference: id } = (await begun.json()) as {
    redirectUrl: string
    transactionReference: string
  }
  const device = captureDevice(service.url)
  await device.open(new URL(redirectUrl).searchParams.get('authorizationToken') ?? '')
  await device.call('POST', '/consent', {})
  await device.call('PUT', '/choice', { country: 'AUT', type: 'PASSPORT' })
  await fetch(`${service.url}/capture/api/pictures/front`, {
    method: 'PUT',
    headers: { ...(await device.headers('')), 'content-type': 'image/jpeg' },
    body: new Uint8Array(jpeg),
  })
  expect((await device.call('POST', '/submit', {})).status).toBe(200)
  return { id, device }
}
/** The gaps between the tries are not waited for. */
const hurry = () =>
  service.deps.db.execute(`update verifier_jobs.job set start_after = now() where name = 'assess' and state = 'retry'`)

it('is tried four times, then the person is told that it was not their fault and goes on with its code', async () => {
  const { id, device } = await submitted()
  const ended = await until(async () => {
    await hurry()
    const session = await findSession(service.deps.db, id)
    return session?.phase === 'ended' ? session : undefined
  }, 1_000)
  expect(tries).toBe(4)
  expect(ended).toMatchObject({ state: 'FAILED', endedHow: 'interrupted', pictureKey: null })
  const { json } = await device.call('GET', '/session')
  expect(new URL(json.ended.returnUrl).searchParams.get('errorCode')).toBe('9400')
  expect(await service.deps.pictures.kept(id)).toEqual([])
})

it('that has no time, as one that is being stopped, ends no check, not even at its last try: it is taken up again', async () => {
  fault = new EngineError('busy')
  tries = 0
  const { id } = await submitted()
  await until(async () => {
    await hurry()
    return tries > 4 ? true : undefined
  }, 1_000)
  expect(await findSession(service.deps.db, id)).toMatchObject({ state: 'PENDING', phase: 'checking' })
  fault = null
  const ended = await until(async () => {
    await hurry()
    const session = await findSession(service.deps.db, id)
    return session?.phase === 'ended' ? session : undefined
  }, 1_000)
  expect(ended).toMatchObject({ state: 'DONE', endedHow: 'submitted' })
})
