import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type TestDatabase, testDatabase } from '@veridoor/launch'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** The server and the operator's commands as processes of their own, as an installation runs them. */
let database: TestDatabase
let folder: string
const key = randomBytes(32).toString('base64')
const PASSWORD = 'first admin password'

/** Below the range from which the system takes ports for outgoing connections, so that none of those gets it meanwhile. */
const freePort = async (): Promise<number> => {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 15_000)
    const isFree = await new Promise<boolean>((resolve) => {
      const probe = createServer()
      probe.once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}

const program = (file: string, args: string[], env: Record<string, string>) => {
  const child = spawn(process.execPath, [fileURLToPath(new URL(`../src/${file}`, import.meta.url)), ...args], {
    env: { PATH: process.env.PATH ?? '', VERIDOOR_DATA: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let told = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    told += chunk.toString()
  })
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  return { child, ended, out: () => out, told: () => told }
}

const environment = async (): Promise<Record<string, string>> => ({
  DATABASE_URL: database.url,
  DATABASE_OWNER_URL: database.ownerUrl,
  VERIDOOR_KEY: key,
  VERIDOOR_PORT: String(await freePort()),
  VERIDOOR_ADMIN_PASSWORD: PASSWORD,
})

const answers = async (address: string): Promise<boolean> => {
  for (let tries = 0; tries < 1_200; tries += 1) {
    const ok = await fetch(`${address}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ok) return true
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return false
}

beforeAll(async () => {
  database = await testDatabase('processes')
  folder = mkdtempSync(join(tmpdir(), 'veridoor-processes-'))
})
afterAll(async () => {
  await database?.drop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
})

describe('the server', () => {
  it('starts from nothing, two at once on one database, seeds once, and ends in order on SIGTERM', async () => {
    const environments = [await environment(), await environment()]
    const running = environments.map((env) => program('main.ts', [], env))
    for (const env of environments) expect(await answers(`http://127.0.0.1:${env.VERIDOOR_PORT}`)).toBe(true)
    const signedIn = await fetch(`http://127.0.0.1:${environments[1]?.VERIDOOR_PORT}/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: PASSWORD }),
    })
    expect(signedIn.status).toBe(200)
    const client = new pg.Client({ connectionString: database.ownerUrl })
    await client.connect()
    const { rows } = await client.query('select organization, name from veridoor.users')
    await client.end()
    expect(rows).toEqual([{ organization: 'built-in', name: 'admin' }])
    for (const { child } of running) child.kill('SIGTERM')
    expect(await Promise.all(running.map(({ ended }) => ended))).toEqual([0, 0])
    for (const { out, told } of running) expect(out() + told()).not.toContain(PASSWORD)
  })

  it('keeps the administrator’s password when it starts again with another one in the environment', async () => {
    const env: Record<string, string> = { ...(await environment()), VERIDOOR_ADMIN_PASSWORD: 'a second password' }
    const running = program('main.ts', [], env)
    expect(await answers(`http://127.0.0.1:${env.VERIDOOR_PORT}`)).toBe(true)
    const status = async (password: string) =>
      (
        await fetch(`http://127.0.0.1:${env.VERIDOOR_PORT}/v1/session`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ username: 'admin', password }),
        })
      ).status
    expect(await status('a second password')).toBe(401)
    expect(await status(PASSWORD)).toBe(200)
    running.child.kill('SIGTERM')
    expect(await running.ended).toBe(0)
  })

  it.each([
    ['without a database address', { DATABASE_URL: '' }, /DATABASE_URL is missing/],
    [
      'with an address that is none',
      { DATABASE_URL: 'mysql://root:hunter2@here' },
      /DATABASE_URL must be an address like/,
    ],
    [
      'with a wrong password',
      { DATABASE_URL: 'bad-password', DATABASE_OWNER_URL: '' },
      /password is not accepted|login is not accepted/,
    ],
    [
      'with nobody at the address',
      { DATABASE_URL: 'postgresql://a:hunter2@127.0.0.1:1/x', DATABASE_OWNER_URL: '' },
      /nothing answers/,
    ],
    ['with a key of the wrong length', { VERIDOOR_KEY: 'c2hvcnQ=' }, /VERIDOOR_KEY must be 32 bytes/],
    [
      'with a key of another installation',
      { VERIDOOR_KEY: randomBytes(32).toString('base64') },
      /master key is not the one/,
    ],
    ['with a port that is none', { VERIDOOR_PORT: '99999' }, /VERIDOOR_PORT must be a port/],
    ['with an address of another machine', { VERIDOOR_HOST: '203.0.113.1' }, /VERIDOOR_HOST/],
    ['with a switch that is none', { VERIDOOR_DEMONSTRATION: 'maybe' }, /VERIDOOR_DEMONSTRATION must be on or off/],
    ['with a mail server that is none', { SMTP_URL: 'mail://u:hunter2@mail.example' }, /SMTP_URL must be an address/],
    [
      'with a mail server and no sender',
      { SMTP_URL: 'smtps://u:hunter2@mail.example' },
      /MAIL_FROM must be the address/,
    ],
  ])('%s ends with one sentence, code 1 and no secret', async (_what, change, sentence) => {
    const env: Record<string, string> = { ...(await environment()), ...change }
    if (env.DATABASE_URL === 'bad-password') {
      const wrong = new URL(database.url)
      wrong.password = 'hunter2'
      env.DATABASE_URL = wrong.href
    }
    const { ended, told, out } = program('main.ts', [], env)
    expect(await ended).toBe(1)
    expect(told()).toMatch(sentence)
    expect(told().trim().split('\n')).toHaveLength(1)
    expect(told() + out()).not.toContain('hunter2')
  })

  it('on a busy port says so', async () => {
    const env = await environment()
    const busy = createServer().listen(Number(env.VERIDOOR_PORT), '127.0.0.1')
    const { ended, told } = program('main.ts', [], env)
    expect(await ended).toBe(1)
    expect(told()).toContain(`Port ${env.VERIDOOR_PORT} is in use`)
    await new Promise((resolve) => busy.close(resolve))
  })
})

describe('the operator’s commands', () => {
  const command = async (
    args: string[],
    env: Record<string, string> = { DATABASE_URL: database.url, VERIDOOR_KEY: key },
  ) => {
    const { ended, out, told } = program('cli.ts', args, env)
    return { code: await ended, out: out(), told: told() }
  }

  it('without a running installation say what to do', async () => {
    const { code, told } = await command(['audit', 'verify'], {})
    expect(code).toBe(1)
    expect(told).toContain('Veridoor is not running here')
  })

  it('find the running installation by its data folder', async () => {
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ databaseUrl: database.url }))
    expect((await command(['audit', 'verify'], {})).code).toBe(0)
    rmSync(join(folder, 'run.json'))
  })

  it('an unknown one shows the usage and code 2', async () => {
    const { code, told } = await command(['make', 'coffee'])
    expect(code).toBe(2)
    expect(told).toContain('audit verify')
  })

  it('reset the administrator’s password, print it once, and keep it out of the audit record', async () => {
    const { code, out } = await command(['admin', 'reset-password'])
    expect(code).toBe(0)
    const password = /admin: (\S+)/.exec(out)?.[1] ?? ''
    expect(password.length).toBeGreaterThan(12)
    const exported = await command(['audit', 'export', 'built-in'])
    const lines = exported.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { number: number; action: string })
    expect(lines.map((line) => line.number)).toEqual(lines.map((_line, index) => index + 1))
    expect(lines.some((line) => line.action === 'reset-password')).toBe(true)
    expect(exported.out).not.toContain(password)
  })

  it('verify the chain, name the first bad line, and tell with a noted head that the end was cut off', async () => {
    const heads = (await command(['audit', 'heads'])).out.trim().split('\n')
    expect(await command(['audit', 'verify', ...heads])).toMatchObject({ code: 0 })
    expect((await command(['audit', 'verify', 'nonsense'])).code).toBe(1)
    const owner = new pg.Client({ connectionString: database.ownerUrl })
    await owner.connect()
    await owner.query('alter table veridoor.audit_lines disable trigger user')
    await owner.query(
      `delete from veridoor.audit_lines where organization = 'built-in' and number = (select max(number) from veridoor.audit_lines where organization = 'built-in')`,
    )
    expect((await command(['audit', 'verify'])).code).toBe(0)
    expect(await command(['audit', 'verify', ...heads])).toMatchObject({ code: 1 })
    await owner.query(`update veridoor.audit_lines set actor = 'eve' where number = 2`)
    await owner.end()
    const bad = await command(['audit', 'verify'])
    expect(bad).toMatchObject({ code: 1 })
    expect(bad.out).toContain('organization built-in, first bad line 2')
  })
})
