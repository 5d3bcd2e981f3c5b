import { randomBytes } from 'node:crypto'
import type { Assessment } from '@veridoor/engine'
import {
  createPlatformClient,
  createTokenCache,
  createV4Client,
  extractionOf,
  hostsOfBase,
  outcomePlatform,
  outcomeV4,
} from '@veridoor/jumio'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { captureDevice } from './capture-device.ts'
import { engineOf, field, jpegWith, ofDocument, startVerifier, type TestVerifier, until } from './test-verifier.ts'

/** An ID card of Austria as the engine says it: the zone on the back, the print of the front beside it. */
const card: Assessment = ofDocument({
  kind: 'ID_CARD',
  mrz: {
    format: 'TD1',
    lines: [],
    checkDigits: {},
    checkDigitsValid: true,
    agreed: true,
    minConfidence: 0.99,
  },
  fields: {
    issuingCountry: field('AUT'),
    lastName: { ...field('LOVELACE'), side: 'back', shownOn: 'front' },
    firstName: field('ADA'),
    number: field('L89890213734'),
    dateOfBirth: field('1990-12-10'),
    expiry: field('2031-04-15'),
    nationality: field('AUT'),
    sex: field('F'),
  },
})
const picture = (name: string): Buffer => jpegWith(Buffer.from(name), randomBytes(99))
const pictures = { front: picture('front'), back: picture('back'), selfie: picture('selfie') }

/** What the engine was shown at the last assessment, and what it says. */
const told: { assessment: Assessment; shown: { front?: Uint8Array[]; back?: Uint8Array[] } } = {
  assessment: card,
  shown: {},
}
const engine = engineOf(async (name, input) => {
  if (name !== 'assess') return []
  told.shown = input as typeof told.shown
  return told.assessment
})

let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('id_card', { engine })
})
afterAll(() => service?.stop())
beforeEach(() => {
  told.assessment = card
  told.shown = {}
  service.clock.advance(20_000)
})

const keys = { token: 'acme', secret: 'acme-secret', userAgent: 'Acme Test/1.0' }
const v4 = () => createV4Client({ baseUrl: service.url, ...keys })

/** Somebody who agreed and chose; what they send is theirs to say. */
const begin = async (type: 'ID_CARD' | 'PASSPORT') => {
  const started = await v4().initiate({
    customerInternalReference: 'case-1',
    userReference: 'person-1',
    workflowId: 200,
    successUrl: 'http://127.0.0.1/ok',
    errorUrl: 'http://127.0.0.1/no',
    callbackUrl: service.callbackUrl,
  })
  const device = captureDevice(service.url)
  await device.open(new URL(started.redirectUrl).searchParams.get('authorizationToken') ?? '')
  await device.call('POST', '/consent', {})
  await device.call('PUT', '/choice', { country: 'AUT', type })
  const headers = await device.headers('')
  const send = async (part: keyof typeof pictures) => {
    const answer = await fetch(`${service.url}/capture/api/pictures/${part}`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'image/jpeg' },
      body: new Uint8Array(pictures[part]),
    })
    return { status: answer.status, json: (await answer.json()) as { session: { step: string } } }
  }
  const untilStep = (wanted: string) =>
    until(async () => {
      const { json } = await device.call('GET', '/session')
      return json.step === wanted ? json : undefined
    })
  return { reference: started.transactionReference, device, send, untilStep }
}

describe('an ID card on the capture page', () => {
  it('is asked for from both sides, judged by both, and named in the result with its whole number', async () => {
    const { reference, device, send, untilStep } = await begin('ID_CARD')
    expect((await send('front')).json.session.step).toBe('back')
    expect((await device.call('POST', '/submit', {})).status).toBe(409)
    expect((await send('back')).json.session.step).toBe('selfie')
    await send('selfie')
    await device.call('POST', '/submit', {})
    await untilStep('ended')
    expect(Buffer.from(told.shown.front?.[0] ?? []).equals(pictures.front)).toBe(true)
    expect(Buffer.from(told.shown.back?.[0] ?? []).equals(pictures.back)).toBe(true)
    const data = await v4().data(reference)
    expect(outcomeV4(data, true).outcome).toBe('approved')
    expect(data.document).toMatchObject({ type: 'ID_CARD', issuingCountry: 'AUT', number: 'L89890213734' })
    const { images } = await v4().images(reference)
    expect(images.map(({ classifier }) => classifier)).toEqual(['front', 'back', 'face'])
  })

  it('whose back cannot be read is asked for its back again, and keeps its front', async () => {
    told.assessment = {
      ...ofDocument({ ...card.document, retake: ['photo_glare'], retakeSide: 'back' }),
      verdict: 'retake',
    }
    const { device, send, untilStep } = await begin('ID_CARD')
    await send('front')
    await send('back')
    await send('selfie')
    await device.call('POST', '/submit', {})
    const session = await untilStep('retake')
    expect(session.retake).toEqual({ side: 'back', code: 'photo_glare' })
    expect(session.sides.front.state).toBe('accepted')
    told.assessment = card
    await send('back')
    await device.call('POST', '/submit', {})
    await untilStep('ended')
  })

  it.each(['sides_disagree', 'no_mrz', 'unknown_document_code'] as const)(
    'of which the engine says %s goes to a person and is never approved',
    async (signal) => {
      told.assessment = { ...ofDocument({ ...card.document, signals: [signal] }), verdict: 'review' }
      const { reference, device, send, untilStep } = await begin('ID_CARD')
      await send('front')
      await send('back')
      await send('selfie')
      await device.call('POST', '/submit', {})
      await untilStep('ended')
      const data = await v4().data(reference)
      expect(outcomeV4(data, true).outcome).toBe('review')
      expect(data.document).toMatchObject({ type: 'ID_CARD' })
      expect(data.document.number).toBeUndefined()
    },
  )

  it('is what takes a back: a passport has none', async () => {
    const { send } = await begin('PASSPORT')
    expect((await send('front')).json.session.step).toBe('selfie')
    expect((await send('back')).status).toBe(409)
  })

  it('that was chosen first and then left for a passport is judged without its back', async () => {
    const { device, send, untilStep } = await begin('ID_CARD')
    await send('front')
    await send('back')
    await device.call('PUT', '/choice', { country: 'AUT', type: 'PASSPORT' })
    await send('front')
    await send('selfie')
    await device.call('POST', '/submit', {})
    await untilStep('ended')
    expect(told.shown.back).toBeUndefined()
  })
})

describe('an ID card by API', () => {
  const perform = async (change: Record<string, unknown> = {}) => {
    const { jumioIdScanReference: reference } = await v4().performNetverify({
      merchantIdScanReference: 'case-api',
      frontsideImage: pictures.front.toString('base64'),
      backsideImage: pictures.back.toString('base64'),
      faceImage: pictures.selfie.toString('base64'),
      country: 'AUT',
      idType: 'ID_CARD',
      customerId: 'person-1',
      userConsent: { userIp: '203.0.113.9', userLocation: { country: 'AUT' } },
      ...change,
    })
    return until(async () => {
      const data = await v4().data(reference)
      service.clock.advance(200)
      return data.transaction.status === 'PENDING' ? undefined : data
    })
  }

  it('is judged by both sides', async () => {
    const data = await perform()
    expect(Buffer.from(told.shown.back?.[0] ?? []).equals(pictures.back)).toBe(true)
    expect(outcomeV4(data, true).outcome).toBe('approved')
    expect(data.document).toMatchObject({ type: 'ID_CARD', number: 'L89890213734' })
  })

  it('without its back, where the zone would be, is a side that is missing', async () => {
    told.assessment = { ...ofDocument({ ...card.document, signals: ['no_mrz'] }), verdict: 'review' }
    const data = await perform({ backsideImage: undefined })
    expect(outcomeV4(data, true)).toMatchObject({ outcome: 'retry', reasons: ['side_missing'] })
  })

  it('of the Platform takes FRONT and BACK, and names type, country and number in its extraction', async () => {
    const client = createPlatformClient({
      hosts: hostsOfBase(service.url),
      ...keys,
      tokens: createTokenCache(() => service.clock.now().getTime()),
    })
    const opened = await client.createAccount({
      customerInternalReference: 'case-2',
      userReference: 'person-2',
      workflowDefinition: { key: 10164 },
      callbackUrl: service.callbackUrl,
      userConsent: { userIp: '203.0.113.9', userLocation: { country: 'AUT' } },
    })
    const execution = { accountId: opened.account.id, workflowExecutionId: opened.workflowExecution.id }
    const [id, selfie] = opened.workflowExecution.credentials
    if (!id || !selfie) throw new Error('credentials are missing')
    const apiToken = id.api?.token ?? ''
    const upload = (credentialId: string, classifier: 'FRONT' | 'BACK' | 'FACE', bytes: Buffer) =>
      client.uploadPart({ ...execution, credentialId, apiToken }, classifier, { bytes, contentType: 'image/jpeg' })
    await upload(id.id, 'FRONT', pictures.front)
    await upload(id.id, 'BACK', pictures.back)
    await upload(selfie.id, 'FACE', pictures.selfie)
    await client.finalize({ ...execution, apiToken })
    const details = await until(async () => {
      service.clock.advance(100)
      const found = await client.details(execution)
      return found.workflow.status === 'PROCESSED' ? found : undefined
    })
    expect(Buffer.from(told.shown.back?.[0] ?? []).equals(pictures.back)).toBe(true)
    expect(outcomePlatform(details, { workflowKey: 10164, faceRequired: true })).toMatchObject({ outcome: 'approved' })
    expect(extractionOf(details)).toMatchObject({
      type: 'ID_CARD',
      issuingCountry: 'AUT',
      documentNumber: 'L89890213734',
    })
    expect(details.credentials[0]?.parts?.map(({ classifier }) => classifier)).toEqual(['FRONT', 'BACK'])
  })
})
