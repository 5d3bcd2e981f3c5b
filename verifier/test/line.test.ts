import type { EnginePool, JobName } from '@veridoor/engine'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { jpeg, passed, startVerifier, until, type VerifierHouse } from './house.ts'

/** More checks than the engine can take at one time. */
let house: VerifierHouse
const waiting: (() => void)[] = []
const slow: EnginePool = {
  run: (async (name: JobName) => {
    if (name === 'glance') return []
    await new Promise<void>((resolve) => waiting.push(resolve))
    return passed
  }) as EnginePool['run'],
  waiting: () => 0,
  peakRss: () => 0,
  close: async () => {},
}
beforeAll(async () => {
  house = await startVerifier('verifier_line', { engine: slow, workers: 1, lineLimit: 3 })
})
afterAll(async () => {
  for (const done of waiting.splice(0)) done()
  await house.stop()
})

const authorization = `Basic ${Buffer.from('acme:acme-secret').toString('base64')}`
const api = (path: string, body: unknown, as = authorization, method = 'POST') =>
  fetch(house.url + path, {
    method,
    headers: { 'content-type': 'application/json', 'user-agent': 'Acme Test/1.0', authorization: as },
    body: JSON.stringify(body),
  })
const readyToSubmit = async () => {
  house.clock.advance(1_100)
  const begun = await api('/api/v4/initiate', { customerInternalReference: 'c', userReference: 'p', workflowId: 100 })
  const { redirectUrl } = (await begun.json()) as { redirectUrl: string }
  const as = `Bearer ${new URL(redirectUrl).searchParams.get('authorizationToken')}`
  await api('/capture/api/consent', {}, as)
  await api('/capture/api/choice', { country: 'AUT', type: 'PASSPORT' }, as, 'PUT')
  await fetch(`${house.url}/capture/api/pictures/front`, {
    method: 'PUT',
    headers: { authorization: as, 'content-type': 'image/jpeg' },
    body: new Uint8Array(jpeg),
  })
  return as
}
const session = async (as: string) =>
  (await (await fetch(`${house.url}/capture/api/session`, { headers: { authorization: as } })).json()) as {
    step: string
    progress: string | null
    ahead: number | null
  }

it('a line of checks is bounded, tells its places, and goes on when one is done', async () => {
  const people = [await readyToSubmit(), await readyToSubmit(), await readyToSubmit(), await readyToSubmit()]
  const [first, second, third, fourth] = people as [string, string, string, string]
  for (const as of [first, second, third]) {
    house.clock.advance(10)
    expect((await api('/capture/api/submit', {}, as)).status).toBe(200)
  }
  expect(await session(first)).toMatchObject({ step: 'checking', progress: 'reading', ahead: null })
  expect(await session(second)).toMatchObject({ progress: 'queued', ahead: 0 })
  expect(await session(third)).toMatchObject({ progress: 'queued', ahead: 1 })

  const refused = await api('/capture/api/submit', {}, fourth)
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([503, 'BUSY'])
  // Nothing is lost: the pictures stay, and the same press works later.
  expect((await session(fourth)).step).toBe('submit')
  const picture = jpeg.toString('base64')
  const byApi = await api('/api/netverify/v2/performNetverify', {
    merchantIdScanReference: 'c',
    frontsideImage: picture,
    country: 'AUT',
    idType: 'PASSPORT',
  })
  expect([byApi.status, byApi.headers.get('retry-after')]).toEqual([503, '10'])

  await until(() => (waiting.length > 0 ? true : undefined))
  waiting.shift()?.()
  await until(async () => {
    const places = await Promise.all([first, second, third].map(session))
    return places.filter(({ step }) => step === 'ended').length === 1 ? true : undefined
  })
  expect((await api('/capture/api/submit', {}, fourth)).status).toBe(200)
})
