import type { Assessment, RetakeCode } from '@veridoor/engine'
import { createV4Client, outcomeV4 } from '@veridoor/jumio'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { changeClient } from '../src/clients/clients.ts'
import { captureDevice } from './capture-device.ts'
import { jpeg, ofDocument, passed, startVerifier, type TestVerifier, until } from './test-verifier.ts'

/** Documents that the engine cannot judge: which are unsupported, which not readable, and which a person may look at. */
let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('verifier_unsupported')
})
afterAll(() => service?.stop())
beforeEach(async () => {
  service.told.assessment = passed
  await changeClient(service.deps.db, 'acme', { acceptedCountries: null, acceptedTypes: null })
  service.clock.advance(20_000)
})

const v4 = () =>
  createV4Client({ baseUrl: service.url, token: 'acme', secret: 'acme-secret', userAgent: 'Acme Test/1.0' })
const unread = (retake: RetakeCode[], change: Partial<Assessment['document']> = {}): Assessment => ({
  ...ofDocument({ kind: null, mrz: null, fields: {}, retake, ...change }),
  verdict: 'retake',
})
const licence = unread(['document_unsupported'], { kind: 'DRIVING_LICENSE' })

const perform = async (country: string, idType: 'PASSPORT' | 'ID_CARD' | 'DRIVING_LICENSE' | 'VISA', back = true) => {
  const picture = jpeg.toString('base64')
  const { jumioIdScanReference: reference } = await v4().performNetverify({
    merchantIdScanReference: 'case-api',
    frontsideImage: picture,
    ...(back ? { backsideImage: picture } : {}),
    faceImage: picture,
    country,
    idType,
    userConsent: { userIp: '203.0.113.9', userLocation: { country: 'AUT' } },
  })
  return until(async () => {
    service.clock.advance(200)
    const data = await v4().data(reference)
    return data.transaction.status === 'PENDING' ? undefined : data
  })
}

describe('by API', () => {
  it.each([
    ['a licence of Austria that the engine knows as one', 'AUT', 'DRIVING_LICENSE', licence, 'TYPE', 'DRIVING_LICENSE'],
    [
      'a licence of Austria whose picture is blurred',
      'AUT',
      'DRIVING_LICENSE',
      unread(['photo_blurry']),
      'TYPE',
      'DRIVING_LICENSE',
    ],
    ['a licence shown as an ID card', 'AUT', 'ID_CARD', licence, 'TYPE', 'DRIVING_LICENSE'],
    ['a passport of no country', 'QQQ', 'PASSPORT', unread(['data_unreadable']), 'COUNTRY', 'PASSPORT'],
    ['a visa that was not read', 'AUT', 'VISA', unread(['data_unreadable']), 'TYPE', 'UNSUPPORTED'],
    ['a visa that was read', 'AUT', 'PASSPORT', ofDocument({ kind: 'VISA' }), 'TYPE', 'UNSUPPORTED'],
  ] as const)('%s is unsupported', async (_name, country, type, assessment, what, told) => {
    service.told.assessment = assessment
    const data = await perform(country, type)
    expect(data.document).toMatchObject({ status: `DENIED_UNSUPPORTED_ID_${what}`, type: told })
    // No data and no reason beside these (section 3.7); another document may do.
    expect([data.verification, data.document.lastName]).toEqual([undefined, undefined])
    expect(outcomeV4(data, true).outcome).toBe('retry')
  })

  it('what the client does not take is unsupported, too, and never asked to be sharper', async () => {
    await changeClient(service.deps.db, 'acme', { acceptedCountries: ['AUT'], acceptedTypes: ['PASSPORT'] })
    service.told.assessment = unread(['photo_blurry'])
    expect((await perform('DEU', 'PASSPORT')).document.status).toBe('DENIED_UNSUPPORTED_ID_COUNTRY')
    expect((await perform('AUT', 'ID_CARD')).document.status).toBe('DENIED_UNSUPPORTED_ID_TYPE')
    expect((await perform('AUT', 'PASSPORT')).document.status).toBe('ERROR_NOT_READABLE_ID')
  })

  it('a licence of the United States whose code was not read is not readable: its kind is read here', async () => {
    service.told.assessment = unread(['data_unreadable'], { retakeSide: 'back' })
    const data = await perform('USA', 'DRIVING_LICENSE')
    expect(data.document.status).toBe('ERROR_NOT_READABLE_ID')
    expect(data.verification?.rejectReason?.rejectReasonDetails).toMatchObject([{ detailsCode: '2007' }])
  })

  it.each([
    ['without its back', 'back', '206', 'MISSING_BACK'],
    ['of which the back came as the front', 'front', '214', 'MISSING_FRONT'],
  ] as const)('a licence %s is told which side is missing', async (_name, retakeSide, code, description) => {
    service.told.assessment = unread(['side_missing'], { retakeSide })
    const data = await perform('USA', 'DRIVING_LICENSE', false)
    expect(data.verification?.rejectReason).toMatchObject({
      rejectReasonCode: code,
      rejectReasonDescription: description,
    })
    expect(outcomeV4(data, true)).toMatchObject({ outcome: 'retry', reasons: ['side_missing'] })
  })

  it('a document that turns out to be another one is judged as what it is', async () => {
    expect((await perform('AUT', 'DRIVING_LICENSE')).document).toMatchObject({
      status: 'APPROVED_VERIFIED',
      type: 'PASSPORT',
    })
  })
})

describe('a card that stays unreadable', () => {
  it.each([
    ['in good pictures goes to a person', 'ID_CARD', unread(['data_unreadable']), 'review', '300'],
    [
      'without a portrait is not readable',
      'ID_CARD',
      unread(['data_unreadable'], { portraitWidth: null }),
      'retry',
      '200',
    ],
    ['in blurred pictures is not readable', 'ID_CARD', unread(['photo_blurry']), 'retry', '200'],
    ['in glare besides is not readable', 'ID_CARD', unread(['photo_glare', 'data_unreadable']), 'retry', '200'],
    ['as no document is none', 'ID_CARD', unread(['no_document']), 'retry', '201'],
    ['and is a passport, which has a zone, is not readable', 'PASSPORT', unread(['data_unreadable']), 'retry', '200'],
  ] as const)('%s', async (_name, type, assessment, outcome, code) => {
    service.told.assessment = assessment
    const judged = outcomeV4(await perform('AUT', type), true)
    expect([judged.outcome, judged.codes[0]]).toEqual([outcome, code])
  })

  it.each([
    [
      'another person’s',
      { ...unread(['data_unreadable']), face: { verdict: 'no_match', cosine: 0.8, similarity: 0.1 } },
      'NO_MATCH',
    ],
    [
      'the one that the card shows',
      unread(['data_unreadable'], { signals: ['portrait_equals_selfie'] }),
      'SELFIE_CROPPED_FROM_ID',
    ],
  ] as const)(
    'beside a face that is %s is refused: nobody is better off by covering a zone',
    async (_name, told, why) => {
      service.told.assessment = told
      const data = await perform('AUT', 'ID_CARD')
      expect(outcomeV4(data, true).outcome).toBe('rejected')
      expect(Object.values(data.verification?.identityVerification ?? {})).toContain(why)
      expect(data.document).toMatchObject({ type: 'ID_CARD', issuingCountry: 'AUT', lastName: 'N/A', number: 'N/A' })
      expect(data.verification?.signals).toEqual(['unread_print'])
    },
  )

  it('by API without its back is a side that is missing', async () => {
    service.told.assessment = unread(['data_unreadable'])
    expect(outcomeV4(await perform('AUT', 'ID_CARD', false), true)).toMatchObject({ codes: ['206'] })
  })
})

describe('on the capture page', () => {
  const begin = async (country: string, type: string) => {
    const { transactionReference: reference, redirectUrl } = await v4().initiate({
      customerInternalReference: 'case-1',
      userReference: 'person-1',
      workflowId: 100,
    })
    const device = captureDevice(service.url)
    await device.open(new URL(redirectUrl).searchParams.get('authorizationToken') ?? '')
    await device.call('POST', '/consent', {})
    await device.call('PUT', '/choice', { country, type })
    const headers = await device.headers('')
    const sendPart = (part: string) =>
      fetch(`${service.url}/capture/api/pictures/${part}`, {
        method: 'PUT',
        headers: { ...headers, 'content-type': 'image/jpeg' },
        body: new Uint8Array(jpeg),
      })
    const sendAll = async () => {
      for (const part of type === 'PASSPORT' ? ['front'] : ['front', 'back']) await sendPart(part)
      await device.call('POST', '/submit', {})
      return until(async () => {
        const { json } = await device.call('GET', '/session')
        return json.step === 'retake' || json.step === 'ended' ? json : undefined
      })
    }
    return { reference, device, sendPart, sendAll }
  }

  it.each([
    ['a licence', licence],
    ['a visa', ofDocument({ kind: 'VISA' })],
  ])(
    '%s is told while there are tries, another document may be chosen, and the third time it is unsupported',
    async (_name, shown) => {
      service.told.assessment = shown
      const { reference, device, sendAll } = await begin('AUT', 'ID_CARD')
      for (let tries = 0; tries < 2; tries += 1)
        expect((await sendAll()).retake).toEqual({ side: 'front', code: 'document_unsupported' })
      expect((await sendAll()).ended.how).toBe('three_tries_used')
      expect((await v4().data(reference)).document.status).toBe('DENIED_UNSUPPORTED_ID_TYPE')
      expect((await device.call('GET', '/session')).json.step).toBe('ended')

      const other = await begin('AUT', 'ID_CARD')
      await other.sendAll()
      service.told.assessment = passed
      await other.device.call('PUT', '/choice', { country: 'AUT', type: 'PASSPORT' })
      expect((await other.sendAll()).ended.how).toBe('submitted')
      expect((await v4().data(other.reference)).document).toMatchObject({
        status: 'APPROVED_VERIFIED',
        type: 'PASSPORT',
      })
    },
  )

  it('another card after a refused one has pictures of its own, of both sides, and its old refusal is gone', async () => {
    service.told.assessment = licence
    const { reference, device, sendAll } = await begin('AUT', 'ID_CARD')
    await sendAll()
    expect(await service.deps.pictures.kept(reference)).toEqual(expect.arrayContaining(['front', 'back']))
    const { json } = await device.call('PUT', '/choice', { country: 'AUT', type: 'ID_CARD' })
    const missing = { state: 'missing', code: null }
    expect(json).toMatchObject({ step: 'front', retake: null, sides: { front: missing, back: missing } })
    expect(await service.deps.pictures.kept(reference)).toEqual([])
    service.told.assessment = passed
    expect((await sendAll()).ended.how).toBe('submitted')
  })

  it('what is chosen again without a refusal keeps its pictures', async () => {
    const { device, sendPart } = await begin('AUT', 'ID_CARD')
    await sendPart('front')
    expect((await device.call('PUT', '/choice', { country: 'AUT', type: 'ID_CARD' })).json.step).toBe('back')
    expect((await device.call('PUT', '/choice', { country: 'DEU', type: 'ID_CARD' })).json.step).toBe('front')
  })

  it('a card in good pictures has three tries, then a person looks', async () => {
    service.told.assessment = unread(['data_unreadable'])
    const { reference, sendAll } = await begin('AUT', 'ID_CARD')
    for (let tries = 0; tries < 2; tries += 1) expect((await sendAll()).retake.code).toBe('data_unreadable')
    await sendAll()
    expect(outcomeV4(await v4().data(reference), false).outcome).toBe('review')
  })
})
