import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeClient, findClient, rotateSecret } from '../src/clients/clients.ts'
import { seedClient } from '../src/index.ts'
import { findPortalSession, leaveMessage, takeMessage } from '../src/portal/sign-in.ts'
import { findSession } from '../src/session/store.ts'
import { jpeg, startVerifier, type TestVerifier, until } from './test-verifier.ts'

/** The portal, as a browser without scripts sees it. */
const SECRET = 'a portal secret of some length'
let service: TestVerifier
let cookie = ''
beforeAll(async () => {
  service = await startVerifier('verifier_portal', { portalSecret: SECRET })
})
afterAll(() => service?.stop())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${service.url}/portal${path}`, { redirect: 'manual', headers: { cookie, ...headers } })
const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${service.url}/portal${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, origin: service.url, ...headers },
    body: new URLSearchParams(fields),
  })
const formToken = async (): Promise<string> =>
  / name="form" value="([\w-]+)"/.exec(await (await get('')).text())?.[1] ?? ''
const signIn = async (secret = SECRET, headers: Record<string, string> = {}) => {
  const answer = await post('/sign-in', { secret }, headers)
  const [, value] = /^verifier_portal=([\w-]+)/.exec(answer.headers.get('set-cookie') ?? '') ?? []
  return { answer, cookie: value ? `verifier_portal=${value}` : '' }
}
/** A form of our own, sent as the page would. */
const send = async (path: string, fields: Record<string, string> = {}) =>
  post(path, { form: await formToken(), ...fields })
const pageAfter = async (answer: Response): Promise<string> => {
  expect(answer.status).toBe(303)
  return (await get((answer.headers.get('location') ?? '').replace('/portal', ''))).text()
}
const basic = (token: string, secret: string) => `Basic ${Buffer.from(`${token}:${secret}`).toString('base64')}`
const initiate = (token: string, secret: string, change: Record<string, unknown> = {}) => {
  service.clock.advance(1_100)
  return fetch(`${service.url}/api/v4/initiate`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Acme Test/1.0',
      authorization: basic(token, secret),
    },
    body: JSON.stringify({ customerInternalReference: 'case-1', userReference: 'person-1', ...change }),
  })
}

describe('the door', () => {
  it('shows nothing without the secret, and is not there without one set', async () => {
    for (const path of ['', '/clients/acme']) {
      const answer = await get(path)
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/portal/sign-in'])
    }
    const page = await get('/sign-in')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await page.text()).not.toMatch(/<script|acme/)
    expect((await signIn('wrong secret of some length')).answer.status).toBe(401)
    const without = await startVerifier('verifier_no_portal')
    expect((await fetch(`${without.url}/portal/sign-in`)).status).toBe(404)
    await without.stop()
  })

  it('gives a cookie that scripts and other sites cannot use, and ends it on signing out', async () => {
    const signed = await signIn()
    const set = signed.answer.headers.get('set-cookie') ?? ''
    for (const word of ['HttpOnly', 'SameSite=Strict', 'Path=/portal']) expect(set).toContain(word)
    cookie = signed.cookie
    expect((await get('')).status).toBe(200)
    await send('/sign-out')
    expect((await get('')).status).toBe(303)
    cookie = (await signIn()).cookie
    service.clock.advance(8 * 3_600_000 + 1)
    expect((await get('')).status).toBe(303)
    cookie = (await signIn()).cookie
  })

  it('takes forms from its own pages only', async () => {
    const token = await formToken()
    for (const [fields, origin] of [
      [{ name: 'Forged' }, service.url],
      [{ name: 'Forged', form: 'x'.repeat(43) }, service.url],
      [{ name: 'Forged', form: token }, 'https://elsewhere.example'],
      [{ name: 'Forged', form: token }, 'null'],
    ] as const)
      expect((await post('/clients', fields, { origin })).status).toBe(403)
    expect((await signIn(SECRET, { origin: 'https://elsewhere.example' })).answer.status).toBe(403)
    expect(await (await get('')).text()).not.toContain('Forged')
  })

  it('is slow for whoever guesses', async () => {
    service.clock.advance(60_001)
    for (let tries = 0; tries < 10; tries += 1) expect((await signIn('guess')).answer.status).toBe(401)
    expect((await signIn()).answer.status).toBe(429)
    service.clock.advance(60_001)
    expect((await signIn()).answer.status).toBe(303)
  })
})

describe('clients', () => {
  it('are made with a secret that is shown once and kept as a digest, rotated, disabled and enabled', async () => {
    expect((await send('/clients', { name: ' ' })).status).toBe(422)
    const made = await send('/clients', { name: 'Shop <b>&' })
    const path = (made.headers.get('location') ?? '').replace('/portal', '')
    const shown = await pageAfter(made)
    expect(shown).toContain('Shop &lt;b&gt;&amp;')
    const token = path.split('/').at(-1) ?? ''
    const secretIn = (text: string) => /data-testid="secret">([\w-]+)</.exec(text)?.[1] ?? ''
    const first = secretIn(shown)
    expect((await initiate(token, first)).status).toBe(200)
    expect(secretIn(await (await get(path)).text())).toBe('')
    const stored = await service.deps.db.execute(`select t::text as row from verifier.clients t`)
    expect(JSON.stringify(stored.rows)).not.toContain(first)

    const access = await fetch(`${service.url}/oauth2/token?grant_type=client_credentials`, {
      method: 'POST',
      headers: { 'user-agent': 'Acme Test/1.0', authorization: basic(token, first) },
    })
    const { access_token } = (await access.json()) as { access_token: string }
    const asPlatform = async () =>
      (
        await fetch(`${service.url}/api/v1/accounts/00000000-0000-4000-8000-000000000404`, {
          method: 'PUT',
          headers: { 'user-agent': 'Acme Test/1.0', authorization: `Bearer ${access_token}` },
        })
      ).status
    expect(await asPlatform()).toBe(404)
    const second = secretIn(await pageAfter(await send(`${path}/secret`)))
    expect(second).not.toBe(first)
    expect((await initiate(token, first)).status).toBe(401)
    expect((await initiate(token, second)).status).toBe(200)
    // Access tokens of the old secret end with it.
    expect(await asPlatform()).toBe(401)

    await send(`${path}/disable`)
    expect((await initiate(token, second)).status).toBe(401)
    await send(`${path}/enable`)
    expect((await initiate(token, second)).status).toBe(200)
    // The environment has the word over its own client's secret.
    expect(secretIn(await pageAfter(await send('/clients/acme/secret')))).toBe('')
    expect((await initiate('acme', 'acme-secret')).status).toBe(200)
    // Once another one stands there, it is the portal's, which can end its secret.
    const { db, cipher: box } = service.deps
    const next = { token: 'acme-2', secret: 'acme-2-secret', name: 'acme', liveness: 'off' } as const
    await seedClient(db, box, next, service.clock.now())
    expect(secretIn(await pageAfter(await send('/clients/acme-2/secret')))).toBe('')
    await changeClient(db, 'acme', { disabledAt: service.clock.now() })
    expect((await initiate('acme', 'acme-secret')).status).toBe(401)
    await changeClient(db, 'acme', { disabledAt: null })
    expect(await rotateSecret(db, box, 'acme')).not.toBeNull()
    await seedClient(db, box, { token: 'acme', secret: 'acme-secret' }, service.clock.now())
    expect(await rotateSecret(db, box, 'acme')).toBeNull()
  })

  it('tell a word once, also to two pages that are read at the same time', async () => {
    const token = cookie.split('=')[1] ?? ''
    const session = await findPortalSession(service.deps, token)
    if (!session) throw new Error('nobody is signed in')
    await leaveMessage(service.deps, session, { action: 'saved' })
    const left = await findPortalSession(service.deps, token)
    if (!left) throw new Error('nobody is signed in')
    const read = await Promise.all([takeMessage(service.deps, left), takeMessage(service.deps, left)])
    expect(read.filter((told) => told !== null)).toEqual([{ action: 'saved' }])
  })

  it('are set, and what cannot be used is said beside its field, with nothing saved', async () => {
    const fields = {
      name: 'Acme Shop',
      color: '#0B5A6B',
      callbackUrl: service.callbackUrl,
      successUrl: 'https://acme.example/ok',
      workflowId: '100',
      locale: 'pt-BR',
      liveness: 'off',
      tokenLifetimeMinutes: '15',
      retentionDays: '7',
      acceptedCountries: 'aut deu',
      masking: 'on',
    }
    const refused = await send('/clients/acme/settings', {
      ...fields,
      errorUrl: 'http://acme.example/no',
      acceptedCountries: 'Austria',
      retentionDays: '0',
    })
    const page = await refused.text()
    expect(refused.status).toBe(422)
    for (const name of ['errorUrl', 'acceptedCountries', 'retentionDays']) expect(page).toContain(`id="${name}-fault"`)
    expect(page).toContain('value="http://acme.example/no"')
    expect((await findClient(service.deps.db, 'acme'))?.name).toBe('acme')
    // Each alone can be used; together they leave people nothing to choose.
    for (const nothing of [
      { acceptedTypes: 'DRIVING_LICENSE' },
      // The United Kingdom issues no ID cards.
      { acceptedTypes: 'ID_CARD', acceptedCountries: 'gbr' },
    ])
      expect(await (await send('/clients/acme/settings', { ...fields, ...nothing })).text()).toContain(
        'No document of the kinds below is read of these countries.',
      )

    expect(await pageAfter(await send('/clients/acme/settings', fields))).toContain('The settings are saved.')
    expect(await findClient(service.deps.db, 'acme')).toMatchObject({
      name: 'Acme Shop',
      color: '#0b5a6b',
      workflowId: 100,
      locale: 'pt-BR',
      liveness: 'off',
      tokenLifetimeMinutes: 15,
      retentionDays: 7,
      acceptedCountries: ['AUT', 'DEU'],
      acceptedTypes: null,
      masking: true,
    })
    const started = (await (await initiate('acme', 'acme-secret')).json()) as { redirectUrl: string }
    expect(started.redirectUrl).toContain('locale=pt-BR')
  })
})

it('fields that the page offers no tick for stay as they were set: without any, all of them would be meant', async () => {
  const ticks = async (enabledFields: string[] | null) => {
    await changeClient(service.deps.db, 'acme', { enabledFields })
    const page = await (await get('/clients/acme')).text()
    return [...page.matchAll(/type="(\w+)" name="enabledFields" value="(\w+)"( checked)?/g)]
      .filter(([, type, , checked]) => type === 'hidden' || checked)
      .map(([, , name]) => name)
  }
  expect(await ticks(['idNumber', 'idAddress'])).toEqual(['idNumber', 'idAddress'])
  expect(await ticks(['idAddress'])).toEqual(['idAddress'])
  expect(await ticks(null)).toEqual([])
})

describe('recent sessions', () => {
  it('tell ids, states and deliveries, nothing about the person, and send a callback again', async () => {
    service.clock.advance(10_000)
    service.told.callbackStatus = [500]
    const answer = await fetch(`${service.url}/api/netverify/v2/performNetverify`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Acme Test/1.0',
        authorization: basic('acme', 'acme-secret'),
      },
      body: JSON.stringify({
        merchantIdScanReference: 'case-of-ada',
        customerId: 'ada-17',
        enabledFields: 'idNumber,idLastName',
        frontsideImage: jpeg.toString('base64'),
        country: 'AUT',
        idType: 'PASSPORT',
      }),
    })
    const { jumioIdScanReference: id } = (await answer.json()) as { jumioIdScanReference: string }
    await until(async () => ((await findSession(service.deps.db, id))?.callbackState === 'failing' ? true : undefined))
    const page = await (await get('/clients/acme')).text()
    expect(page).toContain(id)
    expect(page).toContain('Callback not accepted')
    expect(page).not.toMatch(/LOVELACE|L898902C3|case-of-ada|ada-17/)

    expect(await pageAfter(await send(`/clients/acme/sessions/${id}/callback`))).toContain('on its way again')
    await until(async () => ((await findSession(service.deps.db, id))?.callbackState === 'sent' ? true : undefined))
    expect(await (await get('/clients/acme')).text()).toContain('Callback delivered (200)')
    // Delivered ones too: the receiver may have lost it.
    const before = service.received.length
    await send(`/clients/acme/sessions/${id}/callback`)
    await until(() => (service.received.length > before ? true : undefined))
    // Never another client's.
    expect(await pageAfter(await send(`/clients/stranger/sessions/${id}/callback`))).toContain('nothing to send')
  })
})
