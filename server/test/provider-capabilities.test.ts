import { providerTypes } from '@veridoor/providers'
import { startFakeAlibabaCloud } from '@veridoor/providers/alibaba-cloud/fake'
import { sessionEvent, signedWebhook, startFakeStripe } from '@veridoor/providers/stripe/fake'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './harness.ts'

// Types of other shapes than "redirect and one webhook address a check", over real HTTP in front of the running server.
let server: TestServer
let admin: ReturnType<TestServer['browser']>
let stripe: Awaited<ReturnType<typeof startFakeStripe>>
let alibaba: Awaited<ReturnType<typeof startFakeAlibabaCloud>>
const category = 'ID Verification'
let people = 0

beforeAll(async () => {
  server = await startServer('provider_capabilities', { types: [...providerTypes] })
  stripe = await startFakeStripe()
  alibaba = await startFakeAlibabaCloud()
  admin = await server.admin()
  const add = async (name: string, type: string, config: object) => {
    const made = await admin.call('POST', '/v1/providers', {
      organization: 'built-in',
      name,
      displayName: name,
      category,
      type,
      config,
    })
    expect(made.status, made.text).toBe(201)
    return made.json
  }
  await add('stripe', 'Stripe Identity', { ...stripe.config, livenessRequired: false })
  await add('modal', 'Stripe Identity', {
    ...stripe.config,
    livenessRequired: false,
    flow: 'embedded',
    publishableKey: 'pk_test_Publishable01',
  })
  await add('alibaba', 'Alibaba Cloud', alibaba.config)
})
afterAll(async () => {
  await stripe?.close()
  await alibaba?.close()
  await server?.stop()
})

const use = async (name: string): Promise<void> => {
  const { json } = await admin.call('GET', '/v1/applications/app-built-in')
  const providers = [{ organization: 'built-in', name }]
  const saved = await admin.call('PUT', '/v1/applications/app-built-in', { ...json, providers })
  expect(saved.status, saved.text).toBe(200)
}
const person = async (identity: object) => {
  people += 1
  const own = server.browser()
  await own.signUp(`shape${people}`)
  const saved = await own.call('PUT', '/v1/account/identity', identity)
  expect(saved.status, saved.text).toBe(200)
  return own
}
const ortrun = (number = 'U5518204') => ({
  realName: 'Ortrun Kvasnicka',
  documentNumber: number,
  documentType: 'PASSPORT',
  documentCountry: 'AUT',
})
const ottoline = {
  realName: 'Ottoline Quennell',
  documentNumber: '110101199003074477',
  documentType: 'ID_CARD',
  documentCountry: 'CHN',
}
const providerOf = async (name: string) => (await admin.call('GET', `/v1/providers/built-in/${name}`)).json
const rowOf = async (id: string) =>
  (await server.pool.query('select * from veridoor.verifications where id = $1', [id])).rows[0]
const auditOf = async (reference: string): Promise<string> =>
  JSON.stringify(
    (await server.pool.query('select reasons from veridoor.audit_lines where reference = $1', [reference])).rows,
  )
const post = (url: string, webhook: ReturnType<typeof signedWebhook>) =>
  server.app.inject({
    method: 'POST',
    url: new URL(url).pathname,
    headers: { ...webhook.headers },
    payload: Buffer.from(webhook.body),
  })
const now = (): number => Math.floor(server.clock.now().getTime() / 1_000)

describe('one webhook address an account', () => {
  it('is shown with the provider, stays when its settings change, and takes signed webhooks about its own checks', async () => {
    await use('stripe')
    const { webhookUrl, etag, ...saved } = await providerOf('stripe')
    expect(webhookUrl).toMatch(/^http:\/\/localhost:8000\/notices\/[\w-]{20,}$/)
    await admin.call('PUT', '/v1/providers/built-in/stripe', { ...saved, etag, displayName: 'Stripe' })
    expect((await providerOf('stripe')).webhookUrl).toBe(webhookUrl)

    const own = await person(ortrun())
    const started = await own.call('POST', '/v1/verifications', {})
    expect(started.json, started.text).toMatchObject({ state: 'waiting' })
    expect(started.json.redirectUrl).toMatch(/\/start\//)
    const { provider_reference: reference } = await rowOf(started.json.id)

    const event = sessionEvent(reference)
    const received = await post(webhookUrl, signedWebhook(event, { at: now() }))
    expect([received.statusCode, received.json()]).toEqual([200, { received: true }])
    const { rows } = await server.pool.query(
      'select copies from veridoor.incoming_webhooks where verification_id = $1',
      [started.json.id],
    )
    expect(rows).toEqual([{ copies: 1 }])
    await server.verification.settle(started.json.id)
    const account = await own.call('GET', '/v1/account')
    // Stripe's document has an expiry and all fields, so a person need not look.
    expect(account.json.identity.isVerified, JSON.stringify(account.json.verification)).toBe(true)
    // The same event again changes nothing.
    expect((await post(webhookUrl, signedWebhook(event, { at: now() }))).statusCode).toBe(200)
  })

  it('refuses what is forged, altered or old, and takes notice of nothing that is about no check', async () => {
    await use('stripe')
    const { webhookUrl } = await providerOf('stripe')
    const own = await person(ortrun('U5518205'))
    const started = await own.call('POST', '/v1/verifications', {})
    const { provider_reference: reference } = await rowOf(started.json.id)
    const event = sessionEvent(reference)
    const forged = [
      signedWebhook(event, { at: now(), secret: 'whsec_AnotherSecret0001' }),
      signedWebhook(event, { at: now() - 900 }),
      { ...signedWebhook(event, { at: now() }), headers: { 'content-type': 'application/json' } },
      { ...signedWebhook(sessionEvent('vs_x'), { at: now() }), body: new TextEncoder().encode(JSON.stringify(event)) },
    ]
    for (const webhook of forged) expect((await post(webhookUrl, webhook)).statusCode).toBe(400)
    const unrelated = await post(webhookUrl, signedWebhook(sessionEvent('vs_of_somebody_else'), { at: now() }))
    expect(unrelated.statusCode).toBe(200)
    const { rows } = await server.pool.query('select 1 from veridoor.incoming_webhooks where verification_id = $1', [
      started.json.id,
    ])
    expect(rows).toEqual([])
    await own.call('POST', `/v1/verifications/${started.json.id}/cancel`)
  })

  it('of one provider says nothing about the checks of another', async () => {
    await use('stripe')
    const own = await person(ortrun('U5518206'))
    const started = await own.call('POST', '/v1/verifications', {})
    const { provider_reference: reference } = await rowOf(started.json.id)
    const { webhookUrl } = await providerOf('modal')
    expect((await post(webhookUrl, signedWebhook(sessionEvent(reference), { at: now() }))).statusCode).toBe(200)
    expect((await rowOf(started.json.id)).finished_by_person_at).toBeNull()
    await own.call('POST', `/v1/verifications/${started.json.id}/cancel`)
  })

  it('is not there for types that get an address with each check, and unknown addresses are unknown', async () => {
    expect((await providerOf('alibaba')).webhookUrl).toBeNull()
    expect((await post('http://localhost:8000/notices/unknown', signedWebhook({}))).statusCode).toBe(404)
  })
})

describe('an embedded check', () => {
  it('leads to our own page, which alone is opened for the declared origins, and only for the person', async () => {
    await use('modal')
    const own = await person(ortrun('U5518207'))
    const started = await own.call('POST', '/v1/verifications', {})
    const page = new URL(started.json.redirectUrl)
    expect(page.pathname).toBe('/account/identity/check')
    const embed = await own.call('GET', `/v1/verifications/${started.json.id}/embed`)
    expect(embed.json).toMatchObject({
      script: 'https://js.stripe.com/v3/',
      options: { publishableKey: 'pk_test_Publishable01' },
    })
    expect(embed.json.token).toContain('_secret_')
    const policyOf = async (browser: { cookies: string }, path: string) =>
      String(
        (await server.app.inject({ method: 'GET', url: path, headers: { cookie: browser.cookies } })).headers[
          'content-security-policy'
        ],
      )
    const path = page.pathname + page.search
    expect(await policyOf(own, path)).toContain("script-src 'self' https://js.stripe.com;")
    const stranger = await person(ortrun('U5518208'))
    for (const [browser, where] of [
      [stranger, path],
      [own, '/account/identity'],
      [own, '/account/identity/check'],
      [own, '/account/identity/check?check=x'],
      [admin, path],
    ] as const)
      expect(await policyOf(browser, where)).toContain("script-src 'self';")
    expect((await stranger.call('GET', `/v1/verifications/${started.json.id}/embed`)).status).toBe(404)
    expect((await admin.call('GET', `/v1/verifications/${started.json.id}/embed`)).status).toBe(404)

    const module = await server.app.inject({ method: 'GET', url: embed.json.module })
    expect(module.headers['content-type']).toMatch(/^text\/javascript/)
    expect(module.body).toContain('export const run')
    expect((await server.app.inject({ method: 'GET', url: '/verifications/embed/Jumio' })).statusCode).toBe(404)

    await own.call('POST', `/v1/verifications/${started.json.id}/cancel`)
    expect((await own.call('GET', `/v1/verifications/${started.json.id}/embed`)).status).toBe(409)
    expect(await policyOf(own, path)).toContain("script-src 'self';")
  })

  it('keeps its token encrypted and out of every answer but the person’s own', async () => {
    await use('modal')
    const own = await person(ortrun('U5518209'))
    const started = await own.call('POST', '/v1/verifications', {})
    const { token } = (await own.call('GET', `/v1/verifications/${started.json.id}/embed`)).json
    expect(JSON.stringify(await rowOf(started.json.id))).not.toContain(token)
    const seen = await Promise.all(
      ['/v1/account', `/v1/verifications/${started.json.id}/state`].map(
        async (path) => (await own.call('GET', path)).text,
      ),
    )
    expect(seen.join()).not.toContain(token)
    expect((await admin.call('GET', `/v1/verifications/${started.json.id}`)).text).not.toContain(token)
    await own.call('POST', `/v1/verifications/${started.json.id}/cancel`)
  })
})

describe('an instant answer', () => {
  it('is settled with the start by the same rules: a register match without a document is for a person', async () => {
    await use('alibaba')
    alibaba.setScenario('approve')
    const own = await person(ottoline)
    const started = await own.call('POST', '/v1/verifications', {})
    expect(started.json).toMatchObject({ state: 'review', redirectUrl: null })
    expect((await own.call('GET', '/v1/account')).json.identity.isVerified).toBe(false)
    const detail = (await admin.call('GET', `/v1/verifications/${started.json.id}`)).json
    expect(detail.staffReasons.join(' ')).toContain('The register has this name with this number.')
    // A later settle finds nothing to do, and asks nobody.
    const calls = alibaba.calls()
    await server.verification.settle(started.json.id)
    expect(alibaba.calls()).toBe(calls)
    expect((await rowOf(started.json.id)).state).toBe('review')
  })

  it('that says no is a rejection with a sentence, and names what was sent in the audit, not its values', async () => {
    await use('alibaba')
    alibaba.setScenario('reject')
    const own = await person({ ...ottoline, documentNumber: '110101199003074499' })
    const started = await own.call('POST', '/v1/verifications', {})
    expect(started.json).toMatchObject({ state: 'rejected', reasons: [{ code: 'register_differs' }] })
    const lines = await auditOf(started.json.reference)
    expect(lines).toContain('sent to provider: name and document number')
    expect(lines).not.toContain('Ottoline')
    expect(lines).not.toContain('110101199003074499')
  })

  it('declares in the console what it sends', async () => {
    const { items } = (await admin.call('GET', '/v1/provider-types')).json
    const sends = Object.fromEntries(items.map(({ type, sends }: { type: string; sends: string[] }) => [type, sends]))
    expect(sends).toEqual({ Jumio: [], 'Alibaba Cloud': ['claim'], 'Stripe Identity': [] })
  })
})
