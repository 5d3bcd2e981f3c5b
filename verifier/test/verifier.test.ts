import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CaptureSession } from '@veridoor/contract'
import { type Assessment, EngineError } from '@veridoor/engine'
import { createV4Client, outcomeV4, readV4Callback } from '@veridoor/jumio'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findClient } from '../src/clients/clients.ts'
import { createVerifier } from '../src/index.ts'
import { assessOrFail } from '../src/session/assess.ts'
import { findSession } from '../src/session/store.ts'
import { resumeAssessments } from '../src/sweep.ts'
import { performNetverify } from '../src/wires/v4/perform-netverify.ts'
import { captureDevice } from './capture-device.ts'
import {
  engineOf,
  field,
  jpeg,
  jpegWith,
  ofDocument,
  startVerifier,
  type TestVerifier,
  until,
  passed as whole,
} from './test-verifier.ts'

/** A specimen of Utopia that is read whole. */
const passed = ofDocument({
  fields: { ...whole.document.fields, issuingCountry: field('UTO'), nationality: field('UTO') },
  signals: ['specimen'],
})

/** The engine, told what to find: the real one has its own tests and the journeys. */
const told = {
  assessment: passed as Assessment,
  precheck: [] as string[],
  jobs: [] as string[],
  losses: 0,
  held: Promise.resolve(),
}
const engine = engineOf(async (name) => {
  told.jobs.push(name)
  if (name === 'assess' && told.losses > 0) {
    told.losses -= 1
    throw new EngineError('worker_lost')
  }
  if (name === 'precheck') await told.held
  return name === 'assess' ? told.assessment : name === 'precheck' ? told.precheck : Buffer.from('png')
})

let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('verifier', { engine })
})
afterAll(() => service?.stop())
beforeEach(() => {
  told.assessment = passed
  told.precheck = []
  told.losses = 0
  told.held = Promise.resolve()
  service.clock.advance(10_000)
})

const client = (token = 'acme', secret = 'acme-secret') =>
  createV4Client({ baseUrl: service.url, token, secret, userAgent: 'Acme Test/1.0' })
const initiate = async (change: Record<string, unknown> = {}) => {
  const started = await client().initiate({
    customerInternalReference: 'case-1',
    userReference: 'person-1',
    workflowId: 200,
    successUrl: 'http://127.0.0.1/ok',
    errorUrl: 'http://127.0.0.1/no',
    callbackUrl: service.callbackUrl,
    ...change,
  })
  const token = new URL(started.redirectUrl).searchParams.get('authorizationToken') ?? ''
  const device = captureDevice(service.url)
  const capture = async (method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown) => {
    const isPicture = Buffer.isBuffer(body)
    const answer = await fetch(`${service.url}/capture/api${path}`, {
      method,
      headers: {
        ...(await device.headers(token)),
        ...(body === undefined ? {} : { 'content-type': isPicture ? 'image/jpeg' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isPicture ? new Uint8Array(body) : JSON.stringify(body) }),
    })
    // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
    return { status: answer.status, json: (await answer.json().catch(() => null)) as any }
  }
  return { reference: started.transactionReference, capture, token }
}
const untilStep = async (
  capture: Awaited<ReturnType<typeof initiate>>['capture'],
  wanted: string,
): Promise<CaptureSession> => {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const { json } = await capture('GET', '/session')
    if (json.step === wanted) return json
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`never came to ${wanted}`)
}
const walk = async (change: Record<string, unknown> = {}) => {
  const started = await initiate(change)
  await started.capture('POST', '/consent', {})
  await started.capture('PUT', '/choice', { country: 'UTO', type: 'PASSPORT' })
  await started.capture('PUT', '/pictures/front', jpeg)
  await started.capture('PUT', '/pictures/selfie', jpeg)
  await started.capture('POST', '/submit', {})
  return started
}

describe('who may ask', () => {
  it('needs keys, and sees its own scans only', async () => {
    const { reference } = await initiate()
    await expect(client('acme', 'wrong').status(reference)).rejects.toMatchObject({ code: 'unauthorized' })
    await expect(client('stranger', 'stranger-secret').status(reference)).rejects.toMatchObject({ code: 'not_found' })
    await expect(client().status('00000000-0000-4000-8000-000000000404')).rejects.toMatchObject({
      code: 'not_found',
      status: 404,
    })
    const nameless = await fetch(`${service.url}/api/netverify/v2/scans/${reference}`, {
      headers: { 'user-agent': '', authorization: `Basic ${Buffer.from('acme:acme-secret').toString('base64')}` },
    })
    expect(nameless.status).toBe(200)
  })

  it('is told in the documented shape what is wrong with a request', async () => {
    const answer = await fetch(`${service.url}/api/v4/initiate`, {
      method: 'POST',
      headers: {
        'user-agent': 'Acme Test/1.0',
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from('acme:acme-secret').toString('base64')}`,
      },
      body: JSON.stringify({
        customerInternalReference: 'x'.repeat(101),
        userReference: 'u',
        tokenLifetimeInMinutes: 1,
      }),
    })
    const body = (await answer.json()) as { httpStatus: string; message: string }
    expect(answer.status).toBe(400)
    expect(body.httpStatus).toBe('400')
    expect(body.message).toContain('customerInternalReference')
  })
})

describe('a check', () => {
  it('ends with the same facts in retrieval and callback, judged approved', async () => {
    service.received.length = 0
    const { reference, capture } = await walk()
    const ended = await untilStep(capture, 'ended')
    expect(ended.ended?.returnUrl).toContain('transactionStatus=SUCCESS')
    const data = await client().data(reference)
    expect(outcomeV4(data, true).outcome).toBe('approved')
    expect(data.document).toMatchObject({ lastName: 'LOVELACE', number: 'L898902C3', specimen: true })
    const received = await until(() => service.received.find(({ body }) => body.includes(reference)))
    const callback = readV4Callback(received.body)
    expect(callback?.reference).toBe(reference)
    expect(callback?.data.document.lastName).toBe(data.document.lastName)
    expect(callback?.data.document.number).toBe(data.document.number)
    expect(received.type).toContain('application/x-www-form-urlencoded')
  })

  it('hands out no field that is not sure', async () => {
    told.assessment = {
      ...passed,
      verdict: 'review',
      document: {
        ...passed.document,
        fields: { ...passed.document.fields, number: field('L898902C8', false) },
        signals: ['specimen', 'single_reading'],
      },
    }
    const { reference, capture } = await walk()
    await untilStep(capture, 'ended')
    expect((await client().data(reference)).document.number).toBe('N/A')
  })

  it('of another face says no match, and one without a selfie leaves the face open', async () => {
    told.assessment = { ...passed, verdict: 'refuse', face: { verdict: 'no_match', cosine: 0.85, similarity: 0.1 } }
    const other = await walk()
    await untilStep(other.capture, 'ended')
    expect(outcomeV4(await client().data(other.reference), true).outcome).toBe('rejected')

    // A sign of a copy does not help: it stands beside the refusal.
    told.assessment = {
      ...told.assessment,
      document: { ...passed.document, signals: ['specimen', 'screen_pattern', 'no_colour'] },
    }
    const copied = await walk()
    await untilStep(copied.capture, 'ended')
    const data = await client().data(copied.reference)
    expect(outcomeV4(data, true)).toMatchObject({ outcome: 'rejected', reasons: ['face_no_match'] })
    expect(data.verification?.signals).toEqual(['screen_pattern', 'no_colour'])

    told.assessment = { ...passed, selfie: null, face: null }
    const without = await initiate()
    await without.capture('POST', '/alternative', {})
    await without.capture('PUT', '/choice', { country: 'UTO', type: 'PASSPORT' })
    await without.capture('PUT', '/pictures/front', jpeg)
    await without.capture('POST', '/submit', {})
    await untilStep(without.capture, 'ended')
    expect(outcomeV4(await client().data(without.reference), true).outcome).toBe('review')
  })

  it('asks for no further selfie of somebody who says that they cannot take one', async () => {
    told.assessment = {
      ...passed,
      verdict: 'retake',
      selfie: { quality: passed.document.quality, faces: 0, retake: ['face_not_visible'] },
      face: null,
    }
    const { reference, capture } = await walk()
    expect((await untilStep(capture, 'retake')).retake).toMatchObject({ side: 'selfie' })
    expect((await capture('POST', '/alternative', {})).json.step).toBe('submit')
    told.assessment = { ...passed, selfie: null, face: null }
    await capture('POST', '/submit', {})
    await untilStep(capture, 'ended')
    expect(outcomeV4(await client().data(reference), true).outcome).toBe('review')
  })

  it('asks again with a reason, and after three tries is not readable', async () => {
    told.assessment = {
      ...passed,
      verdict: 'retake',
      document: { ...passed.document, mrz: null, fields: {}, retake: ['photo_blurry'], signals: [] },
    }
    const { reference, capture } = await walk()
    for (const left of [2, 1]) {
      const session = await untilStep(capture, 'retake')
      expect(session.retake).toEqual({ side: 'front', code: 'photo_blurry' })
      expect(session.attemptsLeft).toBe(left)
      await capture('PUT', '/pictures/front', jpeg)
      await capture('POST', '/submit', {})
    }
    const ended = await untilStep(capture, 'ended')
    expect(ended.ended).toMatchObject({ how: 'three_tries_used' })
    expect(ended.ended?.returnUrl).toContain('errorCode=9835')
    const judged = outcomeV4(await client().data(reference), true)
    expect(judged).toMatchObject({ outcome: 'retry', reasons: ['photo_blurry'] })
  })

  it('is tried again when a worker is lost, and is no usable file when that costs a second one', async () => {
    told.losses = 1
    const once = await walk()
    await untilStep(once.capture, 'ended')
    expect(outcomeV4(await client().data(once.reference), true).outcome).toBe('approved')
    told.losses = 2
    const twice = await walk()
    expect((await untilStep(twice.capture, 'retake')).retake).toEqual({ side: 'front', code: 'file_not_usable' })
    // What was asked for is taken, and the check goes on.
    await twice.capture('PUT', '/pictures/front', jpeg)
    await twice.capture('POST', '/submit', {})
    await untilStep(twice.capture, 'ended')
    expect(outcomeV4(await client().data(twice.reference), true).outcome).toBe('approved')
  })

  it('that a crash cut off is assessed after the next start, and ends once', async () => {
    service.received.length = 0
    const { reference, capture } = await initiate()
    await capture('POST', '/consent', {})
    await capture('PUT', '/choice', { country: 'UTO', type: 'PASSPORT' })
    await capture('PUT', '/pictures/front', jpeg)
    await capture('PUT', '/pictures/selfie', jpeg)
    // As a killed process leaves it: handed over, and no job anywhere.
    await service.deps.db.execute(`update verifier.sessions set phase = 'checking' where id = '${reference}'`)
    const second = await createVerifier(service.deps)
    await Promise.all([resumeAssessments(service.deps), second.assess(reference), second.assess(reference)])
    await untilStep(capture, 'ended')
    const received = () => service.received.filter(({ body }) => body.includes(reference))
    await until(() => received().length > 0 || undefined)
    // Another one would come on its heels.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(received()).toHaveLength(1)
    expect((await client().status(reference)).status).toBe('DONE')
  })
})

describe('pictures by API', () => {
  const perform = (change: Record<string, unknown> = {}) =>
    client().performNetverify({
      merchantIdScanReference: 'case-api',
      frontsideImage: jpeg.toString('base64'),
      faceImage: jpeg.toString('base64'),
      country: 'UTO',
      idType: 'PASSPORT',
      customerId: 'person-1',
      callbackUrl: service.callbackUrl,
      userConsent: { userIp: '203.0.113.9', userLocation: { country: 'AUT' } },
      ...change,
    })
  const untilDone = async (reference: string) => {
    for (let tries = 0; tries < 1_000; tries += 1) {
      const data = await client().data(reference)
      if (data.transaction.status !== 'PENDING') return data
      service.clock.advance(200)
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    throw new Error('never done')
  }

  it('are judged like those of the page, and by one look', async () => {
    const good = await untilDone((await perform()).jumioIdScanReference)
    expect(outcomeV4(good, true).outcome).toBe('approved')
    expect(good.transaction).toMatchObject({ source: 'API', customerId: 'person-1' })
    told.assessment = {
      ...passed,
      verdict: 'retake',
      document: { ...passed.document, mrz: null, fields: {}, retake: ['photo_blurry'], signals: [] },
    }
    const blurred = await untilDone((await perform()).jumioIdScanReference)
    expect(outcomeV4(blurred, true)).toMatchObject({ outcome: 'retry', reasons: ['photo_blurry'] })
  })

  it('of a page without colour go to a person, never to an approval', async () => {
    told.assessment = {
      ...passed,
      verdict: 'retake',
      document: { ...passed.document, retake: ['photo_grey'], signals: ['specimen', 'no_colour'] },
    }
    const { jumioIdScanReference } = await perform()
    expect(outcomeV4(await untilDone(jumioIdScanReference), true).outcome).toBe('review')
  })

  it('are refused without consent to a face, and when they are no pictures', async () => {
    await expect(perform({ userConsent: undefined })).rejects.toMatchObject({ status: 400 })
    await expect(perform({ frontsideImage: Buffer.from('PK not a picture').toString('base64') })).rejects.toMatchObject(
      {
        status: 400,
      },
    )
  })
})

describe('the order of steps', () => {
  it('cannot be jumped, and a made-up link opens nothing', async () => {
    const { capture } = await initiate()
    expect((await capture('PUT', '/pictures/front', jpeg)).status).toBe(409)
    expect((await capture('POST', '/submit', {})).status).toBe(409)
    const forged = await fetch(`${service.url}/capture/api/open`, {
      method: 'POST',
      headers: { authorization: `Bearer ${randomBytes(32).toString('base64url')}` },
    })
    expect(forged.status).toBe(401)
  })

  it('refuses files above 10 MB, choices that are not offered, and pictures after the end', async () => {
    const { capture } = await initiate()
    await capture('POST', '/consent', {})
    expect((await capture('PUT', '/choice', { country: 'QQQ', type: 'PASSPORT' })).status).toBe(422)
    expect((await capture('PUT', '/pictures/front', Buffer.alloc(10 * 1_048_576 + 1))).status).toBe(413)
    await capture('POST', '/cancel', {})
    expect((await capture('PUT', '/pictures/front', jpeg)).status).toBe(409)
  })
})

describe('pictures at the same time', () => {
  const begun = async () => {
    const started = await initiate({ workflowId: 100 })
    await started.capture('POST', '/consent', {})
    await started.capture('PUT', '/choice', { country: 'UTO', type: 'PASSPORT' })
    return started
  }
  const kept = async (reference: string) =>
    service.deps.pictures.read(reference, 'front', await service.keyOf(reference))

  it('one that is still looked at when the check is submitted is not taken, and the judged one stays', async () => {
    const { reference, capture } = await begun()
    await capture('PUT', '/pictures/front', jpeg)
    let release = (): void => {}
    told.held = new Promise((resolve) => {
      release = resolve
    })
    told.jobs.length = 0
    const late = capture('PUT', '/pictures/front', jpegWith(randomBytes(400)))
    for (let tries = 0; tries < 1_000 && !told.jobs.includes('precheck'); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 10))
    expect((await capture('POST', '/submit', {})).status).toBe(200)
    release()
    expect((await late).json.code).toBe('WRONG_STEP')
    await untilStep(capture, 'ended')
    expect((await kept(reference))?.equals(jpeg)).toBe(true)
  })

  it('two of one part leave one that opens, and nothing half written', async () => {
    const { reference, capture } = await begun()
    const sent = Array.from({ length: 6 }, () => jpegWith(randomBytes(200_000)))
    const answers = await Promise.all(sent.map((one) => capture('PUT', '/pictures/front', one)))
    expect(answers.map(({ status }) => status)).toEqual(sent.map(() => 200))
    const last = await kept(reference)
    expect(sent.filter((one) => last?.equals(one))).toHaveLength(1)
    expect(readdirSync(join(service.folder, reference.slice(0, 2), reference))).toEqual(['front'])
  })
})

describe('frames beside a picture', () => {
  const filesOf = (reference: string): string[] => {
    const at = join(service.folder, reference.slice(0, 2), reference)
    return existsSync(at) ? readdirSync(at).sort() : []
  }

  it('are kept with it, four at most, go with it when it is replaced, and are forgotten with the check', async () => {
    const { reference, capture } = await initiate()
    await capture('POST', '/consent', {})
    await capture('PUT', '/choice', { country: 'UTO', type: 'PASSPORT' })
    const frame = (number: number | string, of: string, bytes = jpeg) =>
      capture('PUT', `/pictures/front/frames/${number}?picture=${of}`, bytes)
    expect((await frame(1, 'front')).json.code).toBe('WRONG_STEP')
    const { picture: first } = (await capture('PUT', '/pictures/front', jpeg)).json
    for (const number of [1, 2, 3, 4])
      expect(await frame(number, first)).toEqual({ status: 200, json: { kept: number } })
    for (const number of ['0', '5', '1.5', 'x', '-1']) expect((await frame(number, first)).status, number).toBe(422)
    const gif = Buffer.from('GIF89a, which no camera makes')
    expect((await frame(1, first, gif)).json.code).toBe('FILE_NOT_USABLE')
    const tooLarge = Buffer.concat([jpeg, Buffer.alloc(10 * 1_048_576)])
    expect((await frame(1, first, tooLarge)).status).toBe(413)
    expect(filesOf(reference)).toEqual(['front', ...[1, 2, 3, 4].map((number) => `front.${first}.${number}`)])
    const kept = readFileSync(join(service.folder, reference.slice(0, 2), reference, `front.${first}.1`))
    expect(kept.includes(jpeg.subarray(0, 64))).toBe(false)

    const { picture: second } = (await capture('PUT', '/pictures/front', jpeg)).json
    expect(filesOf(reference)).toEqual(['front'])
    await frame(1, second)
    // Of the picture before, from a slow line; and of none.
    expect((await frame(3, first)).json.code).toBe('WRONG_STEP')
    expect((await capture('PUT', '/pictures/front/frames/3', jpeg)).json.code).toBe('WRONG_STEP')
    expect(filesOf(reference)).toEqual(['front', `front.${second}.1`])
    await capture('PUT', '/choice', { country: 'UTO', type: 'ID_CARD' })
    expect((await frame(4, second)).json.code).toBe('WRONG_STEP')
    expect(filesOf(reference)).toEqual([])
    await capture('PUT', '/choice', { country: 'UTO', type: 'PASSPORT' })
    const { picture: third } = (await capture('PUT', '/pictures/front', jpeg)).json
    await frame(1, third)
    await capture('PUT', '/pictures/selfie', jpeg)
    await capture('POST', '/submit', {})
    await untilStep(capture, 'ended')
    expect((await frame(2, third)).json.code).toBe('SESSION_ENDED')
    await client().erase(reference)
    expect(filesOf(reference)).toEqual([])
  })
})

describe('time', () => {
  it('ends a check that was never opened, and one that was left, as documented', async () => {
    const never = await initiate({ tokenLifetimeInMinutes: 5 })
    const left = await initiate({ tokenLifetimeInMinutes: 60 })
    await left.capture('POST', '/consent', {})
    service.clock.advance(16 * 60_000)
    await service.verifier.sweep()
    for (const { reference } of [never, left]) {
      expect((await client().status(reference)).status).toBe('FAILED')
      expect(outcomeV4(await client().data(reference), true).outcome).toBe('expired')
    }
    expect((await never.capture('GET', '/session')).json.step).toBe('ended')
  })

  it('ends pictures by API that were cut off before they were handed over as a fault of ours', async () => {
    const acme = await findClient(service.deps.db, 'acme')
    if (!acme) throw new Error('the client is missing')
    const jobs = { ...service.deps.jobs, send: () => Promise.reject(new Error('killed')) }
    const order = {
      merchantIdScanReference: 'cut-off',
      frontsideImage: jpeg.toString('base64'),
      country: 'AUT',
      idType: 'PASSPORT',
      enabledFields: 'idNumber',
    } as const
    await expect(performNetverify({ ...service.deps, jobs }, acme, order)).rejects.toThrow('killed')
    service.clock.advance(15 * 60_000 + 1)
    await service.verifier.sweep()
    const { rows } = await service.deps.db.execute<Record<string, unknown>>(
      `select state, ended_how, picture_key from verifier.sessions where customer_reference = 'cut-off'`,
    )
    expect(rows).toEqual([{ state: 'FAILED', ended_how: 'interrupted', picture_key: null }])
  })

  it('tells of a check at which the engine failed again and again, and asks for nothing more', async () => {
    const { reference, capture } = await initiate()
    await capture('POST', '/consent', {})
    await service.deps.db.execute(`update verifier.sessions set phase = 'checking' where id = '${reference}'`)
    // Its pictures cannot be opened: a fault of ours, whoever looks how often.
    await service.deps.db.execute(`update verifier.sessions set picture_key = 'broken' where id = '${reference}'`)
    await expect(assessOrFail(service.deps, reference, { isLast: false })).rejects.toThrow()
    expect((await capture('GET', '/session')).json.step).toBe('checking')
    await assessOrFail(service.deps, reference, { isLast: true })
    const { json } = await capture('GET', '/session')
    expect(json.ended).toMatchObject({ how: 'interrupted' })
    expect(json.ended.returnUrl).toContain('errorCode=9400')
    expect((await client().status(reference)).status).toBe('FAILED')
    // Once: a second end finds nothing to do.
    await assessOrFail(service.deps, reference, { isLast: true })
  })

  it('tells of a check that we could not finish, and asks for nothing more', async () => {
    const { reference, capture } = await initiate()
    await capture('POST', '/consent', {})
    await service.deps.db.execute(`update verifier.sessions set phase = 'checking' where id = '${reference}'`)
    service.clock.advance(31 * 60_000)
    await service.verifier.sweep()
    const { json } = await capture('GET', '/session')
    expect(json.ended).toMatchObject({ how: 'interrupted' })
    expect(json.ended.returnUrl).toContain('errorCode=9100')
    expect(outcomeV4(await client().data(reference), true).outcome).toBe('expired')
  })

  it('lets a check wait in a long line that moves, and ends one that the line forgot', async () => {
    const { reference, capture } = await initiate()
    const other = await initiate()
    await capture('POST', '/consent', {})
    await service.deps.db.execute(`update verifier.sessions set phase = 'checking' where id = '${reference}'`)
    const came = (await findSession(service.deps.db, reference))?.lastActionAt
    service.clock.advance(40 * 60_000)
    // One that came before was begun five minutes ago.
    const recently = new Date(service.clock.now().getTime() - 5 * 60_000).toISOString()
    await service.deps.db.execute(
      `update verifier.sessions set last_action_at = '${new Date(0).toISOString()}', tried_at = '${recently}', phase = 'ended', state = 'DONE' where id = '${other.reference}'`,
    )
    await service.verifier.sweep()
    expect(await findSession(service.deps.db, reference)).toMatchObject({ phase: 'checking', lastActionAt: came })
    service.clock.advance(31 * 60_000)
    await service.verifier.sweep()
    expect(await findSession(service.deps.db, reference)).toMatchObject({ endedHow: 'interrupted' })
  })

  it('does not count the hours in which nobody was there, and keeps the places in the line', async () => {
    const { reference, capture } = await initiate()
    await capture('POST', '/consent', {})
    await service.deps.db.execute(`update verifier.sessions set phase = 'checking' where id = '${reference}'`)
    const came = (await findSession(service.deps.db, reference))?.lastActionAt
    service.clock.advance(3 * 3_600_000)
    // Without its jobs: nothing is begun before the sweep.
    await resumeAssessments({ ...service.deps, jobs: { ...service.deps.jobs, send: async () => {} } })
    await service.verifier.sweep()
    expect(await findSession(service.deps.db, reference)).toMatchObject({ phase: 'checking', lastActionAt: came })
    service.clock.advance(31 * 60_000)
    await service.verifier.sweep()
    expect(await findSession(service.deps.db, reference)).toMatchObject({ endedHow: 'interrupted' })
  })

  it('removes pictures, key and result after the retention time, and at once when asked', async () => {
    const kept = await walk()
    await untilStep(kept.capture, 'ended')
    const folderOf = (reference: string): string => join(service.folder, reference.slice(0, 2), reference)
    expect(readdirSync(folderOf(kept.reference))).toEqual(['front', 'selfie'])
    // Encrypted: not one byte of the picture stands in the file as it was sent.
    expect(readFileSync(join(folderOf(kept.reference), 'front')).includes(jpeg.subarray(0, 16))).toBe(false)
    service.clock.advance(31 * 86_400_000)
    await service.verifier.sweep()
    expect(existsSync(folderOf(kept.reference))).toBe(false)
    await expect(client().data(kept.reference)).rejects.toMatchObject({ code: 'not_found' })

    const asked = await walk()
    await untilStep(asked.capture, 'ended')
    await client().erase(asked.reference)
    expect(existsSync(folderOf(asked.reference))).toBe(false)
    await client().erase(asked.reference)
  })
})

it('outside of demonstration mode a file is taken only where the workflow allows one', async () => {
  const strict = await createVerifier({ ...service.deps, demonstration: false })
  const url = await strict.app.listen({ host: '127.0.0.1', port: 0 })
  const put = async (workflowId: number, part: string, bytes: Buffer, source: string) => {
    service.clock.advance(6_000)
    const { token } = await initiate({ workflowId })
    const device = captureDevice(url)
    const headers = await device.headers(token)
    await device.call('POST', '/consent', {})
    await device.call('PUT', '/choice', { country: 'AUT', type: 'PASSPORT' })
    const answer = await fetch(`${url}/capture/api/pictures/${part}`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'image/jpeg', 'x-capture-source': source },
      body: new Uint8Array(bytes),
    })
    return answer.status
  }
  const pdf = Buffer.from('%PDF-1.7 a page')
  expect(await put(101, 'front', jpeg, 'camera')).toBe(200)
  expect(await put(101, 'front', jpeg, 'upload')).toBe(409)
  expect(await put(101, 'front', pdf, 'camera')).toBe(409)
  expect(await put(200, 'front', jpeg, 'upload')).toBe(200)
  // Nobody here knows whether there is a camera: 200 asks for one and takes a file without.
  expect(await put(200, 'selfie', jpeg, 'upload')).toBe(200)
  expect(await put(201, 'selfie', jpeg, 'upload')).toBe(409)
  expect(await put(201, 'selfie', jpeg, 'camera')).toBe(200)
  await strict.app.close()
})

it('outside of demonstration mode a specimen is a sample document', async () => {
  const strict = await createVerifier({ ...service.deps, demonstration: false })
  const started = await initiate()
  await started.capture('POST', '/consent', {})
  await started.capture('PUT', '/choice', { country: 'UTO', type: 'PASSPORT' })
  await started.capture('PUT', '/pictures/front', jpeg)
  await started.capture('PUT', '/pictures/selfie', jpeg)
  const held = told.assessment
  await service.deps.db.execute(`update verifier.sessions set phase = 'checking' where id = '${started.reference}'`)
  told.assessment = held
  await strict.assess(started.reference)
  const judged = outcomeV4(await client().data(started.reference), true)
  expect(judged).toMatchObject({ outcome: 'retry', reasons: ['sample_document'], codes: ['202'] })
})
