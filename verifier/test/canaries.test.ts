import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Assessment } from '@veridoor/engine'
import { createLog } from '@veridoor/foundation'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { changeClient } from '../src/clients/clients.ts'
import { captureDevice } from './capture-device.ts'
import { field, jpegWith, ofDocument, startVerifier, type TestVerifier, until } from './test-verifier.ts'
import { wholeChecks } from './whole-checks.ts'

/**
 * Markers of a person, planted in everything that a check takes in, and searched for in everything that the verifier keeps while it
 * still keeps it: tables, job payloads, files and log lines.
 */
const canaries = {
  firstName: 'KANARIENVOGEL',
  lastName: 'ZEISIGMANN',
  number: 'CANARY7391',
  personalNumber: 'PERSONAL8842',
  dateOfBirth: '1987-03-29',
  picture: 'canary-picture-bytes-5521',
}
const person: Assessment = ofDocument({
  fields: {
    ...ofDocument({}).document.fields,
    firstName: field(canaries.firstName),
    lastName: field(canaries.lastName),
    number: field(canaries.number),
    personalNumber: field(canaries.personalNumber),
    dateOfBirth: field(canaries.dateOfBirth),
  },
})
const picture = jpegWith(Buffer.from(canaries.picture.repeat(20)))
const lines: string[] = []
let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('verifier_canaries', {
    log: createLog('verifier', { write: (line) => void lines.push(line) }),
  })
  service.told.assessment = person
  await changeClient(service.deps.db, 'acme', { findRepeatedFaces: true })
})
afterAll(() => service?.stop())

const filesOf = (folder: string): Buffer[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesOf(join(folder, entry.name)) : [readFileSync(join(folder, entry.name))],
  )

const rowsOf = async (): Promise<string[]> => {
  const { rows: tables } = await service.deps.db.execute<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema in ('verifier', 'verifier_jobs') and table_type = 'BASE TABLE'`,
  )
  expect(tables.length).toBeGreaterThan(8)
  const texts: string[] = []
  for (const { name } of tables) {
    const { rows } = await service.deps.db.execute<{ row: string }>(`select t::text as row from ${name} t`)
    texts.push(...rows.map(({ row }) => `${name} ${row}`))
  }
  return texts
}

const performed = async (): Promise<string> => {
  const base64 = picture.toString('base64')
  const { call } = wholeChecks(() => service)
  const opened = await call('POST', '/api/netverify/v2/performNetverify', 'acme', {
    merchantIdScanReference: 'case-1',
    frontsideImage: base64,
    faceImage: base64,
    country: 'AUT',
    idType: 'PASSPORT',
    firstName: canaries.firstName,
    userConsent: { userIp: '203.0.113.9', userLocation: { country: 'AUT' } },
  })
  const path = `/api/netverify/v2/scans/${opened.jumioIdScanReference}`
  return until(async () => {
    const { document } = await call('GET', `${path}/data`, 'acme')
    return document?.status ? JSON.stringify(document) : undefined
  })
}

const onPage = async (): Promise<void> => {
  const { call } = wholeChecks(() => service)
  const { redirectUrl } = await call('POST', '/api/v4/initiate', 'acme', {
    customerInternalReference: 'case-2',
    userReference: 'user-2',
  })
  const device = captureDevice(service.url)
  const headers = await device.headers(new URL(redirectUrl).searchParams.get('authorizationToken') ?? '')
  await device.call('POST', '/consent', {})
  await device.call('PUT', '/choice', { country: 'AUT', type: 'PASSPORT' })
  for (const side of ['front', 'selfie'])
    await fetch(`${service.url}/capture/api/pictures/${side}`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'image/jpeg', 'x-capture-source': 'camera' },
      body: new Uint8Array(picture),
    })
  await device.call('POST', '/submit', {})
  await until(async () => ((await device.call('GET', '/session')).json.step === 'ended' ? true : undefined))
}

it('nothing about a person stands in clear in a table, a job, a file or a log line', async () => {
  const told = await performed()
  await onPage()
  await wholeChecks(() => service).platform('user-3')
  service.told.assessment = {
    ...person,
    verdict: 'review',
    document: { ...person.document, signals: ['screen_pattern'] },
  }
  await performed()
  service.told.assessment = person

  const places = [
    ...(await rowsOf()),
    ...lines.map((line) => `log ${line}`),
    ...filesOf(service.folder).map((bytes) => `file ${bytes.toString('latin1')}`),
  ]
  const words = [
    ...Object.values(canaries),
    picture.toString('base64').slice(40, 80),
    Buffer.from(canaries.lastName).toString('base64').slice(0, 12),
  ]
  const found = words.flatMap((word) =>
    places.filter((place) => place.includes(word)).map((place) => `${word} in ${place.slice(0, 60)}`),
  )
  expect(found).toEqual([])
  // The search saw the checks, and the client was really told.
  expect(places.some((place) => place.startsWith('verifier.sessions') && place.includes('case-1'))).toBe(true)
  expect(filesOf(service.folder).length).toBeGreaterThan(3)
  expect(lines.length).toBeGreaterThan(10)
  expect(told).toContain(canaries.number)
})
