import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Challenge, FrameAnswer, PictureAnswer } from '@veridoor/contract'
import type { Log } from '@veridoor/foundation'
import { createPlatformClient, createTokenCache, createV4Client, hostsOfBase } from '@veridoor/jumio'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { changeClient } from '../src/clients/clients.ts'
import { endSession } from '../src/session/end.ts'
import { eraseSession } from '../src/session/erase.ts'
import { withFaceSearch } from '../src/session/face-search.ts'
import { findSession } from '../src/session/store.ts'
import { noFindings, type Verdict } from '../src/session/verdict.ts'
import { sweep } from '../src/sweep.ts'
import { v4Wire } from '../src/wires/v4/wire.ts'
import { captureDevice } from './capture-device.ts'
import { engineOf, jpegWith, passed, startVerifier, type TestVerifier, until } from './test-verifier.ts'

/** A document that was read. */
const readVerdict: Verdict = {
  outcome: 'read',
  type: 'PASSPORT',
  fields: { lastName: 'LOVELACE' },
  mrz: 'valid',
  face: null,
  signals: [],
  isIncomplete: false,
  ...noFindings,
}

/**
 * What a check leaves behind: markers are planted in everything that is kept of a person, and looked for in every file, every row of
 * every table (those of the jobs too), the log and the portal's pages. Before its end they must be found, in the form in which they
 * are kept, and never in the clear; afterwards nowhere.
 */
const marker = `CANARY-${randomBytes(12).toString('hex')}`
const planted = (): Buffer => jpegWith(Buffer.from(marker), randomBytes(300))
const PORTAL_SECRET = `portal-${randomBytes(12).toString('hex')}`
const vector = new Float32Array(128).fill(0.0883)
/** What the engine says that a picture looks like. */
const look = randomBytes(32).toString('hex')

const engine = engineOf(async (name) => {
  switch (name) {
    case 'assess':
      return { ...passed, hashes: { front: look, back: null, selfie: look } }
    case 'describe':
      return vector
    case 'firstPage':
      return planted()
    case 'liveness':
      return { verdict: 'passed', reasons: [], steps: [], straight: 2 }
    default:
      return []
  }
})
const logged: string[] = []
const write = (event: string, values?: unknown): void => {
  const text = JSON.stringify(values, (_key, value) => (value instanceof Error ? `${value.stack}` : value))
  logged.push(`${event} ${text}`)
}
const log: Log = { debug: write, info: write, warn: write, error: write } as unknown as Log

let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('verifier_retention', { engine, log, portalSecret: PORTAL_SECRET })
  await changeClient(service.deps.db, 'acme', { liveness: 'required', findRepeatedFaces: true })
})
afterAll(() => service?.stop())
beforeEach(() => {
  service.told.callbackStatus = []
  service.clock.advance(20_000)
})

const keys = { token: 'acme', secret: 'acme-secret', userAgent: 'Acme Test/1.0' }
const v4 = () => createV4Client({ baseUrl: service.url, ...keys })
const platform = () =>
  createPlatformClient({
    hosts: hostsOfBase(service.url),
    ...keys,
    tokens: createTokenCache(() => service.clock.now().getTime()),
  })

/** A value as text, and as the hexadecimal or Base64 in which a column could hold its bytes. */
const formsOf = (value: string | Buffer): string[] => {
  const bytes = Buffer.from(value)
  return [bytes.toString('latin1'), bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, '')]
}

const filesOf = (): { name: string; bytes: Buffer }[] =>
  readdirSync(service.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({
      name: join(entry.parentPath, entry.name),
      bytes: readFileSync(join(entry.parentPath, entry.name)),
    }))

/** Every file with its name, and every row of every table that this process may read, the queue's among them, as bytes. */
const everything = async (): Promise<Buffer> => {
  const tables = await service.deps.db.execute<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema not in ('pg_catalog', 'information_schema')`,
  )
  const names = tables.rows.map(({ name }) => name)
  for (const known of ['sessions', 'faces', 'seen_pictures', 'challenges', 'hand_overs', 'portal_sessions'])
    expect(names).toContain(`verifier.${known}`)
  expect(names).toContain('verifier_jobs.job')
  const rows: Buffer[] = []
  for (const name of names) {
    const read = await service.deps.db.execute<{ row: string }>(`select t::text as row from ${name} t`)
    rows.push(...read.rows.map(({ row }) => Buffer.from(row)))
  }
  return Buffer.concat([...filesOf().flatMap(({ name, bytes }) => [Buffer.from(name), bytes]), ...rows])
}

const portalPage = async (): Promise<string> => {
  const signed = await fetch(`${service.url}/portal/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ secret: PORTAL_SECRET }),
  })
  const cookie = (signed.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return (await fetch(`${service.url}/portal/clients/acme`, { headers: { cookie } })).text()
}

/** A whole check on the capture page, with everything that one can leave; its callback is refused, so that it waits to be sent again. */
const wholeCheck = async () => {
  service.told.callbackStatus = Array.from({ length: 50 }, () => 503)
  const own = { case: `case-${randomBytes(9).toString('hex')}`, person: `person-${randomBytes(9).toString('hex')}` }
  const secretWord = randomBytes(12).toString('hex')
  const begun = await v4().initiate({
    customerInternalReference: own.case,
    userReference: own.person,
    reportingCriteria: `criteria-${own.case}`,
    workflowId: 200,
    callbackUrl: `${service.callbackUrl}?word=${secretWord}`,
    successUrl: `http://127.0.0.1/ok?word=${secretWord}`,
    errorUrl: `http://127.0.0.1/no?word=${secretWord}`,
    presets: [{ index: 1, country: 'AUT', type: 'ID_CARD' }],
  })
  const id = begun.transactionReference
  const token = new URL(begun.redirectUrl).searchParams.get('authorizationToken') ?? ''
  const first = captureDevice(service.url)
  await first.open(token)
  const { json: handOver } = await first.call('POST', '/hand-over')
  const code = String(handOver.address).split('#')[1] ?? ''
  const device = captureDevice(service.url)
  const taken = await device.call('POST', '/hand-over/take', { code })
  expect(taken.status).toBe(200)
  const headers = await device.headers(token)
  const send = async <T>(path: string, bytes: Buffer, type = 'image/jpeg'): Promise<T> => {
    const answer = await fetch(`${service.url}/capture/api${path}`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': type },
      body: new Uint8Array(bytes),
    })
    expect([path, answer.status]).toEqual([path, 200])
    return (await answer.json()) as T
  }
  await device.call('POST', '/consent', {})
  const pdf = Buffer.from(`%PDF-1.7 ${marker} the rest of the file`)
  const front = await send<PictureAnswer>('/pictures/front', pdf, 'application/pdf')
  const back = await send<PictureAnswer>('/pictures/back', planted())
  const beside: string[] = []
  for (const [part, { picture }] of Object.entries({ front, back }))
    for (const at of [1, 4]) {
      await send(`/pictures/${part}/frames/${at}?picture=${picture}`, planted())
      beside.push(`${part}.${picture}.${at}`)
    }
  await send('/pictures/selfie', planted())
  const post = async (path: string): Promise<unknown> =>
    (
      await fetch(`${service.url}/capture/api${path}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: '{}',
      })
    ).json()
  const challenge = (await post('/movement')) as Challenge
  for (let number = 0, done = false; !done; number += 1) {
    done = (await send<FrameAnswer>(`/movement/${challenge.id}/frames/${number}`, planted())).done
    service.clock.advance(600)
  }
  const moving = (await service.deps.pictures.kept(id)).filter((name) => name.startsWith('frame-'))
  expect(moving.length).toBeGreaterThan(5)
  const frames = filesOf().filter(({ name }) => name.includes(id) && name.includes('frame-'))
  expect(await post(`/movement/${challenge.id}/judge`)).toMatchObject({ passed: true })
  expect((await service.deps.pictures.kept(id)).sort()).toEqual(['back', 'front', 'live', 'selfie', ...beside].sort())
  const live = filesOf().find(({ name }) => name.includes(id) && name.endsWith('live'))
  const key = await service.keyOf(id)
  await device.call('POST', '/submit', {})
  const session = await until(async () => {
    const found = await findSession(service.deps.db, id)
    return found?.callbackState === 'failing' ? found : undefined
  })
  return { id, own, secretWord, token, code, key, session, challenge, gone: [...frames, ...(live ? [live] : [])] }
}

describe('a whole check', () => {
  it.each(['after the retention time', 'by deletion'] as const)('leaves nothing of a person %s', async (how) => {
    logged.length = 0
    const { id, own, secretWord, token, code, key, session, challenge, gone } = await wholeCheck()
    const [face] = (
      await service.deps.db.execute<{ descriptor: string }>(
        `select descriptor from verifier.faces where session = '${id}'`,
      )
    ).rows
    const seen = (
      await service.deps.db.execute<{ digest: string }>(
        `select unnest(digests) as digest from verifier.seen_pictures where session = '${id}'`,
      )
    ).rows.map(({ digest }) => digest)
    expect(seen).toHaveLength(32)
    const [handOver] = (
      await service.deps.db.execute<{ digest: string }>(
        `select code_digest as digest from verifier.hand_overs where session = '${id}'`,
      )
    ).rows
    const pictures = filesOf().filter(({ name }) => name.includes(id))
    // What is kept while it is kept: the search must be able to find it.
    const kept = [
      session.pictureKey,
      session.verdict,
      session.device,
      session.follower,
      session.tokenDigest,
      face?.descriptor,
      handOver?.digest,
      ...seen,
      challenge.id,
      own.case,
      own.person,
      secretWord,
    ].map((value) => value ?? 'missing')
    const before = await everything()
    for (const value of kept) expect(before.includes(value), value).toBe(true)
    expect(pictures.map(({ name }) => (name.split('/').at(-1) ?? '').replace(/\.[0-9a-f-]{36}\./, '.')).sort()).toEqual(
      ['back', 'back.1', 'back.4', 'front', 'front.1', 'front.4', 'selfie'].sort(),
    )
    for (const { bytes } of pictures) expect(before.includes(bytes)).toBe(true)
    // Frames of the movements, and the one that is compared with the document, were gone with the check already.
    for (const { name, bytes } of gone) expect([name, before.includes(bytes)]).toEqual([name, false])
    // Never in the clear: no picture, name, number, key, face, link or code; nor the file that a page came from.
    const clear = [
      marker,
      '%PDF-1.7',
      'LOVELACE',
      'L898902C3',
      look,
      '1990-12-10',
      key,
      Buffer.from(vector.buffer),
      token,
      code,
      code.replaceAll('-', ''),
    ].flatMap(formsOf)
    const found = (bytes: Buffer): string[] => clear.filter((form) => bytes.includes(Buffer.from(form, 'latin1')))
    expect(found(before)).toEqual([])

    if (how === 'by deletion') await v4().erase(id)
    else {
      service.clock.advance(31 * 86_400_000)
      await service.verifier.sweep()
    }
    const after = await everything()
    expect(found(after)).toEqual([])
    expect(
      // The digest of the link stays: it opens nothing, and no second check ever has the same.
      kept.filter((value) => value !== session.tokenDigest && after.includes(value)),
    ).toEqual([])
    for (const { name, bytes } of pictures) expect([name, after.includes(bytes)]).toEqual([name, false])
    expect(filesOf().filter(({ name }) => name.includes(id))).toEqual([])
    // The callback that waited to be sent again finds nothing to send.
    service.received.length = 0
    await service.deps.db.execute(
      `update verifier_jobs.job set start_after = now() where name = 'callback' and data ->> 'id' = '${id}' and state = 'retry'`,
    )
    await until(async () => {
      const { rows } = await service.deps.db.execute<{ state: string }>(
        `select state from verifier_jobs.job where name = 'callback' and data ->> 'id' = '${id}'`,
      )
      return rows.every(({ state }) => state === 'completed') ? true : undefined
    })
    expect(service.received.filter(({ body }) => body.includes(id))).toEqual([])
    const told = `${logged.join('\n')}${await portalPage()}`
    expect(found(Buffer.from(told, 'latin1'))).toEqual([])
    for (const word of [own.case, own.person, secretWord]) expect(told.includes(word)).toBe(false)
  })
})

describe('a transaction of the Platform', () => {
  const begin = async () => {
    const to = platform()
    const opened = await to.createAccount({
      customerInternalReference: 'case-1',
      userReference: 'person-1',
      workflowDefinition: { key: 10163, credentials: [{ category: 'ID', label: `label-${marker}` }] },
      userConsent: { userIp: '203.0.113.9', userLocation: { country: 'AUT' } },
    })
    const execution = { accountId: opened.account.id, workflowExecutionId: opened.workflowExecution.id }
    const apiToken = opened.workflowExecution.credentials[0]?.api?.token ?? ''
    const uploadOf = (category: string) => ({
      ...execution,
      apiToken,
      credentialId: opened.workflowExecution.credentials.find((one) => one.category === category)?.id ?? '',
    })
    const picture = { bytes: new Uint8Array(planted()), contentType: 'image/jpeg' as const }
    await to.uploadPart(uploadOf('DATA'), 'PREPARED_DATA', { firstName: marker, dateOfBirth: '1990-12-10' })
    await to.uploadPart(uploadOf('ID'), 'FRONT', picture)
    await to.uploadPart(uploadOf('SELFIE'), 'FACE', picture)
    return { to, execution, apiToken, id: execution.workflowExecutionId }
  }
  const traces = async (): Promise<string[]> => {
    const all = await everything()
    return formsOf(marker).filter((form) => all.includes(form))
  }

  it('keeps ids and decision when it is wiped, without the client’s own words, and nothing with its account', async () => {
    const { to, execution, apiToken, id } = await begin()
    await to.finalize({ ...execution, apiToken })
    await until(async () => {
      service.clock.advance(100)
      return (await to.status(execution)).workflowExecution.status === 'PROCESSED' ? true : undefined
    })
    expect((await service.deps.pictures.kept(id)).sort()).toEqual(['data', 'front', 'selfie'])
    // The label is the client's own word for a credential, in the clear while the transaction lives.
    expect(await traces()).toEqual([marker])
    await to.eraseExecution(execution)
    expect(await traces()).toEqual([])
    expect(await service.deps.pictures.kept(id)).toEqual([])
    const { workflow, decision } = await to.details(execution)
    expect([workflow.customerInternalReference, workflow.userReference]).toEqual(['case-1', 'person-1'])
    expect(decision?.type).toBeDefined()
    // The person's account ends the references and the decision too, and exists no more.
    await to.eraseAccount(execution.accountId)
    await expect(to.details(execution)).rejects.toMatchObject({ code: 'not_found' })
    const forgotten = await findSession(service.deps.db, id)
    expect([forgotten?.customerReference, forgotten?.userReference, forgotten?.isDecisionKept]).toEqual(['', '', false])
    expect(forgotten?.wireState).not.toHaveProperty('kept')
  })

  it('is over when it is deleted before its end, and its account is known until that is deleted too', async () => {
    const { to, execution, id } = await begin()
    await to.eraseExecution(execution)
    expect((await to.status(execution)).workflowExecution.status).toBe('SESSION_EXPIRED')
    expect((await to.details(execution)).workflow.status).toBe('SESSION_EXPIRED')
    expect((await findSession(service.deps.db, id))?.endedAt).toEqual(service.clock.now())
    const order = { customerInternalReference: 'case-2', workflowDefinition: { key: 10163 } }
    const again = await to.updateAccount(execution.accountId, order)
    expect(again.account.id).toBe(execution.accountId)
    await to.eraseAccount(execution.accountId)
    await expect(to.updateAccount(execution.accountId, order)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is gone with its account in the middle of a check, with pictures and data that were sent', async () => {
    const { to, execution, id } = await begin()
    await to.eraseAccount(execution.accountId)
    expect(await traces()).toEqual([])
    expect(await service.deps.pictures.kept(id)).toEqual([])
    await expect(to.details(execution)).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('what is on its way while a check is erased', () => {
  it('a face that comes after it is not kept, and a picture goes with a sweep however late that runs', async () => {
    const begun = await v4().initiate({ customerInternalReference: 'c', userReference: 'p', workflowId: 200 })
    const id = begun.transactionReference
    const before = await findSession(service.deps.db, id)
    if (!before) throw new Error('the session is missing')
    const key = await service.keyOf(id)
    await service.deps.pictures.write(id, 'selfie', key, planted())
    await v4().erase(id)
    // As calls do that read the session before: the picture is written, the face is to be kept, minutes later.
    service.clock.advance(180_000)
    await service.deps.pictures.write(id, 'selfie', key, planted())
    await withFaceSearch(service.deps, before, {
      ...readVerdict,
      face: { similarity: 'match', isValid: true, reason: null },
    })
    const facesOf = async () =>
      (await service.deps.db.execute(`select 1 from verifier.faces where session = '${id}'`)).rowCount
    expect([await facesOf(), await service.deps.pictures.kept(id)]).toEqual([0, ['selfie']])
    await service.verifier.sweep()
    expect(await service.deps.pictures.kept(id)).toEqual([])
  })

  it('an end that comes between its reading and its erasure is erased too', async () => {
    const begun = await v4().initiate({ customerInternalReference: 'c', userReference: 'p', workflowId: 200 })
    const id = begun.transactionReference
    const read = await findSession(service.deps.db, id)
    if (!read) throw new Error('the session is missing')
    await endSession(service.deps, read, {
      status: 'done',
      how: 'submitted',
      verdict: readVerdict,
    })
    expect((await findSession(service.deps.db, id))?.verdict).not.toBeNull()
    // With what was read before the end, as a call does that waited.
    await eraseSession(service.deps, read, (held) => v4Wire.erased(held, null, true))
    const after = await findSession(service.deps.db, id)
    expect([after?.verdict, after?.userReference, after?.phase]).toEqual([null, '', 'ended'])
    await expect(v4().data(id)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('one whose files cannot be removed keeps no other from it, and is tried again until they are gone', async () => {
    const ids: string[] = []
    for (let count = 0; count < 2; count += 1) {
      const begun = await v4().initiate({ customerInternalReference: 'c', userReference: 'p', workflowId: 200 })
      ids.push(begun.transactionReference)
    }
    const at = service.clock.now()
    for (const id of ids) {
      await service.deps.pictures.write(id, 'front', await service.keyOf(id), planted())
      await service.deps.db.execute(
        `update verifier.sessions set erase_after = '${at.toISOString()}' where id = '${id}' and erased_at is null`,
      )
    }
    const broken = {
      ...service.deps,
      pictures: {
        ...service.deps.pictures,
        remove: (id: string) =>
          id === ids[0] ? Promise.reject(new Error('the disk is broken')) : service.deps.pictures.remove(id),
      },
    }
    await sweep(broken)
    const left = async (id = '') => {
      const session = await findSession(service.deps.db, id)
      // Without its key nobody opens what is left.
      expect([session?.erasedAt, session?.pictureKey]).toEqual([at, null])
      return service.deps.pictures.kept(id)
    }
    expect([await left(ids[0]), await left(ids[1])]).toEqual([['front'], []])
    service.clock.advance(60_000)
    await sweep(broken)
    expect(await left(ids[0])).toEqual(['front'])
    await sweep(service.deps)
    expect(await left(ids[0])).toEqual([])
  })

  it('a check that a backup brought back goes again when it is marked', async () => {
    const begun = await v4().initiate({ customerInternalReference: 'c', userReference: 'p', workflowId: 200 })
    const id = begun.transactionReference
    await service.deps.pictures.write(id, 'front', await service.keyOf(id), planted())
    // The command of the guide.
    await service.deps.db.execute(
      `update verifier.sessions set erase_after = '${service.clock.now().toISOString()}' where id = '${id}' and erased_at is null`,
    )
    await service.verifier.sweep()
    expect(await service.deps.pictures.kept(id)).toEqual([])
    await expect(v4().data(id)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('files that an erasure could not remove are not forgotten: a sweep removes them', async () => {
    const begun = await v4().initiate({ customerInternalReference: 'c', userReference: 'p', workflowId: 200 })
    const id = begun.transactionReference
    const session = await findSession(service.deps.db, id)
    if (!session) throw new Error('the session is missing')
    await service.deps.pictures.write(id, 'front', await service.keyOf(id), planted())
    const broken = {
      ...service.deps,
      pictures: { ...service.deps.pictures, remove: () => Promise.reject(new Error('the disk is busy')) },
    }
    await eraseSession(broken, session, (held) => v4Wire.erased(held, null, true))
    await expect(v4().data(id)).rejects.toMatchObject({ code: 'not_found' })
    service.clock.advance(60_000)
    await service.verifier.sweep()
    expect(await service.deps.pictures.kept(id)).toEqual([])
  })
})

it('a word for the portal’s next page goes with its session, read or not', async () => {
  await portalPage()
  await service.deps.db.execute("update verifier.portal_sessions set message = 'an encrypted secret'")
  service.clock.advance(8 * 3_600_000 + 1)
  await service.verifier.sweep()
  expect((await service.deps.db.execute('select 1 from verifier.portal_sessions')).rowCount).toBe(0)
})
