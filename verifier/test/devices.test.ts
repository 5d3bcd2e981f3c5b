import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createEnvelopeCipher,
  createOutboundFetch,
  fakeClock,
  openDatabase,
  silentLog,
  startJobs,
} from '@veridoor/foundation'
import { createV4Client } from '@veridoor/jumio'
import { testDatabase } from '@veridoor/launch'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { VerifierDeps } from '../src/deps.ts'
import { createPictureStore, createVerifier, JOBS_SCHEMA, migrateVerifier, seedClient } from '../src/index.ts'
import { removeHandOvers } from '../src/session/devices.ts'
import { lockSession } from '../src/session/store.ts'
import { captureDevice } from './capture-device.ts'
import { engineOf, until } from './test-verifier.ts'

const clock = fakeClock(new Date('2026-11-24T10:00:00Z'))
const folder = mkdtempSync(join(tmpdir(), 'veridoor-devices-'))
const engine = engineOf(async () => [])
let verifier: Awaited<ReturnType<typeof createVerifier>>
let deps: VerifierDeps
let url = ''
let stop: () => Promise<void>

beforeAll(async () => {
  const database = await testDatabase('devices')
  await migrateVerifier(database.url, database.ownerUrl)
  const { db, close } = openDatabase(database.url)
  const cipher = createEnvelopeCipher([randomBytes(32)])
  await seedClient(db, cipher, { token: 'acme', secret: 'secret', name: 'Acme', retentionDays: 30 }, clock.now())
  const jobs = await startJobs({ url: database.url, schema: JOBS_SCHEMA, createSchema: false, log: silentLog })
  deps = {
    db,
    cipher,
    clock,
    log: silentLog,
    jobs,
    engine,
    pictures: createPictureStore(folder),
    fetch: createOutboundFetch({ allow: [], loopback: true }),
    url: 'https://verify.example',
    demonstration: true,
    allowLoopback: true,
    pagesFolder: '/nowhere',
  }
  verifier = await createVerifier(deps)
  url = await verifier.app.listen({ host: '127.0.0.1', port: 0 })
  stop = async () => {
    await verifier.stop()
    await jobs.stop()
    await close()
    await database.drop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  }
})
afterAll(() => stop())
beforeEach(() => clock.advance(10_000))

const link = async (change: Record<string, unknown> = {}): Promise<string> => {
  const { redirectUrl } = await createV4Client({
    baseUrl: url,
    token: 'acme',
    secret: 'secret',
    userAgent: 'Acme/1',
  }).initiate({
    customerInternalReference: 'case-1',
    userReference: 'person-1',
    workflowId: 100,
    successUrl: 'https://acme.example/ok',
    errorUrl: 'https://acme.example/sorry',
    ...change,
  })
  return new URL(redirectUrl).searchParams.get('authorizationToken') ?? ''
}
const device = () => captureDevice(url)
const opened = async () => {
  const token = await link()
  const first = device()
  await first.open(token)
  return { token, first }
}
const codeOf = (address: string): string => new URL(address).hash.slice(1)
const shownCode = async (from: ReturnType<typeof device>): Promise<string> =>
  codeOf((await from.call('POST', '/hand-over')).json.address)

describe('a link', () => {
  it('names the locale that was ordered, and leaves the language to the browser where none was', async () => {
    const address = async (change: Record<string, unknown>): Promise<string | null> => {
      const v4 = createV4Client({ baseUrl: url, token: 'acme', secret: 'secret', userAgent: 'Acme/1' })
      const order = { customerInternalReference: 'case-1', userReference: 'person-1', ...change }
      return new URL((await v4.initiate(order)).redirectUrl).searchParams.get('locale')
    }
    expect(await address({ locale: 'pt-BR' })).toBe('pt-BR')
    expect(await address({ locale: 'en' })).toBe('en')
    expect(await address({})).toBeNull()
    await deps.db.execute(`update verifier.clients set locale = 'fr'`)
    expect(await address({})).toBe('fr')
    await deps.db.execute(`update verifier.clients set locale = 'en'`)
  })

  it('gives the first device a key that no script reads and no other site sends', async () => {
    const { setCookie, json } = await device().open(await link())
    expect(setCookie).toHaveLength(1)
    expect(setCookie[0]).toMatch(
      /^capture_[0-9a-f-]{36}=[\w-]{43}; Path=\/capture\/api; Max-Age=86400; HttpOnly; SameSite=Strict; Secure$/,
    )
    expect(json).toMatchObject({ step: 'consent', device: 'doing', isFollowed: false })
    const { rows } = await deps.db.execute<{ device: string }>('select device from verifier.sessions')
    const key = /=([\w-]{43});/.exec(setCookie[0] ?? '')?.[1] ?? ''
    expect(key).not.toBe('')
    expect(JSON.stringify(rows)).not.toContain(key)
  })

  it('opens on one device at a time, and again on the same one, at the same place', async () => {
    const { token, first } = await opened()
    await first.call('POST', '/consent', {})
    const second = await device().open(token)
    expect(second).toMatchObject({ status: 409, json: { code: 'OPEN_ELSEWHERE' }, setCookie: [] })
    expect(await first.open(token)).toMatchObject({ status: 200, json: { step: 'choice' }, setCookie: [] })
  })

  it('goes to one of two devices that open it at once', async () => {
    const token = await link()
    const answers = await Promise.all([device(), device(), device(), device()].map((each) => each.open(token)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
  })

  it('does nothing but open: its token alone neither reads nor changes the check', async () => {
    const { token } = await opened()
    const bearer = { authorization: `Bearer ${token}` }
    expect((await device().call('GET', '/session', undefined, bearer)).status).toBe(401)
    expect((await device().call('POST', '/consent', {}, bearer)).status).toBe(401)
    expect((await device().call('POST', '/cancel', {}, bearer)).status).toBe(401)
    expect((await device().call('POST', '/hand-over', undefined, bearer)).status).toBe(401)
  })

  it('does not open for the first time after its life', async () => {
    const token = await link({ tokenLifetimeInMinutes: 5 })
    clock.advance(6 * 60_000)
    expect((await device().open(token)).json.code).toBe('LINK_NOT_USABLE')
  })

  it('is told how many seconds are left, which staying renews', async () => {
    const { first } = await opened()
    expect((await first.call('POST', '/consent', {})).json.leftSec).toBe(15 * 60)
    clock.advance(14 * 60_000)
    expect((await first.call('GET', '/session')).json.leftSec).toBe(60)
    expect((await first.call('POST', '/stay', {})).json.leftSec).toBe(15 * 60)
  })

  it('finds the check again by the key alone, after the tab was closed; nothing changes without naming the check', async () => {
    const { first } = await opened()
    await first.call('POST', '/consent', {})
    const headers = await first.headers('')
    const reopened = await fetch(`${url}/capture/api/session`, { headers: { cookie: headers.cookie ?? '' } })
    expect(await reopened.json()).toMatchObject({ step: 'choice', device: 'doing' })
    const unnamed = await fetch(`${url}/capture/api/cancel`, {
      method: 'POST',
      headers: { cookie: headers.cookie ?? '', 'content-type': 'text/plain' },
    })
    expect(unnamed.status).toBe(401)
  })

  it('keeps two checks of one browser apart', async () => {
    const browser = device()
    const one = (await browser.open(await link())).json
    await browser.call('POST', '/consent', {})
    const two = (await browser.open(await link())).json
    expect(two.id).not.toBe(one.id)
    expect((await browser.call('GET', '/session', undefined, { 'x-capture-session': one.id })).json.step).toBe('choice')
    expect((await browser.call('GET', '/session', undefined, { 'x-capture-session': two.id })).json.step).toBe(
      'consent',
    )
  })
})

describe('handing a check over', () => {
  it('moves it: the phone goes on where it was, the computer only follows until the end, and goes on alone', async () => {
    const { token, first: computer } = await opened()
    await computer.call('POST', '/consent', {})
    const { json: shown } = await computer.call('POST', '/hand-over')
    expect(shown.address).toMatch(/^https:\/\/verify\.example\/capture\/#(?:[2-9B-Z]{4}-){2}[2-9B-Z]{4}$/)
    const code = codeOf(shown.address)

    const phone = device()
    const { json: look } = await phone.call('POST', '/hand-over/look', { code })
    expect(look).toEqual({
      client: { name: 'Acme', color: null, logoUrl: null },
      match: shown.match,
      account: 'person-1',
      isTakenHere: false,
    })
    expect((await computer.call('GET', '/session')).json.device).toBe('doing')

    const taken = await phone.call('POST', '/hand-over/take', { code: code.toLowerCase().replaceAll('-', ' ') })
    expect(taken.json).toMatchObject({ step: 'choice', device: 'doing', isFollowed: true })
    expect((await computer.call('GET', '/session')).json).toMatchObject({ device: 'following', step: 'choice' })
    expect((await computer.call('PUT', '/choice', { country: 'UTO', type: 'PASSPORT' })).json.code).toBe(
      'OPEN_ELSEWHERE',
    )
    expect((await computer.open(token)).json.device).toBe('following')
    await phone.call('PUT', '/choice', { country: 'UTO', type: 'PASSPORT' })
    expect((await computer.call('GET', '/session')).json.step).toBe('front')

    expect((await phone.call('POST', '/cancel', {})).json.ended).toEqual({ how: 'cancelled', returnUrl: null })
    const end = (await computer.call('GET', '/session')).json.ended
    expect(end.how).toBe('cancelled')
    expect(end.returnUrl).toContain('acme.example/sorry')
  })

  it('uses each code once: another phone is refused, the same one may open the address again', async () => {
    const { first: computer } = await opened()
    const code = await shownCode(computer)
    const phone = device()
    expect((await phone.call('POST', '/hand-over/take', { code })).status).toBe(200)
    const other = device()
    expect(await other.call('POST', '/hand-over/look', { code })).toMatchObject({
      status: 410,
      json: { code: 'CODE_USED' },
    })
    expect(await other.call('POST', '/hand-over/take', { code })).toMatchObject({
      status: 410,
      json: { code: 'CODE_USED' },
      setCookie: [],
    })
    expect((await phone.call('POST', '/hand-over/look', { code })).json.isTakenHere).toBe(true)
    expect((await phone.call('POST', '/hand-over/take', { code })).json.device).toBe('doing')
  })

  it('goes to one of several phones that take the same code at once', async () => {
    const { first: computer } = await opened()
    const code = await shownCode(computer)
    const answers = await Promise.all(
      [device(), device(), device(), device()].map((phone) => phone.call('POST', '/hand-over/take', { code })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410])
  })

  it('ends a code after five minutes, and when a newer one is shown', async () => {
    const { first: computer } = await opened()
    const old = await shownCode(computer)
    clock.advance(5 * 60_000)
    expect((await device().call('POST', '/hand-over/take', { code: old })).json.code).toBe('CODE_EXPIRED')
    const replaced = await shownCode(computer)
    await shownCode(computer)
    expect((await device().call('POST', '/hand-over/take', { code: replaced })).json.code).toBe('CODE_NOT_USABLE')
    expect((await device().call('POST', '/hand-over/look', { code: 'BBBB-BBBB-BBBB' })).json.code).toBe(
      'CODE_NOT_USABLE',
    )
    expect((await device().call('POST', '/hand-over/look', { code: 'short' })).status).toBe(404)
  })

  it('can be taken back, before and after a phone took it', async () => {
    const { first: computer } = await opened()
    const unused = await shownCode(computer)
    expect((await computer.call('DELETE', '/hand-over')).json.device).toBe('doing')
    expect((await device().call('POST', '/hand-over/take', { code: unused })).json.code).toBe('CODE_NOT_USABLE')

    const phone = device()
    await phone.call('POST', '/hand-over/take', { code: await shownCode(computer) })
    await phone.call('POST', '/consent', {})
    expect((await computer.call('DELETE', '/hand-over')).json).toMatchObject({ device: 'doing', step: 'choice' })
    expect((await phone.call('GET', '/session')).json.code).toBe('OPEN_ELSEWHERE')
    expect((await phone.call('PUT', '/choice', { country: 'UTO', type: 'PASSPORT' })).json.code).toBe('OPEN_ELSEWHERE')
    expect((await computer.call('PUT', '/choice', { country: 'UTO', type: 'PASSPORT' })).status).toBe(200)
  })

  it('goes back to the computer by a code of the phone, and on from a phone to another one', async () => {
    const { first: computer } = await opened()
    const phone = device()
    await phone.call('POST', '/hand-over/take', { code: await shownCode(computer) })
    const tablet = device()
    await tablet.call('POST', '/hand-over/take', { code: await shownCode(phone) })
    expect((await phone.call('GET', '/session')).json.code).toBe('OPEN_ELSEWHERE')
    expect((await computer.call('GET', '/session')).json.device).toBe('following')
    const back = await computer.call('POST', '/hand-over/take', { code: await shownCode(tablet) })
    expect(back.json).toMatchObject({ device: 'doing', isFollowed: false })
  })

  it('is refused to devices that only follow, and when the check has ended', async () => {
    const { first: computer } = await opened()
    const phone = device()
    await phone.call('POST', '/hand-over/take', { code: await shownCode(computer) })
    expect((await computer.call('POST', '/hand-over')).json.code).toBe('OPEN_ELSEWHERE')
    const late = await shownCode(phone)
    await phone.call('POST', '/cancel', {})
    expect((await phone.call('POST', '/hand-over')).json.code).toBe('SESSION_ENDED')
    expect((await device().call('POST', '/hand-over/take', { code: late })).json.code).toBe('SESSION_ENDED')
  })

  it.each(['shown', 'taken'] as const)(
    'waits for a deletion that is faster, and neither stops the other, when it is %s',
    async (what) => {
      const { first: computer } = await opened()
      const code = await shownCode(computer)
      const { json } = await computer.call('GET', '/session')
      let call: Promise<{ status: number }> | undefined
      // In the order of a deletion: the session, then what belongs to it.
      await deps.db.transaction(async (tx) => {
        await lockSession(tx, json.id)
        call =
          what === 'shown' ? computer.call('POST', '/hand-over') : device().call('POST', '/hand-over/take', { code })
        await until(async () => {
          const { rows } = await deps.db.execute(
            `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          )
          return rows.length > 0 ? true : undefined
        })
        await removeHandOvers(tx, json.id)
      })
      expect((await call)?.status).toBe(what === 'shown' ? 200 : 410)
    },
  )

  it('keeps no code as it was shown, and forgets its digest after a day', async () => {
    const { first: computer } = await opened()
    const code = await shownCode(computer)
    const kept = await deps.db.execute('select * from verifier.hand_overs')
    expect(kept.rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(kept.rows)).not.toContain(code.replaceAll('-', ''))
    clock.advance(25 * 3_600_000)
    await verifier.sweep()
    expect((await deps.db.execute('select * from verifier.hand_overs')).rows).toEqual([])
  })
})
