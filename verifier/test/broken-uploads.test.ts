import { createEnginePool } from '@veridoor/engine'
import { mutate, seededNumbers, validFiles } from '@veridoor/engine/fuzz'
import { createPlatformClient, createTokenCache, createV4Client, hostsOfBase } from '@veridoor/jumio'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { captureDevice } from './capture-device.ts'
import { startVerifier, type TestVerifier } from './test-verifier.ts'

/** Broken files over HTTP, by every way that takes one, with the engine that looks at them in earnest. The same ones every time. */
const RUNS = 60
const SEED = 20_261_126
let service: TestVerifier
let files: Awaited<ReturnType<typeof validFiles>>
beforeAll(async () => {
  service = await startVerifier('verifier_broken', { engine: createEnginePool({ workers: 1 }) })
  files = await validFiles()
})
afterAll(() => service?.stop())

const userAgent = 'Acme Test/1.0'
const v4 = () => createV4Client({ baseUrl: service.url, token: 'acme', secret: 'acme-secret', userAgent })

/** Broken pictures, documents and PDFs in turn. */
function* broken(): Generator<Buffer> {
  const number = seededNumbers(SEED)
  const kinds = [...files.pictures, files.document, files.pdf]
  for (let run = 0; run < RUNS; run += 1) yield mutate(kinds[run % kinds.length] ?? files.pdf, number)
}

/** How often each status came. */
const count = (statuses: readonly number[]): Record<number, number> =>
  Object.fromEntries([...new Set(statuses)].map((status) => [status, statuses.filter((one) => one === status).length]))

const isAlive = async (): Promise<boolean> => (await fetch(`${service.url}/readyz`)).status === 200

describe('sixty broken files', () => {
  it('on the capture page are each taken, asked for again or refused by name', async () => {
    const { redirectUrl } = await v4().initiate({
      customerInternalReference: 'case',
      userReference: 'person',
      workflowId: 100,
    })
    const token = new URL(redirectUrl).searchParams.get('authorizationToken') ?? ''
    const device = captureDevice(service.url)
    await device.open(token)
    await device.call('POST', '/consent', {})
    await device.call('PUT', '/choice', { country: 'UTO', type: 'PASSPORT' })
    const statuses: number[] = []
    for (const file of broken()) {
      service.clock.advance(2_000)
      const answer = await fetch(`${service.url}/capture/api/pictures/front`, {
        method: 'PUT',
        headers: { ...(await device.headers(token)), 'content-type': 'image/jpeg' },
        body: new Uint8Array(file),
      })
      statuses.push(answer.status)
      const told = (await answer.json()) as { accepted?: boolean; code?: string | null }
      expect(told.accepted === true || typeof told.code === 'string').toBe(true)
    }
    expect(Object.keys(count(statuses)).map(Number).sort()).toEqual([200, 422])
    expect(await isAlive()).toBe(true)
  })

  it('as parts of a transaction of the Platform are taken as pictures or refused', async () => {
    const client = createPlatformClient({
      hosts: hostsOfBase(service.url),
      token: 'acme',
      secret: 'acme-secret',
      userAgent,
      tokens: createTokenCache(() => service.clock.now().getTime()),
    })
    const statuses: number[] = []
    let address = ''
    let bearer = ''
    for (const [run, file] of [...broken()].entries()) {
      service.clock.advance(2_000)
      if (run % 10 === 0) {
        const { workflowExecution } = await client.createAccount({
          customerInternalReference: `case-${run}`,
          workflowDefinition: { key: 2 },
        })
        const credential = workflowExecution.credentials?.find(({ category }) => category === 'ID')
        address = String(credential?.api?.parts?.front).replace(/^https?:\/\/[^/]+/, service.url)
        bearer = String(credential?.api?.token)
      }
      const form = new FormData()
      form.set('file', new Blob([new Uint8Array(file)], { type: 'image/jpeg' }), 'front.jpg')
      const { status } = await fetch(address, {
        method: 'PUT',
        headers: { 'user-agent': userAgent, authorization: `Bearer ${bearer}` },
        body: form,
      })
      statuses.push(status)
    }
    expect(Object.keys(count(statuses)).map(Number).sort()).toEqual([200, 400])
    expect(await isAlive()).toBe(true)
  })

  it('sent with performNetverify are taken or refused, and what was taken is judged', async () => {
    const references: string[] = []
    const statuses: number[] = []
    for (const file of broken()) {
      service.clock.advance(2_000)
      const answer = await fetch(`${service.url}/api/netverify/v2/performNetverify`, {
        method: 'POST',
        headers: {
          'user-agent': userAgent,
          authorization: `Basic ${Buffer.from('acme:acme-secret').toString('base64')}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          merchantIdScanReference: 'case',
          frontsideImage: file.toString('base64'),
          country: 'UTO',
          idType: 'PASSPORT',
          enabledFields: 'idNumber,idLastName',
        }),
      })
      statuses.push(answer.status)
      if (answer.ok) references.push(((await answer.json()) as { jumioIdScanReference: string }).jumioIdScanReference)
    }
    expect(Object.keys(count(statuses)).map(Number).sort()).toEqual([200, 400])
    const states: Record<string, number> = {}
    for (const reference of references) {
      let state: string | undefined = 'PENDING'
      for (let tries = 0; state === 'PENDING' && tries < 400; tries += 1) {
        service.clock.advance(100)
        await new Promise((resolve) => setTimeout(resolve, 50))
        state = (await v4().data(reference)).transaction.status
      }
      states[String(state)] = (states[String(state)] ?? 0) + 1
    }
    // None ends as a fault of ours.
    expect(states).toEqual({ DONE: references.length })
    expect(await isAlive()).toBe(true)
  })
})
