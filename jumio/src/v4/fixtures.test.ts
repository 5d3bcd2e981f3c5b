import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { JumioError } from '../errors.ts'
import { checkInitiate, checkPerform } from './client.ts'
import {
  DataResponse,
  DocumentResponse,
  ErrorBody,
  IdTypesResponse,
  ImagesResponse,
  InitiateRequest,
  InitiateResponse,
  outcomeV4,
  PerformResponse,
  readBrowserMessage,
  readV4Callback,
  readV4Redirect,
  StatusResponse,
  TransactionResponse,
  VerificationResponse,
} from './index.ts'

const read = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/${file}`, import.meta.url)), 'utf8')
type Entry = { file: string; generation: string; kind: string; expected?: string; decodedTwin?: string }
const entries = (JSON.parse(read('index.json')) as { fixtures: Entry[] }).fixtures.filter(
  (entry) => entry.generation === 'v4',
)

describe('every v4 fixture with an expected outcome', () => {
  const judged = entries.filter(
    (entry) => entry.expected && /^(approved|rejected|retry|expired|review|pending)$/.test(entry.expected),
  )

  it('has outcomes to judge', () => {
    expect(judged.length).toBeGreaterThan(15)
  })

  for (const entry of judged)
    it(`${entry.file} is ${entry.expected}`, () => {
      if (entry.file.endsWith('.form')) {
        const callback = readV4Callback(read(entry.file).trim())
        expect(callback).not.toBeNull()
        if (callback) expect(outcomeV4(callback.data, true).outcome).toBe(entry.expected)
        return
      }
      const body = JSON.parse(read(entry.file)) as Record<string, unknown>
      if (entry.file.includes('retrieval-status')) {
        const status = StatusResponse.parse(body)
        const expected = status.status === 'PENDING' ? 'pending' : status.status === 'FAILED' ? 'expired' : 'fetch data'
        expect(expected).toBe(entry.expected)
        return
      }
      expect(outcomeV4(DataResponse.parse(body), true).outcome).toBe(entry.expected)
    })
})

describe('the wire', () => {
  it('reads initiate requests and answers', () => {
    expect(checkInitiate(JSON.parse(read('v4/initiate-request.json')), false).workflowId).toBe(200)
    expect(InitiateRequest.parse(JSON.parse(read('v4/initiate-request-minimal.json'))).userReference).toBe(
      'subject-0001',
    )
    expect(InitiateResponse.parse(JSON.parse(read('v4/initiate-response.json'))).transactionReference).toHaveLength(36)
  })

  it('names every field that breaks a documented rule before anything is sent', () => {
    try {
      checkInitiate(JSON.parse(read('v4/initiate-request-invalid.json')), false)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(JumioError)
      const fields = (error as JumioError).fields.map((field) => field.split('.')[0])
      for (const field of [
        'customerInternalReference',
        'successUrl',
        'errorUrl',
        'callbackUrl',
        'workflowId',
        'presets',
        'tokenLifetimeInMinutes',
      ])
        expect(fields).toContain(field)
    }
  })

  it('reads a list of pictures and a single one alike', () => {
    expect(ImagesResponse.parse(JSON.parse(read('v4/retrieval-images.json'))).images.length).toBeGreaterThan(1)
    expect(ImagesResponse.parse(JSON.parse(read('v4/retrieval-images-single.json'))).images).toHaveLength(1)
  })

  it('reads both document lists', () => {
    expect(
      IdTypesResponse.parse(JSON.parse(read('v4/accepted-id-types.json'))).acceptedIdTypes?.length,
    ).toBeGreaterThan(0)
    expect(
      IdTypesResponse.parse(JSON.parse(read('v4/supported-id-types.json'))).supportedIdTypes?.length,
    ).toBeGreaterThan(0)
  })

  it('reads redirect parameters as hints only', () => {
    const redirects = JSON.parse(read('v4/redirects.json')) as Record<string, string>
    expect(readV4Redirect(new URL(redirects.success ?? '').searchParams).status).toBe('SUCCESS')
    expect(readV4Redirect(new URL(redirects.error ?? '').searchParams).errorCode).toBe('9835')
  })

  it('gives the same person from a callback as from its decoded twin', () => {
    for (const entry of entries.filter((candidate) => candidate.decodedTwin)) {
      const twin = JSON.parse(read(entry.decodedTwin ?? '')) as Record<string, string>
      const callback = readV4Callback(read(entry.file).trim())
      expect(callback?.reference).toBe(twin.jumioIdScanReference)
      expect(callback?.data.document.status).toBe(twin.verificationStatus)
    }
  })

  it('reads the parts of a result as their own resources', () => {
    const part = (name: string): unknown => JSON.parse(read(`v4/retrieval-${name}.json`))
    expect(DocumentResponse.parse(part('document')).status).toBe('APPROVED_VERIFIED')
    expect(TransactionResponse.parse(part('transaction')).status).toBe('DONE')
    expect(VerificationResponse.parse(part('verification')).identityVerification?.similarity).toBe('MATCH')
  })

  it('reads the API channel’s request and answer', () => {
    expect(checkPerform(JSON.parse(read('v4/perform-netverify-request.json')), false).country).toBe('AUT')
    const answer = PerformResponse.parse(JSON.parse(read('v4/perform-netverify-response.json')))
    expect(answer.jumioIdScanReference).toHaveLength(36)
  })

  it('reads error bodies, whose status is text', () => {
    for (const status of ['400', '401', '403', '404', '429'])
      expect(ErrorBody.parse(JSON.parse(read(`v4/error-${status}.json`))).httpStatus).toBe(status)
  })

  it('reads messages of its page, and no other script’s', () => {
    expect(readBrowserMessage(read('v4/postmessage-success.json'))).toMatchObject({ event: 'success' })
    for (const other of [undefined, 42, '', 'hello', '{"eventType":1}', { eventType: 510 }])
      expect(readBrowserMessage(other)).toBeNull()
  })

  it('reads every field of a callback, JSON inside values and single things as lists included', () => {
    const fields = (form: string) => readV4Callback(`jumioIdScanReference=r&${form}`)?.fields ?? {}
    expect(fields('idAddress=%7B%22city%22%3A%22X%22%7D').idAddress).toEqual({ city: 'X' })
    expect(fields('dlCategories=%7B%22category%22%3A%22B%22%7D').dlCategories).toEqual([{ category: 'B' }])
    expect(fields('placeOfBirth=New+York%20City').placeOfBirth).toBe('New York City')
    expect(fields('curp=N/A')).not.toHaveProperty('curp')
    expect(fields('identityVerification=%7Bbroken')).not.toHaveProperty('identityVerification')
  })
})
