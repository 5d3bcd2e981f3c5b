import { afterAll, beforeAll, expect, it } from 'vitest'
import { captureDevice } from './capture-device.ts'
import { engineOf, jpeg, passed, startVerifier, type TestVerifier, until } from './test-verifier.ts'

/** More checks than the engine can take at one time. */
let service: TestVerifier
const waiting: (() => void)[] = []
const slow = engineOf(async (name) => {
  if (name === 'precheck') return []
  await new Promise<void>((resolve) => waiting.push(resolve))
  return passed
})
beforeAll(async () => {
  service = await startVerifier('verifier_line', { engine: slow, workers: 1, queueLimit: 3 })
})
afterAll(async () => {
  for (const done of waiting.splice(0)) done()
  await service?.stop()
})

const authorization = `Basic ${Buffer.from('acme:acme-secret').toString('base64')}`
const api = (path: string, body: unknown) =>
  fetch(service.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'Acme Test/1.0', authorization },
    body: JSON.stringify(body),
  })
/** One person at the capture page, with a picture sent. */
const readyToSubmit = async () => {
  service.clock.advance(1_100)
  const begun = await api('/api/v4/initiate', { customerInternalReference: 'c', userReference: 'p', workflowId: 100 })
  const { redirectUrl } = (await begun.json()) as { redirectUrl: string }
  const token = new URL(redirectUrl).searchParams.get('authorizationToken') ?? ''
  const device = captureDevice(service.url)
  const capture = async (method: string, path: string, body?: Buffer | object) =>
    fetch(`${service.url}/capture/api${path}`, {
      method,
      headers: {
        ...(await device.headers(token)),
        ...(body ? { 'content-type': Buffer.isBuffer(body) ? 'image/jpeg' : 'application/json' } : {}),
      },
      ...(body ? { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) } : {}),
    })
  await capture('POST', '/consent', {})
  await capture('PUT', '/choice', { country: 'AUT', type: 'PASSPORT' })
  await capture('PUT', '/pictures/front', jpeg)
  return {
    submit: () => capture('POST', '/submit', {}),
    session: async () =>
      (await (await capture('GET', '/session')).json()) as {
        step: string
        progress: string | null
        queuePosition: number | null
      },
  }
}
type Person = Awaited<ReturnType<typeof readyToSubmit>>

it('a line of checks is bounded, tells its places, and goes on when one is done', async () => {
  const people = [await readyToSubmit(), await readyToSubmit(), await readyToSubmit(), await readyToSubmit()]
  const [first, second, third, fourth] = people as [Person, Person, Person, Person]
  for (const person of [first, second, third]) {
    service.clock.advance(10)
    expect((await person.submit()).status).toBe(200)
  }
  expect(await first.session()).toMatchObject({ step: 'checking', progress: 'reading', queuePosition: null })
  expect(await second.session()).toMatchObject({ progress: 'queued', queuePosition: 0 })
  expect(await third.session()).toMatchObject({ progress: 'queued', queuePosition: 1 })

  const refused = await fourth.submit()
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([503, 'BUSY'])
  // Nothing is lost: the pictures stay, and the same press works later.
  expect((await fourth.session()).step).toBe('submit')
  const picture = jpeg.toString('base64')
  const byApi = await api('/api/netverify/v2/performNetverify', {
    merchantIdScanReference: 'c',
    frontsideImage: picture,
    country: 'AUT',
    idType: 'PASSPORT',
    enabledFields: 'idNumber',
  })
  expect([byApi.status, byApi.headers.get('retry-after')]).toEqual([503, '10'])

  await until(() => (waiting.length > 0 ? true : undefined))
  waiting.shift()?.()
  await until(async () => {
    const places = await Promise.all([first, second, third].map((person) => person.session()))
    return places.filter(({ step }) => step === 'ended').length === 1 ? true : undefined
  })
  expect((await fourth.submit()).status).toBe(200)
})
