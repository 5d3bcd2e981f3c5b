import { describe, expect, it } from 'vitest'
import { JumioError } from '../errors.ts'
import { createPlatformClient, createTokenCache, hostsOfBase, hostsOfRegion } from './index.ts'

type Sent = { method: string; url: string; headers: Headers; body: unknown }
/** A fetch that answers from a list of rules and keeps what was sent. */
const wire = (answer: (sent: Sent, count: number) => Response) => {
  const sent: Sent[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const call = {
      method: init?.method ?? 'GET',
      url: String(input),
      headers: new Headers(init?.headers),
      body: init?.body,
    }
    sent.push(call)
    return answer(call, sent.length)
  }
  return { sent, fetch }
}
const json = (body: unknown, status = 200): Response => Response.json(body, { status })
const execution = { accountId: 'acc-1', workflowExecutionId: 'wf-1' }
const status = { account: { id: 'acc-1' }, workflowExecution: { id: 'wf-1', status: 'INITIATED' } }
const clientOf = (answer: (sent: Sent, count: number) => Response, now?: () => number) => {
  const { sent, fetch } = wire(answer)
  const client = createPlatformClient({
    hosts: hostsOfRegion('eu'),
    token: 'id',
    secret: 'geheim',
    userAgent: 'Acme Shop/1.0',
    fetch,
    tokens: createTokenCache(now),
    sleep: async () => undefined,
    pace: null,
  })
  return { client, sent }
}
const isToken = ({ url }: Sent): boolean => url.endsWith('/oauth2/token')
const token = (name: string, expires_in = 3600): Response => json({ access_token: name, expires_in })
const codeOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'none',
    (error) => (error instanceof JumioError ? error.code : 'other'),
  )

describe('hosts', () => {
  it('are those of the region, of the region of any of its hosts, or one address for all', () => {
    expect(hostsOfRegion('sgp').retrieval).toBe('https://retrieval.apac-1.jumio.ai')
    expect(hostsOfBase('https://account.emea-1.jumio.ai/').auth).toBe('https://auth.emea-1.jumio.ai')
    expect(new Set(Object.values(hostsOfBase('http://127.0.0.1:8001/')))).toEqual(new Set(['http://127.0.0.1:8001']))
    expect(hostsOfBase('https://auth.emea-1.jumio.ai.evil.example').auth).toBe(
      'https://auth.emea-1.jumio.ai.evil.example',
    )
  })
})

describe('the token', () => {
  it('is fetched once for many calls at a time, with Basic, and sent as Bearer', async () => {
    const { client, sent } = clientOf((call) => (isToken(call) ? token('one') : json(status)))
    await Promise.all([client.status(execution), client.status(execution), client.status(execution)])
    const asked = sent.filter(isToken)
    expect(asked).toHaveLength(1)
    expect(asked[0]?.url).toBe('https://auth.emea-1.jumio.ai/oauth2/token')
    expect(asked[0]?.headers.get('authorization')).toBe(`Basic ${Buffer.from('id:geheim').toString('base64')}`)
    for (const call of sent.filter((one) => !isToken(one))) expect(call.headers.get('authorization')).toBe('Bearer one')
  })

  it('is refreshed some minutes before its end, and by the end that the token itself names', async () => {
    let time = 1_000_000
    const { client, sent } = clientOf(
      (call) => (isToken(call) ? token('one', 3600) : json(status)),
      () => time,
    )
    await client.status(execution)
    time += 56 * 60_000
    await client.status(execution)
    expect(sent.filter(isToken)).toHaveLength(1)
    time += 2 * 60_000
    await client.status(execution)
    expect(sent.filter(isToken)).toHaveLength(2)

    const jwt = `h.${Buffer.from(JSON.stringify({ exp: (time + 600_000) / 1000 })).toString('base64url')}.s`
    const named = clientOf(
      (call) => (isToken(call) ? token(jwt) : json(status)),
      () => time,
    )
    await named.client.status(execution)
    time += 8 * 60_000
    await named.client.status(execution)
    expect(named.sent.filter(isToken)).toHaveLength(2)
  })

  it('is counted by how long it lives, whatever our clock says', async () => {
    const serverTime = 1_700_000_000_000
    const jwt = `h.${Buffer.from(JSON.stringify({ exp: serverTime / 1000 + 1800 })).toString('base64url')}.s`
    for (const skewMs of [-6 * 3_600_000, 0, 6 * 3_600_000]) {
      let time = serverTime + skewMs
      const dated = () =>
        Response.json(
          { access_token: jwt, expires_in: 3600 },
          { headers: { date: new Date(time - skewMs).toUTCString() } },
        )
      const { client, sent } = clientOf(
        (call) => (isToken(call) ? dated() : json(status)),
        () => time,
      )
      await client.status(execution)
      time += 26 * 60_000
      await client.status(execution)
      expect(sent.filter(isToken), String(skewMs)).toHaveLength(1)
      time += 2 * 60_000
      await client.status(execution)
      expect(sent.filter(isToken), String(skewMs)).toHaveLength(2)
    }
  })

  it('without a time of the other side and with an end that is long over by our clock is used, not asked for with every call', async () => {
    const jwt = `h.${Buffer.from(JSON.stringify({ exp: 1000 })).toString('base64url')}.s`
    const { client, sent } = clientOf((call) => (isToken(call) ? token(jwt) : json(status)))
    for (let call = 0; call < 3; call += 1) await client.status(execution)
    expect(sent.filter(isToken)).toHaveLength(1)
  })

  it('that is refused in the middle is fetched anew once, and the call repeated once', async () => {
    let tokens = 0
    const good = clientOf((call) => {
      if (isToken(call)) {
        tokens += 1
        return token(`t${tokens}`)
      }
      return call.headers.get('authorization') === 'Bearer t1' ? json({}, 401) : json(status)
    })
    expect((await good.client.status(execution)).workflowExecution.status).toBe('INITIATED')
    const bad = clientOf((call) => (isToken(call) ? token('x') : json({}, 401)))
    expect(await codeOf(bad.client.status(execution))).toBe('unauthorized')
    expect(bad.sent).toHaveLength(4)
  })

  it('failing is not kept: the next call asks again', async () => {
    const { client, sent } = clientOf((call, count) => {
      if (!isToken(call)) return json(status)
      return count === 1 ? json({ error: 'invalid_client' }, 401) : token('one')
    })
    expect(await codeOf(client.status(execution))).toBe('unauthorized')
    await client.status(execution)
    expect(sent.filter(isToken)).toHaveLength(2)
  })
})

describe('the client', () => {
  it('opens a transaction once, whatever goes wrong', async () => {
    for (const answer of [() => json({}, 500), () => json({}, 503)]) {
      const { client, sent } = clientOf((call) => (isToken(call) ? token('one') : answer()))
      const request = { customerInternalReference: 'case', workflowDefinition: { key: 10164 } }
      await expect(client.createAccount(request)).rejects.toMatchObject({ code: 'server_error', retryable: false })
      await expect(client.updateAccount('acc-1', request)).rejects.toMatchObject({ retryable: false })
      expect(sent.filter((call) => !isToken(call))).toHaveLength(2)
    }
  })

  it('accepts 201 for a new account', async () => {
    const answer = { account: { id: 'acc-1' }, workflowExecution: { id: 'wf-1' }, web: { href: 'https://x.example/' } }
    const { client } = clientOf((call) => (isToken(call) ? token('one') : json(answer, 201)))
    const request = { customerInternalReference: 'case', workflowDefinition: { key: '10164' } }
    expect((await client.createAccount(request)).workflowExecution.credentials).toEqual([])
  })

  it('refuses an answer about another transaction or person', async () => {
    for (const [account, workflow] of [
      ['acc-2', 'wf-1'],
      ['acc-1', 'wf-2'],
    ]) {
      const body = { account: { id: account }, workflowExecution: { id: workflow }, workflow: { id: workflow } }
      const { client } = clientOf((call) => (isToken(call) ? token('one') : json(body)))
      expect(await codeOf(client.status(execution))).toBe('bad_response')
      expect(await codeOf(client.details(execution))).toBe('bad_response')
    }
  })

  it('builds addresses from ids only', async () => {
    const { client, sent } = clientOf(() => token('one'))
    expect(await codeOf(client.status({ accountId: '../x', workflowExecutionId: 'y' }))).toBe('invalid_input')
    expect(await codeOf(client.picture('a', 'b', 'FRONT?x=1'))).toBe('invalid_input')
    expect(sent).toHaveLength(0)
  })

  it('uploads with the token of the transaction, never with the OAuth token', async () => {
    const answer = { account: { id: 'acc-1' }, workflowExecution: { id: 'wf-1' } }
    const { client, sent } = clientOf(() => json(answer))
    const upload = { ...execution, credentialId: 'cred', apiToken: 'part-token' }
    await client.uploadPart(upload, 'FRONT', { bytes: new Uint8Array([1, 2]), contentType: 'image/png' })
    await client.uploadPart(upload, 'PREPARED_DATA', { firstName: 'Nerys' })
    await client.finalize({ ...execution, apiToken: 'part-token' })
    expect(sent.map((call) => `${call.method} ${new URL(call.url).pathname}`)).toEqual([
      'POST /api/v1/accounts/acc-1/workflow-executions/wf-1/credentials/cred/parts/FRONT',
      'POST /api/v1/accounts/acc-1/workflow-executions/wf-1/credentials/cred/parts/PREPARED_DATA',
      'PUT /api/v1/accounts/acc-1/workflow-executions/wf-1',
    ])
    expect(sent[0]?.body).toBeInstanceOf(FormData)
    for (const call of sent) expect(call.headers.get('authorization')).toBe('Bearer part-token')
  })

  it('replaces a part where asked, and sends no picture that breaks the documented limits', async () => {
    const { client, sent } = clientOf(() => json({ account: { id: 'acc-1' }, workflowExecution: { id: 'wf-1' } }))
    const upload = { ...execution, credentialId: 'cred', apiToken: 'part-token' }
    const picture = { bytes: new Uint8Array(5 * 1_048_576), contentType: 'image/jpeg' }
    await client.uploadPart(upload, 'BACK', picture, { replace: true })
    expect(sent.map(({ method }) => method)).toEqual(['PUT'])
    for (const wrong of [
      { ...picture, bytes: new Uint8Array(5 * 1_048_576 + 1) },
      { ...picture, bytes: new Uint8Array() },
      { ...picture, contentType: 'image/svg+xml' },
    ])
      expect(await codeOf(client.uploadPart(upload, 'BACK', wrong))).toBe('invalid_input')
    expect(sent).toHaveLength(1)
    const other = { ...upload, workflowExecutionId: 'wf-2' }
    expect(await codeOf(client.uploadPart(other, 'BACK', picture))).toBe('bad_response')
  })

  it('takes no page that is a script, and no account of someone else for a further transaction', async () => {
    const request = { customerInternalReference: 'case', workflowDefinition: { key: 9 } }
    const opened = (id: string, href: string) =>
      clientOf((call) =>
        isToken(call) ? token('one') : json({ account: { id }, workflowExecution: { id: 'wf-1' }, web: { href } }),
      ).client
    // Both forms of the address are pages.
    for (const href of [
      'https://acme.web.emea-1.jumio.ai/web/v4/app?authorizationToken=t&locale=en',
      'https://acme.web.emea-1.jumio.ai/web/client?baseUrl=https%3A%2F%2Fx.example&authorizationToken=t&locale=en',
    ])
      expect((await opened('acc-1', href).updateAccount('ACC-1', request)).web?.href).toBe(href)
    for (const href of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', '/web', ''])
      expect(await codeOf(opened('acc-1', href).createAccount(request))).toBe('bad_response')
    expect(await codeOf(opened('acc-2', 'https://a.example/').updateAccount('acc-1', request))).toBe('bad_response')
  })

  it('never repeats a name that the wire chose', async () => {
    const details = {
      workflow: { id: 'wf-1' },
      account: { id: 'acc-1' },
      capabilities: { 'Ilaria Vossberger': [{ decision: 7 }] },
    }
    const { client } = clientOf((call) => (isToken(call) ? token('one') : json(details)))
    const error = await client.details(execution).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(JumioError)
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('Ilaria')
  })

  it('deletes twice without a fault', async () => {
    const { client, sent } = clientOf((call) => (isToken(call) ? token('one') : json({}, 404)))
    await expect(client.eraseExecution(execution)).resolves.toBeUndefined()
    await expect(client.eraseAccount('acc-1')).resolves.toBeUndefined()
    expect(sent.filter((call) => call.method === 'DELETE')).toHaveLength(2)
  })

  it('asks for Jumio’s health without credentials', async () => {
    const { client, sent } = clientOf(() => json({ status: 'UP' }))
    expect((await client.health()).status).toBe('UP')
    expect(sent[0]?.headers.has('authorization')).toBe(false)
    expect(sent[0]?.headers.get('user-agent')).toBe('Acme Shop/1.0')
  })
})
