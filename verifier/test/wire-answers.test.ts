import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readClientSettings } from '../src/clients/client-settings.ts'
import { changeClient } from '../src/clients/clients.ts'
import { captureDevice } from './capture-device.ts'
import { jpeg, passed, startVerifier, type TestVerifier, until } from './test-verifier.ts'
import { type WireScenario, wireScenarios } from './wire-scenarios.ts'

/** What both generations answer, byte for byte, as it was before the session's life was parted from the wires: times and ids aside. */
let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('verifier_wire_answers')
})
afterAll(() => service?.stop())
beforeEach(async () => {
  service.told.assessment = passed
  service.received.length = 0
  await setClient({})
  service.clock.advance(20_000)
})

const setClient = async (given: Record<string, string>): Promise<void> => {
  const { settings, faults } = readClientSettings(
    { name: 'acme', liveness: 'off', findRepeatedPictures: 'off', ...given },
    { allowLoopback: true },
  )
  expect(faults).toEqual({})
  await changeClient(service.deps.db, 'acme', { ...settings, callbackUrl: service.callbackUrl })
}

type Sent = {
  json?: unknown
  text?: string
  form?: FormData
  type?: string
  as?: string
  headers?: Record<string, string>
}
const basic = `Basic ${Buffer.from('acme:acme-secret').toString('base64')}`
const send = async (method: string, path: string, sent: Sent = {}): Promise<{ status: number; text: string }> => {
  service.clock.advance(1_100)
  const body = sent.form ?? sent.text ?? (sent.json === undefined ? undefined : JSON.stringify(sent.json))
  const answer = await fetch(path.startsWith('http') ? path : service.url + path, {
    method,
    headers: {
      'user-agent': 'Acme Test/1.0',
      authorization: sent.as ?? basic,
      ...(sent.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(sent.type ? { 'content-type': sent.type } : {}),
      ...sent.headers,
    },
    ...(body === undefined ? {} : { body }),
  })
  return { status: answer.status, text: await answer.text() }
}

/** Ids by the order in which they appear, times and tokens away: what is left is the same in every run. */
const mask = (lines: readonly string[]): string => {
  const ids = new Map<string, string>()
  return `${lines
    .join('\n')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
      const name = ids.get(id) ?? `<id ${ids.size + 1}>`
      ids.set(id, name)
      return name
    })
    .replace(/\d{4}-\d\d-\d\dT\d\d(:|%3A)\d\d(:|%3A)\d\d\.\d{3}Z/g, '<time>')
    .replace(/authorizationToken=[\w-]+/g, 'authorizationToken=<token>')
    .replace(/"token":"[^"]+"/g, '"token":"<token>"')
    .replace(/http(:|%3A)(\/|%2F)(\/|%2F)127\.0\.0\.1(:|%3A)\d+/g, '<origin>')}\n`
}
const line = (name: string, { status, text }: { status: number; text: string }): string => `${name}: ${status} ${text}`
const expectSame = (name: string, lines: readonly string[]): void => expect(mask(lines)).toMatchSnapshot(name)

/** The next callback of a scan or transaction; the queue may send those of an earlier one meanwhile. */
const callbackOf = (id: string, isFinal: (body: string) => boolean = () => true): Promise<string> =>
  until(() => {
    const found = service.received.find(({ body }) => body.includes(id) && isFinal(body))
    return found && `callback: ${found.type} ${found.body}`
  })

const picture = jpeg.toString('base64')
const userConsent = { userIp: '203.0.113.9', userLocation: { country: 'AUT' } }

const readScan = async (reference: string, lines: string[]): Promise<void> => {
  const scan = `/api/netverify/v2/scans/${reference}`
  for (const rest of ['', '/data', '/data/document', '/data/transaction', '/data/verification', '/images'])
    lines.push(line(`GET${rest}`, await send('GET', scan + rest)))
}

const performed = async ({ v4 = {}, assessment }: WireScenario): Promise<string[]> => {
  const { backsideImage, ...members } = v4
  const lines: string[] = []
  const opened = await send('POST', '/api/netverify/v2/performNetverify', {
    json: {
      merchantIdScanReference: 'case',
      frontsideImage: picture,
      ...(backsideImage ? { backsideImage: picture } : {}),
      ...(assessment.selfie
        ? { faceImage: picture, userConsent }
        : { enabledFields: 'idNumber,idFirstName,idLastName' }),
      country: 'AUT',
      idType: 'PASSPORT',
      ...members,
    },
  })
  lines.push(line('POST performNetverify', opened))
  const { jumioIdScanReference: reference } = JSON.parse(opened.text) as { jumioIdScanReference: string }
  const path = `/api/netverify/v2/scans/${reference}`
  await until(async () => ((await send('GET', path)).text.includes('"DONE"') ? true : undefined))
  await readScan(reference, lines)
  lines.push(await callbackOf(reference, (body) => body.includes('verificationStatus')))
  lines.push(line('DELETE', await send('DELETE', path)), line('GET', await send('GET', `${path}/data`)))
  return lines
}

const executed = async ({ platform = {} }: WireScenario): Promise<string[]> => {
  const lines: string[] = []
  const token = await send('POST', '/oauth2/token', {
    text: 'grant_type=client_credentials',
    type: 'application/x-www-form-urlencoded',
  })
  const as = `Bearer ${(JSON.parse(token.text) as { access_token: string }).access_token}`
  const opened = await send('POST', '/api/v1/accounts', {
    as,
    json: { customerInternalReference: 'case', workflowDefinition: { key: 10164 }, userConsent, ...platform.account },
  })
  lines.push(line('POST accounts', opened))
  const { account, workflowExecution } = JSON.parse(opened.text) as {
    account: { id: string }
    workflowExecution: { id: string; credentials: { id: string; category: string }[] }
  }
  const path = `/api/v1/accounts/${account.id}/workflow-executions/${workflowExecution.id}`
  lines.push(line('GET status', await send('GET', `${path}/status`, { as })))
  lines.push(line('GET', await send('GET', path, { as })))
  for (const { id, category } of workflowExecution.credentials) {
    const at = `${path}/credentials/${id}/parts`
    const part = { ID: 'FRONT', SELFIE: 'FACE' }[category]
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }), 'part.jpg')
    if (part) lines.push(line(`POST ${part}`, await send('POST', `${at}/${part}`, { as, form })))
    if (category === 'DATA' && platform.data)
      lines.push(line('POST PREPARED_DATA', await send('POST', `${at}/PREPARED_DATA`, { as, json: platform.data })))
  }
  lines.push(line('PUT', await send('PUT', path, { as })))
  await until(async () => ((await send('GET', `${path}/status`, { as })).text.includes('PROCESSED') ? true : undefined))
  for (const rest of ['/status', '', '/steps']) lines.push(line(`GET${rest}`, await send('GET', path + rest, { as })))
  lines.push(await callbackOf(workflowExecution.id))
  lines.push(line('DELETE', await send('DELETE', path, { as })))
  for (const rest of ['/status', '']) lines.push(line(`GET${rest}`, await send('GET', path + rest, { as })))
  lines.push(line('DELETE account', await send('DELETE', `/api/v1/accounts/${account.id}`, { as })))
  lines.push(line('GET', await send('GET', path, { as })))
  return lines
}

describe('the answers of both generations', () => {
  for (const scenario of wireScenarios)
    it(`by API: ${scenario.name}`, async () => {
      service.told.assessment = scenario.assessment
      await setClient(scenario.settings ?? {})
      expectSame(`v4 ${scenario.name}`, await performed(scenario))
      expectSame(`platform ${scenario.name}`, await executed(scenario))
    })

  it('a face and a picture that come again with another person', async () => {
    await setClient({ findRepeatedFaces: 'on' })
    const [first, second] = [{ customerId: 'one' }, { customerId: 'two' }].map(
      (v4): WireScenario => ({ name: 'repeated', assessment: passed, v4 }),
    )
    if (!first || !second) throw new Error('two checks')
    expectSame('v4 a new face', await performed(first))
    await performedKept({ customerId: 'three' })
    expectSame('v4 a repeated face', await performed(second))
    expectSame(
      'platform a repeated face',
      await executed({ name: '', assessment: passed, platform: { account: { userReference: 'four' } } }),
    )
  })
})

const performedKept = async (members: Record<string, unknown>): Promise<void> => {
  const { text } = await send('POST', '/api/netverify/v2/performNetverify', {
    json: {
      merchantIdScanReference: 'kept',
      frontsideImage: picture,
      faceImage: picture,
      country: 'AUT',
      idType: 'PASSPORT',
      userConsent,
      ...members,
    },
  })
  const { jumioIdScanReference: reference } = JSON.parse(text) as { jumioIdScanReference: string }
  const path = `/api/netverify/v2/scans/${reference}`
  await until(async () => ((await send('GET', path)).text.includes('"DONE"') ? true : undefined))
}

/** A check on the capture page, of either generation; `drive` is the person. */
const onPage = async (
  generation: 'v4' | 'platform',
  drive: (device: ReturnType<typeof captureDevice>, token: string) => Promise<void>,
): Promise<string[]> => {
  const addresses = { successUrl: 'https://acme.example/done?a=1', errorUrl: 'https://acme.example/failed' }
  const opened =
    generation === 'v4'
      ? await send('POST', '/api/v4/initiate', {
          json: { customerInternalReference: 'case', userReference: 'person', ...addresses },
        })
      : await send('POST', '/api/v1/accounts', {
          json: { customerInternalReference: 'case', workflowDefinition: { key: 10164 }, web: addresses },
        })
  const lines = [line('POST', opened)]
  const answer = JSON.parse(opened.text)
  const token = new URL(answer.redirectUrl ?? answer.web.href).searchParams.get('authorizationToken') ?? ''
  const device = captureDevice(service.url)
  await drive(device, token)
  await service.verifier.sweep()
  const { json } = await device.call('GET', '/session')
  lines.push(`page: ${JSON.stringify({ step: json?.step, ended: json?.ended, errorReturn: json?.errorReturn })}`)
  if (generation === 'v4') {
    await readScan(answer.transactionReference, lines)
    lines.push(await callbackOf(answer.transactionReference))
  } else {
    const path = `/api/v1/accounts/${answer.account.id}/workflow-executions/${answer.workflowExecution.id}`
    for (const rest of ['/status', '', '/steps']) lines.push(line(`GET${rest}`, await send('GET', path + rest)))
    lines.push(await callbackOf(answer.workflowExecution.id))
  }
  return lines
}

type Device = ReturnType<typeof captureDevice>
const photograph = async (device: Device, token: string): Promise<void> => {
  const headers = await device.headers(token)
  await device.call('POST', '/consent', {})
  await device.call('PUT', '/choice', { country: 'AUT', type: 'PASSPORT' })
  for (const part of ['front', 'selfie'])
    await fetch(`${service.url}/capture/api/pictures/${part}`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'image/jpeg', 'x-capture-source': 'camera' },
      body: new Uint8Array(jpeg),
    })
}
const submit = async (device: Device): Promise<void> => {
  await device.call('POST', '/submit', {})
  await until(async () => ((await device.call('GET', '/session')).json.step === 'checking' ? undefined : true))
}

const endings: Record<string, (device: Device, token: string) => Promise<void>> = {
  approved: async (device, token) => {
    await photograph(device, token)
    await submit(device)
  },
  'stopped before consent': async (device, token) => {
    await device.open(token)
    await device.call('POST', '/cancel', {})
  },
  'stopped without a camera': async (device, token) => {
    await device.open(token)
    await device.call('POST', '/consent', {})
    await device.call('POST', '/cancel', { because: 'no_camera' })
  },
  'stopped after consent': async (device, token) => {
    await device.open(token)
    await device.call('POST', '/consent', {})
    await device.call('POST', '/cancel', {})
  },
  'never opened': async () => service.clock.advance(3_600_000),
  'left open': async (device, token) => {
    await photograph(device, token)
    service.clock.advance(3_600_000)
  },
  'left after a retake': async (device, token) => {
    service.told.assessment = passed.document && {
      ...passed,
      document: { ...passed.document, retake: ['photo_glare'] },
    }
    await photograph(device, token)
    await submit(device)
    service.clock.advance(3_600_000)
  },
  'three tries used': async (device, token) => {
    service.told.assessment = passed.document && {
      ...passed,
      document: { ...passed.document, mrz: null, fields: {}, retake: ['photo_glare'] },
    }
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await photograph(device, token)
      await submit(device)
    }
  },
  'without a selfie': async (device, token) => {
    await photograph(device, token)
    await device.call('POST', '/alternative', {})
    service.told.assessment = { ...passed, selfie: null, face: null }
    await submit(device)
  },
}

describe('the answers about checks on the capture page', () => {
  for (const [name, drive] of Object.entries(endings))
    it(name, async () => {
      expectSame(`page v4 ${name}`, await onPage('v4', drive))
      service.told.assessment = passed
      expectSame(`page platform ${name}`, await onPage('platform', drive))
    })
})

it('lists of documents and refusals', async () => {
  await setClient({ acceptedCountries: 'AUT USA', acceptedTypes: 'PASSPORT DRIVING_LICENSE' })
  const unknown = '00000000-0000-4000-8000-000000000000'
  const path = `/api/v1/accounts/${unknown}/workflow-executions/${unknown}`
  expectSame('lists and refusals', [
    line('accepted', await send('GET', '/api/netverify/v2/acceptedIdTypes')),
    line('supported', await send('GET', '/api/netverify/v2/supportedIdTypes')),
    line('401', await send('GET', '/api/netverify/v2/acceptedIdTypes', { as: 'Basic eA==' })),
    line('404', await send('GET', `/api/netverify/v2/scans/${unknown}/data`)),
    line('404', await send('GET', '/api/netverify/v2/nothing')),
    line('400', await send('POST', '/api/v4/initiate', { json: {} })),
    line('400', await send('POST', '/api/netverify/v2/performNetverify', { json: { frontsideImage: 'x' } })),
    line('401', await send('GET', path, { as: 'Bearer nothing' })),
    line('404', await send('GET', path)),
    line('404', await send('DELETE', `/api/v1/accounts/${unknown}`)),
    line('400', await send('POST', '/api/v1/accounts', { json: {} })),
    line(
      '400',
      await send('POST', '/api/v1/accounts', {
        json: { customerInternalReference: 'x', workflowDefinition: { key: 9 } },
      }),
    ),
    line('400', await send('POST', '/oauth2/token', { text: 'x=1', type: 'application/x-www-form-urlencoded' })),
  ])
})
