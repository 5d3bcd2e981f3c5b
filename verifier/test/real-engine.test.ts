import { createEnginePool } from '@veridoor/engine'
import {
  pdfOf,
  photographed,
  renderLicenceBack,
  renderLicenceFront,
  renderPassport,
  type Shot,
} from '@veridoor/engine/specimen'
import {
  createPlatformClient,
  createTokenCache,
  createV4Client,
  extractionOf,
  hostsOfBase,
  outcomeV4,
} from '@veridoor/jumio'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { captureDevice } from './capture-device.ts'
import { startVerifier, type TestVerifier } from './test-verifier.ts'

/** The verifier with its real engine: files as strangers send them, PDFs, and driving licences on both wires. */
let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('verifier_real', { engine: createEnginePool({ workers: 1, timeoutMs: 100_000 }) })
})
afterAll(() => service?.stop())
beforeEach(() => service.clock.advance(20_000))

const v4 = () =>
  createV4Client({ baseUrl: service.url, token: 'acme', secret: 'acme-secret', userAgent: 'Acme Test/1.0' })

/** A document without a face, on the capture page's way. */
const open = async (country: string, type: string) => {
  const { transactionReference: reference, redirectUrl } = await v4().initiate({
    customerInternalReference: 'case-1',
    userReference: 'person-1',
    workflowId: 100,
  })
  const token = new URL(redirectUrl).searchParams.get('authorizationToken') ?? ''
  const device = captureDevice(service.url)
  const call = async (method: string, path: string, body?: unknown, contentType = 'image/jpeg') => {
    const isFile = body instanceof Uint8Array
    const answer = await fetch(`${service.url}/capture/api${path}`, {
      method,
      headers: {
        ...(await device.headers(token)),
        ...(body === undefined ? {} : { 'content-type': isFile ? contentType : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isFile ? new Uint8Array(body) : JSON.stringify(body) }),
    })
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
  }
  await call('POST', '/consent', {})
  await call('PUT', '/choice', { country, type })
  const step = async () => (await call('GET', '/session')).json.step
  const submit = async () => {
    await call('POST', '/submit', {})
    for (let tries = 0; tries < 600; tries += 1) {
      const now = await step()
      if (now !== 'checking') return now
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    throw new Error('never judged')
  }
  return { reference, call, step, submit }
}

const passport = async (shot: Shot = {}) =>
  photographed(
    await renderPassport({
      surname: 'Lovelace',
      givenNames: 'Ada',
      number: 'L898902C3',
      dateOfBirth: '1990-12-10',
      expiry: '2031-04-15',
      sex: 'F',
    }),
    { width: 1300, seed: 3, ...shot },
  )
const driver = {
  surname: 'Lovelace',
  givenNames: 'Ada Byron',
  number: 'T64235789',
  dateOfBirth: '1990-12-10',
  expiry: '2031-04-15',
  sex: 'F',
  jurisdiction: { issuer: '636000', country: 'USA', state: 'VA', name: 'Virginia' },
} as const
const front = async () => photographed(await renderLicenceFront(driver), { width: 1200, turn: 3, seed: 4 })
const back = async () => photographed(await renderLicenceBack(driver), { width: 1200, turn: -6, seed: 5 })

describe('specimens in a demonstration', () => {
  const order = {
    surname: 'Gómez',
    givenNames: 'Maria',
    number: 'S99999999',
    dateOfBirth: '1990-12-10',
    expiry: '2031-04-15',
    sex: 'F',
  }
  it('are of the kind that was chosen, with the sides that it has', async () => {
    const portrait = Buffer.from(await photographed(await renderLicenceFront(driver), { width: 300 })).toString(
      'base64',
    )
    const sides = { PASSPORT: ['front'], ID_CARD: ['front', 'back'], DRIVING_LICENSE: ['front', 'back'] }
    for (const [type, expected] of Object.entries(sides)) {
      const { call } = await open('UTO', type)
      const { status, json } = await call('POST', '/specimen', { ...order, portrait })
      expect(status, type).toBe(200)
      const made = Object.entries(json).filter(([, text]) => text !== null)
      expect(
        made.map(([side]) => side),
        type,
      ).toEqual(expected)
      for (const [, text] of made)
        expect(Buffer.from(String(text), 'base64').subarray(1, 4).toString(), type).toBe('PNG')
    }
  })
  it('cannot have a number that the kind does not carry', async () => {
    const number = 'S9999999999'
    const { call } = await open('UTO', 'PASSPORT')
    expect((await call('POST', '/specimen', { ...order, number, portrait: 'AAAA' })).status).toBe(422)
  })
})

describe('hostile files', () => {
  it('are refused one after the other, and the check goes on with an honest photo', async () => {
    const { call, step } = await open('UTO', 'PASSPORT')
    const photo = await passport()
    const files: [file: Uint8Array, type: string][] = [
      [Buffer.alloc(0), 'image/jpeg'],
      [Buffer.from('<!doctype html><script>alert(1)</script>'), 'image/jpeg'],
      [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"/>'), 'image/png'],
      [Buffer.from('GIF89a/*\x00\x00*/=1;alert(1)//'), 'image/gif'],
      [Buffer.from('PK\x03\x04\x14\x00'), 'image/webp'],
      [photo.subarray(0, 4000), 'image/jpeg'],
      [Buffer.from('89504e470d0a1a0a0000000d494844520000c3500000c35008020000008d2a5b2a', 'hex'), 'image/png'],
    ]
    for (const [file, type] of files) {
      const { status, json } = await call('PUT', '/pictures/front', file, type)
      expect([status, json.code, json.title]).toEqual([422, 'FILE_NOT_USABLE', 'We cannot open this file.'])
    }
    expect(await step()).toBe('front')
    // What it is called does not matter, only what it is.
    const named = await call('PUT', '/pictures/front', photo, 'text/html')
    expect([named.status, named.json.accepted], JSON.stringify(named.json)).toEqual([200, true])
  })
})

describe('a PDF', () => {
  it('of a passport is verified by its first page, and kept as a picture', async () => {
    const { reference, call, submit } = await open('UTO', 'PASSPORT')
    const jpeg = await passport()
    const file = pdfOf({ jpeg, width: 1456, height: 1071 }, { pages: 1 })
    expect((await call('PUT', '/pictures/front', file, 'application/pdf')).json.accepted).toBe(true)
    expect(await submit()).toBe('ended')
    const data = await v4().data(reference)
    expect(data.document).toMatchObject({
      status: 'APPROVED_VERIFIED',
      type: 'PASSPORT',
      number: 'L898902C3',
      lastName: 'LOVELACE',
    })
    const picture = await fetch(`${service.url}/api/netverify/v2/scans/${reference}/images/front`, {
      headers: {
        authorization: `Basic ${Buffer.from('acme:acme-secret').toString('base64')}`,
        'user-agent': 'Acme Test/1.0',
      },
    })
    expect(picture.headers.get('content-type')).toBe('image/jpeg')
    expect([...new Uint8Array(await picture.arrayBuffer()).subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff])
  })

  it('that is locked or broken says so, and is no selfie', async () => {
    const { call } = await open('UTO', 'PASSPORT')
    const picture = { jpeg: await passport(), width: 1456, height: 1071 }
    const locked = await call('PUT', '/pictures/front', pdfOf(picture, { locked: true }), 'application/pdf')
    expect(locked.json).toMatchObject({ accepted: false, code: 'pdf_locked' })
    const broken = await call('PUT', '/pictures/front', Buffer.from('%PDF-1.7 and no more'), 'application/pdf')
    expect(broken.json).toMatchObject({ accepted: false, code: 'pdf_damaged' })
    expect((await call('PUT', '/pictures/selfie', pdfOf(picture), 'application/pdf')).status).toBe(422)
  })

  it('is not taken by API, where the wire knows JPEG and PNG only', async () => {
    const file = pdfOf({ jpeg: await passport(), width: 1456, height: 1071 })
    await expect(
      v4().performNetverify({
        merchantIdScanReference: 'case-pdf',
        frontsideImage: file.toString('base64'),
        country: 'UTO',
        idType: 'PASSPORT',
        enabledFields: 'idNumber',
      }),
    ).rejects.toThrow()
  })
})

describe('a passport on a screen', () => {
  it('goes to a person, with the sign beside the reason', async () => {
    const { reference, call, submit } = await open('UTO', 'PASSPORT')
    const photo = await passport({ blur: 0.4, screen: { pixels: 640, layout: 'stripes' } })
    await call('PUT', '/pictures/front', photo)
    expect(await submit()).toBe('ended')
    const data = await v4().data(reference)
    expect(data.document.number).toBeUndefined()
    expect(outcomeV4(data, false)).toMatchObject({ outcome: 'review', codes: ['300', 'signal:screen_pattern'] })
  })
})

const read = {
  type: 'DRIVING_LICENSE',
  issuingCountry: 'USA',
  firstName: 'ADA BYRON',
  lastName: 'LOVELACE',
}

describe('an American driving licence', () => {
  it('is asked for from both sides on the page, and told on Netverify v4', async () => {
    const { reference, call, step, submit } = await open('USA', 'DRIVING_LICENSE')
    expect(await step()).toBe('front')
    await call('PUT', '/pictures/front', await front())
    expect(await step()).toBe('back')
    await call('PUT', '/pictures/back', await back())
    expect(await step()).toBe('submit')
    expect(await submit()).toBe('ended')
    const data = await v4().data(reference)
    expect(data.document).toMatchObject({
      ...read,
      status: 'APPROVED_VERIFIED',
      number: 'T64235789',
      dob: '1990-12-10',
      expiry: '2031-04-15',
      usState: 'VA',
    })
    expect(outcomeV4(data, false).outcome).toBe('approved')
  })

  it('whose code cannot be read is asked for again from behind', async () => {
    const { call, submit } = await open('USA', 'DRIVING_LICENSE')
    await call('PUT', '/pictures/front', await front())
    await call('PUT', '/pictures/back', await front())
    expect(await submit()).toBe('retake')
    expect((await call('GET', '/session')).json.retake).toMatchObject({ side: 'back', code: 'data_unreadable' })
  })

  it('sent by API is told on the Platform', async () => {
    const platform = createPlatformClient({
      hosts: hostsOfBase(service.url),
      token: 'acme',
      secret: 'acme-secret',
      userAgent: 'Acme Test/1.0',
      tokens: createTokenCache(() => service.clock.now().getTime()),
    })
    const opened = await platform.createAccount({
      customerInternalReference: 'case-1',
      userReference: 'person-1',
      workflowDefinition: {
        key: 2,
        credentials: [{ category: 'ID', country: { values: ['USA'] }, type: { values: ['DRIVING_LICENSE'] } }],
      },
    })
    const [id] = opened.workflowExecution.credentials
    const apiToken = id?.api?.token ?? ''
    const execution = { accountId: opened.account.id, workflowExecutionId: opened.workflowExecution.id }
    for (const [part, picture] of [
      ['FRONT', await front()],
      ['BACK', await back()],
    ] as const)
      await platform.uploadPart({ ...execution, credentialId: id?.id ?? '', apiToken }, part, {
        bytes: picture,
        contentType: 'image/jpeg',
      })
    await platform.finalize({ ...execution, apiToken })
    for (let tries = 0; tries < 400; tries += 1) {
      const details = await platform.details(execution)
      if (details.workflow.status === 'PROCESSED') {
        expect(extractionOf(details)).toMatchObject({
          ...read,
          documentNumber: 'T64235789',
          dateOfBirth: '1990-12-10',
          expiryDate: '2031-04-15',
        })
        return
      }
      service.clock.advance(100)
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    throw new Error('never processed')
  })
})
