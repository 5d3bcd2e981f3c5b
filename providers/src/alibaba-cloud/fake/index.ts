import { randomUUID } from 'node:crypto'
import { type FakeAnswer, type FakeApi, type StartedFake, startFake } from '../../conformance/fake-server.ts'
import type { Scenario } from '../../conformance/service.ts'
import { claimOfKit } from '../../conformance/subject.ts'
import { sign } from '../sign.ts'

const id = 'FakeAccessKeyId01'
const secret = 'Canary-Secret-Alibaba'

const error = (status: number, code: string): FakeAnswer => ({
  status,
  body: { RequestId: randomUUID(), HostId: 'fake', Code: code, Message: `refused ${claimOfKit.realName}` },
})

const bizCodes: Partial<Record<Scenario, unknown>> = { approve: '1', reject: '2', retry: 3, unknown_verdict: '7' }

/** Whether a request has the signature that the shared secret gives. */
const isSigned = (request: Parameters<FakeApi['answer']>[0]): boolean => {
  const { headers, body } = request
  const expected = sign(
    {
      method: 'POST',
      host: headers.host ?? '',
      action: String(headers['x-acs-action']),
      version: String(headers['x-acs-version']),
      query: {},
      form: Object.fromEntries(new URLSearchParams(body)),
      date: new Date(String(headers['x-acs-date'])),
      nonce: String(headers['x-acs-signature-nonce']),
    },
    { id, secret },
  )
  return headers.authorization === expected.headers.authorization
}

const fakeApi = (): FakeApi => {
  let scenario: Scenario = 'approve'
  return {
    config: (address) => ({ accessKeyId: id, accessKeySecret: secret, endpoint: address }),
    secretSettings: ['accessKeySecret'],
    canaries: [claimOfKit.realName, claimOfKit.number, secret],
    document: { type: 'ID_CARD', country: 'CHN', number: claimOfKit.number },
    notAssessed: ['face', 'liveness'],
    impossible: [
      'no_match',
      'not_live',
      'nothing_sent',
      'pending',
      'unknown_face',
      'face_missing',
      'placeholders',
      'foreign_order',
      'foreign_reference',
    ],
    opens: ({ body }) => body.includes('IdentifyNum='),
    setScenario: (next) => {
      scenario = next
    },
    breakages: {
      unauthorized: error(404, 'InvalidAccessKeyId.NotFound'),
      forbidden: error(403, 'Forbidden.RAM'),
      server_error: error(500, 'InternalError'),
    },
    answer(request) {
      if (!isSigned(request)) return error(400, 'SignatureDoesNotMatch')
      if (!request.body.includes('IdentifyNum=')) return error(400, 'MissingIdentifyNum')
      const status = scenario === 'unknown_status' ? '299' : '200'
      return {
        status: 200,
        body: {
          RequestId: randomUUID().toUpperCase(),
          Code: status,
          Message: 'success',
          ResultObject: { BizCode: bizCodes[scenario] ?? '1' },
        },
      }
    },
    webhooks: () => ({
      real: null,
      invalid: [
        { headers: {}, body: new Uint8Array() },
        { headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode('{"Code":"200"}') },
      ],
    }),
  }
}

/** Id2MetaVerify over real HTTP on a port of its own; it checks signatures. */
export const startFakeAlibabaCloud = (): Promise<StartedFake> => startFake(fakeApi())
