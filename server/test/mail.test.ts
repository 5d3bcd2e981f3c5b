import { createServer, type Server } from 'node:net'
import { Secret } from '@veridoor/foundation'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Smtp } from '../src/mail/index.ts'
import { startServer, type TestServer } from './harness.ts'

type Taken = { to: string[]; from: string; user: string; text: string }

/** A mail server on this machine, with what it took. */
const startMailServer = async (options: SMTPServerOptions = {}) => {
  const taken: Taken[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    ...options,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { rcptTo, mailFrom } = session.envelope
        taken.push({
          to: rcptTo.map(({ address }) => address),
          from: mailFrom ? mailFrom.address : '',
          user: String(session.user ?? ''),
          // Soft line ends of quoted-printable are none of the text.
          text: Buffer.concat(chunks).toString().replaceAll('=\r\n', '').replaceAll('=3D', '='),
        })
        done()
      })
    },
  })
  // What it complains about is what a test provokes.
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as { port: number }
  return { taken, port, stop: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}

const smtpAt = (port: number, change: Partial<Smtp> = {}): Smtp => ({
  host: '127.0.0.1',
  port,
  implicitTls: false,
  requireTls: false,
  user: undefined,
  password: undefined,
  from: 'Acme <no-reply@acme.example>',
  ...change,
})

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

/** The server with a mail server, and a message on its way to somebody. */
const houseWith = async (label: string, smtp: Smtp) => {
  const server = await startServer(label, { smtp })
  stops.push(() => server.stop())
  const userId = '00000000-0000-4000-8000-000000000001'
  const write = async (to = 'ruth@example.com'): Promise<string> => {
    await server.db.transaction((tx) =>
      server.mail.send(tx, {
        organization: 'built-in',
        userId,
        to,
        email: {
          subject: 'A word for Ruth',
          sender: 'Acme',
          before: ['Hello there.'],
          action: { text: 'Go on', url: 'http://localhost:8000/reset-password#token-of-ruth' },
          after: ['That is all.'],
        },
        usefulMs: 600_000,
      }),
    )
    const { rows } = await server.pool.query('select id from veridoor.mails order by created_at desc, id limit 1')
    return rows[0]?.id as string
  }
  const rowOf = async (id: string) =>
    (await server.pool.query('select state, attempts, last_fault, body from veridoor.mails where id = $1', [id]))
      .rows[0]
  return { server, write, rowOf }
}

describe('with a mail server', () => {
  it('a message is handed over once, as text and HTML, to one recipient, and its text is gone from the database', async () => {
    const post = await startMailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        done(null, username === 'veridoor' && password === 'p w' ? { user: 'veridoor' } : {}),
    })
    stops.push(post.stop)
    const smtp = smtpAt(post.port, { user: 'veridoor', password: new Secret('p w') })
    const { server, write, rowOf } = await houseWith('mail_sent', smtp)
    await server.mail.work()
    const id = await write()
    await expect.poll(async () => (await rowOf(id)).state, { timeout: 10_000 }).toBe('sent')
    expect(post.taken).toHaveLength(1)
    const [{ to, from, user, text }] = post.taken as [Taken]
    expect({ to, from, user }).toEqual({ to: ['ruth@example.com'], from: 'no-reply@acme.example', user: 'veridoor' })
    expect(text).toMatch(/Subject: A word for Ruth/)
    expect(text).toMatch(/Auto-Submitted: auto-generated/)
    expect(text).toContain(`Message-ID: <${id}@acme.example>`)
    expect(text.match(/reset-password#token-of-ruth/g)?.length).toBeGreaterThanOrEqual(2)
    expect(text).toMatch(/text\/plain[\s\S]*text\/html/)
    expect(await rowOf(id)).toEqual({ state: 'sent', attempts: 1, last_fault: null, body: null })
    await server.mail.deliver(id)
    expect(post.taken).toHaveLength(1)

    const admin = await server.admin()
    const { json } = await admin.call('GET', '/v1/mails')
    expect(json).toMatchObject({ isSending: true, items: [{ id, to: 'ruth@example.com', state: 'sent' }] })
    expect((await admin.call('POST', `/v1/mails/${id}/open`)).status).toBe(404)
    // Pages say "we will email you" to whoever is written to, and to nobody else.
    const ruth = server.browser()
    await ruth.signUp('ruth')
    expect((await ruth.call('GET', '/v1/account')).json.isWrittenTo).toBe(true)
  })

  it('that is out of order for a moment gets the message later, by the job queue', async () => {
    let refusals = 0
    const post = await startMailServer({
      onRcptTo(_address, _session, done) {
        refusals += 1
        done(refusals < 2 ? Object.assign(new Error('come back later'), { responseCode: 451 }) : undefined)
      },
    })
    stops.push(post.stop)
    const { server, write, rowOf } = await houseWith('mail_retried', smtpAt(post.port))
    await server.mail.work()
    const id = await write()
    await expect.poll(async () => (await rowOf(id)).state, { timeout: 30_000, interval: 200 }).toBe('sent')
    expect(await rowOf(id)).toMatchObject({ attempts: 2, last_fault: null })
    expect(post.taken).toHaveLength(1)
    expect(server.logLines.join('')).not.toContain('ruth@example.com')
  })

  it('that refuses for good is not asked again', async () => {
    const post = await startMailServer({
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no such person'), { responseCode: 550 })),
    })
    stops.push(post.stop)
    const { server, write, rowOf } = await houseWith('mail_refused', smtpAt(post.port))
    const id = await write()
    await server.mail.deliver(id)
    expect(await rowOf(id)).toEqual({ state: 'failed', attempts: 1, last_fault: 'refused', body: null })
  })

  it('gets nothing in clear, nor under a certificate that nobody vouches for', async () => {
    const plain = await startMailServer()
    const selfSigned = await startMailServer({ disabledCommands: [] })
    stops.push(plain.stop, selfSigned.stop)
    for (const [number, { port, taken }] of [plain, selfSigned].entries()) {
      const { server, write, rowOf } = await houseWith(`mail_tls_${number}`, smtpAt(port, { requireTls: true }))
      const id = await write()
      await expect(server.mail.deliver(id)).rejects.toMatchObject({ code: 'not_encrypted' })
      expect(await rowOf(id)).toMatchObject({ state: 'waiting', attempts: 1, last_fault: 'not_encrypted' })
      expect(taken).toEqual([])
    }
  })

  it('that does not answer is waited for some seconds only; a wrong password and a closed port are told apart', async () => {
    const silent: Server = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as { port: number }
    const strict = await startMailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(new Error('wrong')),
    })
    stops.push(strict.stop)
    const faultAt = async (label: string, smtp: Smtp) => {
      const { server, write, rowOf } = await houseWith(label, smtp)
      const id = await write()
      await server.mail.deliver(id).catch(() => {})
      return (await rowOf(id)).last_fault
    }
    expect(await faultAt('mail_silent', smtpAt(port))).toBe('timed_out')
    expect(
      await faultAt('mail_wrong_password', smtpAt(strict.port, { user: 'x', password: new Secret('wrong') })),
    ).toBe('sign_in_refused')
    await new Promise((resolve) => silent.close(resolve))
    expect(await faultAt('mail_closed', smtpAt(port))).toBe('unreachable')
  })

  it('sends no code or link that has ended meanwhile', async () => {
    const post = await startMailServer()
    stops.push(post.stop)
    const { server, write, rowOf } = await houseWith('mail_late', smtpAt(post.port))
    const id = await write()
    server.clock.advance(600_000)
    await server.mail.deliver(id)
    expect(await rowOf(id)).toEqual({ state: 'failed', attempts: 0, last_fault: 'too_late', body: null })
    expect(post.taken).toEqual([])
  })

  it('writes to one address only, whatever somebody put into the field', async () => {
    const post = await startMailServer()
    stops.push(post.stop)
    const { write } = await houseWith('mail_one', smtpAt(post.port))
    for (const to of ['a@x.example, b@x.example', 'a@x.example\r\nBcc: b@x.example', 'nobody', ''])
      expect(await write(to)).toBeUndefined()
  })

  it('a message that is rolled back with its cause is neither kept nor queued', async () => {
    const post = await startMailServer()
    stops.push(post.stop)
    const { server } = await houseWith('mail_rolled_back', smtpAt(post.port))
    const letter = { subject: 'x', sender: 'x', before: [], after: [] }
    await expect(
      server.db.transaction(async (tx) => {
        await server.mail.send(tx, {
          organization: 'built-in',
          userId: '00000000-0000-4000-8000-000000000002',
          to: 'ruth@example.com',
          email: letter,
        })
        throw new Error('undone')
      }),
    ).rejects.toThrow('undone')
    const { rows } = await server.pool.query(
      `select (select count(*) from veridoor.mails)::int mails, (select count(*) from jobs.job where name = 'mail-deliver')::int jobs`,
    )
    expect(rows).toEqual([{ mails: 0, jobs: 0 }])
  })
})

describe('without a mail server', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer('mail_kept')
  })
  afterAll(() => server?.stop())

  it('administrators read what would be sent, each look is recorded, and nothing lies open in the database', async () => {
    const rita = server.browser()
    await rita.signUp('rita')
    expect((await rita.call('GET', '/v1/account')).json.isWrittenTo).toBe(false)
    const admin = await server.admin()
    const { json } = await admin.call('GET', '/v1/mails')
    expect(json).toMatchObject({ isSending: false, total: 1 })
    const [row] = json.items
    expect(row).toMatchObject({ to: 'rita@example.com', subject: 'Confirm your email address', state: 'kept' })
    expect(JSON.stringify(json)).not.toContain('confirm-email')
    const opened = await admin.call('POST', `/v1/mails/${row.id}/open`)
    expect(opened.json.text).toMatch(/http:\/\/localhost:8000\/confirm-email\?application=app-built-in#[\w-]{43}/)
    const { rows } = await server.pool.query(
      `select actor, target from veridoor.audit_lines where action = 'read-mail'`,
    )
    expect(rows).toEqual([{ actor: 'built-in/admin', target: `mail/${row.id}` }])
    const token = /#([\w-]+)/.exec(opened.json.text)?.[1] ?? ''
    const stored = JSON.stringify((await server.pool.query('select * from veridoor.mails, veridoor.mailed_links')).rows)
    expect(stored).not.toContain(token)
    expect(stored).not.toContain('rita@example.com')
  })

  it('they go after three days, and at once with the account', async () => {
    await server.browser().signUp('sara')
    const admin = await server.admin()
    expect((await admin.call('DELETE', '/v1/users/built-in/sara')).status).toBe(200)
    expect(await server.mailsTo('sara@example.com')).toEqual([])
    expect(await server.mailsTo('rita@example.com')).toHaveLength(1)
    server.clock.advance(3 * 86_400_000 + 1)
    await server.sweepRooms()
    expect((await server.pool.query('select count(*)::int n from veridoor.mails')).rows).toEqual([{ n: 0 }])
  })
})
