import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  type CaptureSession,
  type Challenge,
  Challenge as ChallengeSchema,
  FrameAnswer,
  MovementAnswer,
} from '@veridoor/contract'
import { EngineError, type Jobs, type LivenessAnswer } from '@veridoor/engine'
import {
  createPlatformClient,
  createTokenCache,
  createV4Client,
  hostsOfBase,
  outcomePlatform,
  outcomeV4,
} from '@veridoor/jumio'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { seedClient } from '../src/index.ts'
import { captureDevice } from './capture-device.ts'
import { passed as assessed, engineOf, jpegWith, startVerifier, type TestVerifier, until } from './test-verifier.ts'

const passes: LivenessAnswer = { verdict: 'passed', reasons: [], steps: [], straight: 2 }
const fails: LivenessAnswer = {
  verdict: 'failed',
  reasons: ['movement_not_seen'],
  steps: [
    { movement: 'centre', seen: true },
    { movement: 'turn_left', seen: false },
  ],
  straight: 2,
}

/** The engine, told what to find, and what it was shown. */
const told = {
  liveness: passes as LivenessAnswer | EngineError,
  /** How often that error comes. */
  times: Number.POSITIVE_INFINITY,
  assessment: assessed,
  /** Milliseconds that a judgement takes. */
  judgeMs: 0,
  shown: [] as Jobs['liveness']['input'][],
  /** Milliseconds that it may wait for a worker. */
  waited: undefined as number | undefined,
  assessedWith: [] as Jobs['assess']['input'][],
}
const engine = engineOf(async (name, input, options?: { waitMs?: number }) => {
  if (name === 'assess') {
    told.assessedWith.push(input as Jobs['assess']['input'])
    return told.assessment
  }
  if (name !== 'liveness') return []
  told.shown.push(input as Jobs['liveness']['input'])
  told.waited = options?.waitMs
  await new Promise((resolve) => setTimeout(resolve, told.judgeMs))
  if (!(told.liveness instanceof EngineError)) return told.liveness
  told.times -= 1
  if (told.times < 0) return passes
  throw told.liveness
})

/** Slower than the page, for fewer requests. */
const EVERY_MS = 600
const jpeg = (size = 400): Buffer => jpegWith(randomBytes(size))

let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('movement', { engine })
  const { db, cipher: box } = service.deps
  // One client for each way of asking for movements, by its name.
  for (const liveness of ['required', 'offered', 'off'] as const)
    await seedClient(
      db,
      box,
      { token: liveness, secret: 's', name: 'Acme', retentionDays: 30, liveness },
      service.clock.now(),
    )
})
afterAll(() => service?.stop())
const query = async (text: string) =>
  (await service.deps.db.execute(text)) as unknown as { rows: Record<string, unknown>[] }
beforeEach(() => {
  told.liveness = passes
  told.judgeMs = 0
  told.assessment = assessed
  told.shown = []
  told.assessedWith = []
  service.told.diskMs = 0
  service.clock.advance(10_000)
})

type Answer<T = CaptureSession> = { status: number; json: T & { code?: string } }
const callerOf = (token: string) => {
  const device = captureDevice(service.url)
  return async <T = CaptureSession>(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: unknown,
  ): Promise<Answer<T>> => {
    const isPicture = Buffer.isBuffer(body)
    const answer = await fetch(`${service.url}/capture/api${path}`, {
      method,
      headers: {
        ...(await device.headers(token)),
        ...(body === undefined ? {} : { 'content-type': isPicture ? 'image/jpeg' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isPicture ? new Uint8Array(body) : JSON.stringify(body) }),
    })
    return { status: answer.status, json: (await answer.json().catch(() => null)) as T & { code?: string } }
  }
}
type Capture = ReturnType<typeof callerOf>

const v4 = (token: string) => createV4Client({ baseUrl: service.url, token, secret: 's', userAgent: 'Acme Test/1.0' })
const open = async (token: 'required' | 'offered' | 'off' = 'required') => {
  service.clock.advance(6_000)
  const started = await v4(token).initiate({ customerInternalReference: 'c', userReference: 'p', workflowId: 200 })
  return {
    reference: started.transactionReference,
    capture: callerOf(new URL(started.redirectUrl).searchParams.get('authorizationToken') ?? ''),
    data: () => v4(token).data(started.transactionReference),
  }
}
const openPlatform = async () => {
  const platform = createPlatformClient({
    hosts: hostsOfBase(service.url),
    token: 'required',
    secret: 's',
    userAgent: 'Acme Test/1.0',
    tokens: createTokenCache(() => service.clock.now().getTime()),
  })
  const opened = await platform.createAccount({
    customerInternalReference: 'c',
    userReference: 'p',
    workflowDefinition: { key: 10164 },
    userConsent: { userIp: '203.0.113.9', userLocation: { country: 'AUT' } },
  })
  const execution = { accountId: opened.account.id, workflowExecutionId: opened.workflowExecution.id }
  const token = new URL(opened.web?.href ?? '').searchParams.get('authorizationToken') ?? ''
  return { platform, opened, execution, capture: callerOf(token), details: () => platform.details(execution) }
}
const toMovement = async (capture: Capture): Promise<CaptureSession> => {
  await capture('POST', '/consent', {})
  await capture('PUT', '/choice', { country: 'UTO', type: 'PASSPORT' })
  await capture('PUT', '/pictures/front', jpeg())
  const { json } = await capture<{ session: CaptureSession }>('PUT', '/pictures/selfie', jpeg())
  return json.session
}
const begin = async (capture: Capture): Promise<Challenge> => {
  const { status, json } = await capture<Challenge>('POST', '/movement', {})
  expect(status).toBe(200)
  return ChallengeSchema.parse(json)
}
const sendFrame = (capture: Capture, id: string, number: number, bytes = jpeg()) =>
  capture<FrameAnswer>('PUT', `/movement/${id}/frames/${number}`, bytes)
/** As a page does: frame after frame until the verifier says that it is enough. */
const sendAll = async (capture: Capture, id: string, first = 0): Promise<{ movements: string[]; frames: number }> => {
  const movements: string[] = []
  for (let number = first; number < 200; number += 1) {
    const { status, json } = await sendFrame(capture, id, number)
    expect(status).toBe(200)
    const { done, challenge } = FrameAnswer.parse(json)
    if (movements[challenge.step] === undefined) movements[challenge.step] = challenge.movement
    if (done) return { movements, frames: number + 1 }
    service.clock.advance(EVERY_MS)
  }
  throw new Error('never enough')
}
const judge = async (capture: Capture, id: string): Promise<MovementAnswer> => {
  const { status, json } = await capture<MovementAnswer>('POST', `/movement/${id}/judge`, {})
  expect(status).toBe(200)
  return MovementAnswer.parse(json)
}
const passMovement = async (capture: Capture): Promise<MovementAnswer> => {
  const { id } = await begin(capture)
  await sendAll(capture, id)
  return judge(capture, id)
}
const untilEnded = async (capture: Capture): Promise<CaptureSession> => {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const { json } = await capture('GET', '/session')
    if (json.step === 'ended') return json
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('never ended')
}
const filesOf = (reference: string): string[] => {
  const place = join(service.folder, reference.slice(0, 2), reference)
  return existsSync(place) ? readdirSync(place) : []
}

describe('a person who does the movements', () => {
  it('is told one after the other, is judged on all frames with the selfie, and passes on this wire without a reason', async () => {
    const { reference, capture, data } = await open()
    expect(await toMovement(capture)).toMatchObject({ step: 'movement', movement: { required: true, triesLeft: 3 } })
    expect((await capture('POST', '/submit', {})).status).toBe(409)
    expect((await capture('POST', '/movement/skip', {})).status).toBe(409)

    const { id, steps } = await begin(capture)
    expect(steps).toBe(5)
    expect((await capture('POST', `/movement/${id}/judge`, {})).json.code).toBe('CHALLENGE_OVER')
    const { movements, frames } = await sendAll(capture, id)
    expect(movements[0]).toBe('centre')
    expect(movements).toHaveLength(5)
    expect(filesOf(reference).filter((name) => name.startsWith('frame-'))).toHaveLength(frames)

    const answer = await judge(capture, id)
    expect(answer).toMatchObject({ passed: true, why: null, session: { step: 'submit' } })
    const [shown] = told.shown
    expect(shown?.challenge).toEqual(movements)
    expect(shown?.frames).toHaveLength(frames)
    expect(shown?.selfie).toBeDefined()
    const times = shown?.frames.map(({ atMs }) => atMs) ?? []
    expect(times.every((atMs, n) => n === 0 || atMs - (times[n - 1] ?? 0) === EVERY_MS)).toBe(true)
    // Nothing is kept of it but the frame for the comparison with the document.
    expect(filesOf(reference).sort()).toEqual(['front', 'live', 'selfie'])
    expect((await capture('POST', `/movement/${id}/judge`, {})).json.code).toBe('CHALLENGE_OVER')

    await capture('POST', '/submit', {})
    await untilEnded(capture)
    expect(Buffer.from(told.assessedWith[0]?.live ?? []).equals(Buffer.from(shown?.frames[2]?.picture ?? []))).toBe(
      true,
    )
    expect(filesOf(reference).sort()).toEqual(['front', 'selfie'])
    const found = await data()
    expect(found.verification?.identityVerification).toEqual({ similarity: 'MATCH', validity: 'true' })
    expect(outcomeV4(found, true).outcome).toBe('approved')

    const asked = `select count(*)::int as count from verifier.challenges where session = '${reference}'`
    expect((await query(asked)).rows).toEqual([{ count: 1 }])
    await v4('required').erase(reference)
    expect((await query(asked)).rows).toEqual([{ count: 0 }])
    expect(filesOf(reference)).toEqual([])
  })

  it.each([
    ['passes', passes, ['PASSED', 'OK'], 'approved'],
    ['fails', fails, ['REJECTED', 'LIVENESS_UNDETERMINED'], 'retry'],
  ] as const)(
    '%s on the Platform by its labels, with nothing beside them',
    async (_name, finding, [type, label], outcome) => {
      told.liveness = finding
      const { capture, details } = await openPlatform()
      await toMovement(capture)
      while ((await passMovement(capture)).session.step === 'movement');
      await capture('POST', '/submit', {})
      await untilEnded(capture)
      const found = await details()
      const [entry] = found.capabilities.liveness ?? []
      expect(entry?.decision).toMatchObject({ type, details: { label } })
      expect(entry?.data).toBeUndefined()
      expect(outcomePlatform(found, { workflowKey: 10164, faceRequired: true }).outcome).toBe(outcome)
    },
  )
})

describe('a person whose movements are not seen', () => {
  it('gets other movements, and after the third time the check says that liveness failed', async () => {
    told.liveness = fails
    const { reference, capture, data } = await open()
    await toMovement(capture)
    const asked: string[] = []
    for (const left of [2, 1, 0]) {
      const { id } = await begin(capture)
      asked.push((await sendAll(capture, id)).movements.join())
      const answer = await judge(capture, id)
      expect(answer).toMatchObject({ passed: false, why: 'not_seen', movement: 'turn_left' })
      expect(answer.session.movement?.triesLeft).toBe(left)
      expect(answer.session.step).toBe(left > 0 ? 'movement' : 'checking')
      expect(filesOf(reference).sort()).toEqual(['front', 'selfie'])
    }
    expect(new Set(asked).size).toBe(3)
    await untilEnded(capture)
    const found = await data()
    expect(found.verification?.identityVerification).toEqual({
      similarity: 'MATCH',
      validity: 'false',
      reason: 'LIVENESS_FAILED',
    })
    expect(outcomeV4(found, true)).toMatchObject({ outcome: 'rejected' })
  })

  it('who passed on the third try has one left for another selfie: only what was not passed is counted', async () => {
    const { capture } = await open()
    await toMovement(capture)
    told.liveness = fails
    await passMovement(capture)
    expect((await passMovement(capture)).session.movement?.triesLeft).toBe(1)
    told.liveness = passes
    expect(await passMovement(capture)).toMatchObject({ passed: true, session: { step: 'submit' } })
    const { json } = await capture<{ session: CaptureSession }>('PUT', '/pictures/selfie', jpeg())
    expect(json.session).toMatchObject({ step: 'movement', movement: { triesLeft: 1 } })
    expect(await passMovement(capture)).toMatchObject({ passed: true, session: { step: 'submit' } })
  })

  it('learns nothing about why a fake was noticed, and a fault of ours costs no try', async () => {
    const { capture } = await open()
    await toMovement(capture)
    told.liveness = { ...fails, reasons: ['other_face', 'movement_not_seen'] }
    expect(await passMovement(capture)).toMatchObject({ passed: false, why: 'unsure', movement: null })
    const { id } = await begin(capture)
    await sendAll(capture, id)
    told.liveness = new EngineError('busy')
    expect((await capture('POST', `/movement/${id}/judge`, {})).json.code).toBe('BUSY')
    told.liveness = passes
    expect((await judge(capture, id)).passed).toBe(true)
    told.liveness = new EngineError('worker_lost')
  })

  it('loses no try where this machine was late, three times, and one where somebody else was, or the face is another', async () => {
    const late: LivenessAnswer = { ...fails, reasons: ['too_slow', 'movement_not_seen'] }
    const { reference, capture } = await open()
    await toMovement(capture)
    const tryWith = async (finding: LivenessAnswer, diskMs: number, pauseMs: number) => {
      told.liveness = finding
      const { id } = await begin(capture)
      await sendFrame(capture, id, 0)
      service.clock.advance(200)
      service.told.diskMs = diskMs
      await sendFrame(capture, id, 1)
      service.clock.advance(pauseMs)
      service.told.diskMs = 0
      await sendAll(capture, id, 2)
      const { why, session } = await judge(capture, id)
      return [why, session.movement?.triesLeft]
    }
    service.clock.advance(1_000)
    expect(await tryWith(late, 2_600, 200)).toEqual(['slow', 3])
    const { rows } = await query(`select reasons from verifier.challenges where session = '${reference}'`)
    expect(rows).toEqual([{ reasons: ['too_slow', 'movement_not_seen', 'machine_late'] }])
    expect(await tryWith({ ...late, reasons: ['too_slow', 'other_face'] }, 2_600, 200)).toEqual(['unsure', 2])
    expect(await tryWith(late, 20, 2_800)).toEqual(['slow', 1])
    expect(await tryWith(late, 2_600, 200)).toEqual(['slow', 1])
    expect(await tryWith(late, 2_600, 200)).toEqual(['slow', 1])
    expect(await tryWith(late, 2_600, 200)).toEqual(['slow', 0])
  })

  it('loses no try either where this machine had no time to judge', async () => {
    const { capture } = await open()
    await toMovement(capture)
    const { id } = await begin(capture)
    await sendAll(capture, id)
    told.liveness = new EngineError('timeout')
    expect((await capture('POST', `/movement/${id}/judge`, {})).json.code).toBe('BUSY')
    await begin(capture)
    expect((await capture('GET', '/session')).json.movement?.triesLeft).toBe(3)
  })

  it('loses none while a judgement takes long: it waits a minute for a worker, and is not swept before it is over', async () => {
    const { capture } = await open()
    await toMovement(capture)
    const { id } = await begin(capture)
    await sendAll(capture, id)
    told.judgeMs = 800
    const before = told.shown.length
    const judged = judge(capture, id)
    await until(() => (told.shown.length > before ? true : undefined))
    service.clock.advance(300_000)
    await service.verifier.sweep()
    expect(await judged).toMatchObject({ passed: true, session: { step: 'submit' } })
    expect(told.waited).toBe(60_000)
  })

  it('who asks twice for a judgement gets one', async () => {
    const { capture } = await open()
    await toMovement(capture)
    const { id } = await begin(capture)
    await sendAll(capture, id)
    told.judgeMs = 1_000
    const answers = await Promise.all([judge(capture, id), judge(capture, id)])
    expect(answers.map(({ passed }) => passed)).toEqual([true, true])
    expect(told.shown).toHaveLength(1)
  })

  it('of pictures that end their worker is not judged alive', async () => {
    const { capture } = await open()
    await toMovement(capture)
    told.liveness = new EngineError('worker_lost')
    expect(await passMovement(capture)).toMatchObject({ passed: false, why: 'face' })
  })

  it('is judged once more when a worker is lost meanwhile, as one may be for other reasons', async () => {
    const { capture } = await open()
    await toMovement(capture)
    told.liveness = new EngineError('worker_lost')
    told.times = 1
    const before = told.shown.length
    expect(await passMovement(capture)).toMatchObject({ passed: true })
    expect(told.shown.length - before).toBe(2)
    told.times = Number.POSITIVE_INFINITY
    told.liveness = passes
  })
})

describe('attacks on the wire', () => {
  it('a challenge is of no use for another session, for another attempt, or after its time', async () => {
    const first = await open()
    const second = await open()
    await toMovement(first.capture)
    await toMovement(second.capture)
    const { id } = await begin(first.capture)
    expect((await sendFrame(second.capture, id, 0)).json.code).toBe('CHALLENGE_OVER')
    await sendAll(first.capture, id)
    expect((await second.capture('POST', `/movement/${id}/judge`, {})).json.code).toBe('CHALLENGE_OVER')

    const stale = await begin(second.capture)
    expect((await sendFrame(second.capture, stale.id, 0)).status).toBe(200)
    service.clock.advance(91_000)
    expect((await sendFrame(second.capture, stale.id, 1)).json.code).toBe('CHALLENGE_OVER')

    await query(`update verifier.sessions set attempt = 2 where id = '${first.reference}'`)
    expect((await first.capture('POST', `/movement/${id}/judge`, {})).json.code).toBe('CHALLENGE_OVER')
    expect(told.shown).toEqual([])
  })

  it('frames come in their order, one after another, no larger and no faster than a page sends them', async () => {
    const { capture } = await open()
    await toMovement(capture)
    const { id } = await begin(capture)
    const first = jpeg()
    expect((await sendFrame(capture, id, 1)).json.code).toBe('WRONG_STEP')
    expect((await sendFrame(capture, id, 0, first)).status).toBe(200)
    // The answer was lost, the page sends again: taken once.
    expect((await sendFrame(capture, id, 0, jpeg())).status).toBe(200)
    expect((await sendFrame(capture, id, 1)).json.code).toBe('SLOW_DOWN')
    service.clock.advance(200)
    expect((await sendFrame(capture, id, 2)).json.code).toBe('WRONG_STEP')
    expect((await sendFrame(capture, id, 1, jpeg(250_000))).json.code).toBe('TOO_LARGE')
    expect((await sendFrame(capture, id, 1, Buffer.from('<svg/>'))).json.code).toBe('FILE_NOT_USABLE')
    expect((await capture('PUT', `/movement/${id}/frames/-1`, jpeg())).json.code).toBe('INVALID_INPUT')
    const sent = await Promise.all([sendFrame(capture, id, 1), sendFrame(capture, id, 1)])
    expect(sent.map(({ status }) => status)).toContain(200)
    const { rows } = await query(
      `select jsonb_array_length(frames) as count from verifier.challenges where id = '${id}'`,
    )
    expect(rows).toEqual([{ count: 2 }])
  })

  it('nobody picks the challenge that suits: one whose first movement was told is used up', async () => {
    const { capture } = await open()
    await toMovement(capture)
    // Not yet told anything: a camera that fails at once costs nothing.
    const { id } = await begin(capture)
    await sendFrame(capture, id, 0)
    for (const left of [3, 2, 1]) {
      const challenge = await begin(capture)
      expect((await capture('GET', '/session')).json.movement?.triesLeft).toBe(left)
      for (let number = 0; ; number += 1) {
        const { json } = await sendFrame(capture, challenge.id, number)
        if (json.challenge.step > 0) break
        service.clock.advance(EVERY_MS)
      }
    }
    expect((await capture('POST', '/movement', {})).json.code).toBe('WRONG_STEP')
    await untilEnded(capture)
  })

  it('of many challenges that are asked for at once one is open, and none without a try left', async () => {
    const { reference, capture } = await open()
    await toMovement(capture)
    const answers = await Promise.all(Array.from({ length: 20 }, () => capture<Challenge>('POST', '/movement', {})))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(12)
    expect(new Set(answers.flatMap(({ json }) => json.code ?? []))).toEqual(new Set(['SLOW_DOWN']))
    const { rows } = await query(`select id from verifier.challenges where session = '${reference}' and state = 'open'`)
    expect(rows).toHaveLength(1)
    const id = String(rows[0]?.id)
    await sendAll(capture, id)
    await query(`update verifier.sessions set liveness_tries = 3 where id = '${reference}'`)
    expect((await capture('POST', `/movement/${id}/judge`, {})).json.code).toBe('CHALLENGE_OVER')
    expect(told.shown).toEqual([])
  })

  it('a challenge that nobody finishes is swept with its pictures', async () => {
    const { reference, capture } = await open()
    await toMovement(capture)
    const { id } = await begin(capture)
    await sendFrame(capture, id, 0)
    expect(filesOf(reference)).toHaveLength(3)
    service.clock.advance(600_000)
    await service.verifier.sweep()
    expect(filesOf(reference).sort()).toEqual(['front', 'selfie'])
  })

  it('another selfie takes the pass away, from the page or by API, and a pass for the old one comes too late', async () => {
    const { reference, capture } = await open()
    await toMovement(capture)
    await passMovement(capture)
    expect((await capture('GET', '/session')).json.step).toBe('submit')
    await capture('PUT', '/pictures/selfie', jpeg())
    expect((await capture('GET', '/session')).json.step).toBe('movement')
    expect(filesOf(reference).sort()).toEqual(['front', 'selfie'])
    const { id } = await begin(capture)
    await sendAll(capture, id)
    await capture('PUT', '/pictures/selfie', jpeg())
    expect((await capture('POST', `/movement/${id}/judge`, {})).json.code).toBe('CHALLENGE_OVER')
  })

  it('a face put over the one that moved, by API, has never moved', async () => {
    const { platform, opened, execution, capture, details } = await openPlatform()
    await toMovement(capture)
    expect((await passMovement(capture)).passed).toBe(true)
    const selfie = opened.workflowExecution.credentials.find(({ category }) => category === 'SELFIE')
    const apiToken = selfie?.api?.token ?? ''
    await platform.uploadPart({ ...execution, credentialId: selfie?.id ?? '', apiToken }, 'FACE', {
      bytes: jpeg(),
      contentType: 'image/jpeg',
    })
    await platform.finalize({ ...execution, apiToken })
    await untilEnded(capture)
    const found = await details()
    expect(found.capabilities.liveness?.[0]).toMatchObject({
      decision: { type: 'NOT_EXECUTED', details: { label: 'PRECONDITION_NOT_FULFILLED' } },
      data: { type: 'NOT_ASSESSED' },
    })
    expect(found.decision?.type).toBe('WARNING')
    expect(outcomePlatform(found, { workflowKey: 10164, faceRequired: true }).outcome).toBe('review')
    expect(told.assessedWith[0]?.live).toBeUndefined()
  })

  it('pictures sent straight to the API never pass: nobody looked, and the result says so', async () => {
    const client = v4('required')
    const { jumioIdScanReference: reference } = await client.performNetverify({
      merchantIdScanReference: 'api',
      frontsideImage: jpeg().toString('base64'),
      faceImage: jpeg().toString('base64'),
      country: 'UTO',
      idType: 'PASSPORT',
      customerId: 'p',
      userConsent: { userIp: '203.0.113.9', userLocation: { country: 'AUT' } },
    })
    for (let tries = 0; tries < 1_000; tries += 1) {
      const data = await client.data(reference)
      service.clock.advance(500)
      if (data.transaction.status === 'PENDING') {
        await new Promise((resolve) => setTimeout(resolve, 50))
        continue
      }
      expect(data.verification?.identityVerification).toMatchObject({
        similarity: 'MATCH',
        validity: 'false',
        reason: 'LIVENESS_NOT_ASSESSED',
      })
      expect(outcomeV4(data, true).outcome).toBe('review')
      expect(told.shown).toEqual([])
      return
    }
    throw new Error('never done')
  })
})

describe('settings of a client', () => {
  it('offered: may be skipped, and then nobody claims that it was looked at', async () => {
    const { capture, data } = await open('offered')
    expect(await toMovement(capture)).toMatchObject({ step: 'movement', movement: { required: false } })
    expect((await capture('POST', '/movement/skip', {})).json.step).toBe('submit')
    await capture('POST', '/submit', {})
    await untilEnded(capture)
    expect((await data()).verification?.identityVerification).toMatchObject({
      validity: 'true',
      reason: 'LIVENESS_NOT_ASSESSED',
    })
  })

  it('off: there is no such step', async () => {
    const { capture } = await open('off')
    expect(await toMovement(capture)).toMatchObject({ step: 'submit', movement: null })
    expect((await capture('POST', '/movement', {})).status).toBe(409)
  })

  it('the other way without a selfie has no movements', async () => {
    const { capture } = await open()
    await toMovement(capture)
    expect((await capture('POST', '/alternative', {})).json).toMatchObject({ step: 'submit', movement: null })
  })
})
