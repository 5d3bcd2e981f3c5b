import { randomBytes, randomUUID } from 'node:crypto'
import type { Writable } from 'node:stream'
import { PassThrough } from 'node:stream'
import {
  createEnvelopeCipher,
  createLog,
  fakeClock,
  loadRootKey,
  type MetricsAccess,
  openDatabase,
  startJobs,
} from '@veridoor/foundation'
import { testDatabase } from '@veridoor/launch'
import { type Adapter, defineProvider, type Finding, type Picture, type ProviderType } from '@veridoor/providers'
import { z } from 'zod'
import type { BudgetTable } from '../src/budgets/index.ts'
import { createApp, JOBS_SCHEMA, migrateServer } from '../src/index.ts'
import type { Smtp } from '../src/mail/index.ts'
import { seed } from '../src/seed.ts'
import { findCanaries } from './canaries.ts'

export type FinalFinding = Extract<Finding, { state: 'final' }>

/** A provider of the tests' own, to show that the house depends on the port and on no provider. It can be told what to answer. */
export type Script = {
  start: (order: Parameters<Adapter['start']>[0]) => Promise<{ reference: string }>
  finding: (reference: string) => Promise<Finding>
  orders: Parameters<Adapter['start']>[0][]
  erase: (reference: string) => Promise<void>
  erased: string[]
  /** What a look at pictures gives; left out, this type cannot show any. */
  pictures?: (reference: string) => Promise<readonly Picture[]>
  documents: { documentTypes: ('PASSPORT' | 'ID_CARD' | 'DRIVING_LICENSE')[] }
}

export const newScript = (): Script => ({
  orders: [],
  erase: async () => {},
  erased: [],
  start: async () => ({ reference: randomUUID() }),
  finding: async () => ({ state: 'pending' }),
  documents: { documentTypes: ['PASSPORT', 'ID_CARD'] },
})

export const paperType = (script: Script): ProviderType =>
  defineProvider({
    category: 'ID Verification',
    type: 'Paper',
    displayName: 'Paper checks',
    webhooks: 'per_check',
    staffWords: {},
    config: z.object({
      office: z.string().min(1).meta({ title: 'Office' }),
      stamp: z.string().min(1).meta({ title: 'Stamp', secret: true }),
      monthlyLimit: z.int().min(1).nullable().default(null),
      retentionDays: z.int().nullable().default(null),
      showPictures: z.boolean().default(false),
    }),
    open: (config, runtime) => ({
      adapter: {
        async start(order) {
          script.orders.push(order)
          const { reference } = await script.start(order)
          return {
            reference,
            next: 'redirect',
            url: `https://paper.example.com/${randomUUID()}`,
            expiresAt: new Date(runtime.now().getTime() + 1_800_000),
          }
        },
        readWebhook: (webhook) => {
          const reference = new URLSearchParams(Buffer.from(webhook.body).toString()).get('reference')
          return reference ? { reference } : null
        },
        fetchFinding: (reference) => script.finding(reference),
        ...(script.pictures ? { fetchPictures: script.pictures } : {}),
        erase: async (reference) => {
          await script.erase(reference)
          script.erased.push(reference)
        },
        probe: async () =>
          config.office === 'closed'
            ? {
                ok: false,
                ms: 1,
                steps: [
                  {
                    step: 'credentials',
                    title: 'Credentials accepted',
                    state: 'failed',
                    ms: 1,
                    code: 'closed',
                    sentence: 'The office is closed.',
                  },
                ],
              }
            : { ok: true, ms: 1, steps: [] },
      },
      settings: {
        faceRequired: true,
        monthlyLimit: config.monthlyLimit,
        retentionDays: config.retentionDays,
        showPictures: config.showPictures,
        documentTypes: script.documents.documentTypes,
        countries: [],
        tokenLifetimeMin: 30,
      },
    }),
  })

/** The canary person: after a run none of these words may be in any log line or audit line. */
export const ada = {
  realName: 'Ada Lovelace',
  documentNumber: 'L898902C36',
  documentType: 'PASSPORT' as const,
  documentCountry: 'AUT',
}

export const approved = (
  order: { verificationReference: string; subjectReference: string },
  change: Partial<FinalFinding> = {},
): FinalFinding => ({
  state: 'final',
  outcome: 'approved',
  nothingSent: false,
  reasons: [],
  staffReasons: [],
  checks: { document: 'pass', readable: 'pass', face: 'pass', liveness: 'pass' },
  document: {
    type: 'PASSPORT',
    country: 'AUT',
    number: 'L898902C36',
    firstName: 'ADA',
    lastName: 'LOVELACE',
    expiry: '2031-04-15',
  },
  specimen: false,
  echoed: { verificationReference: order.verificationReference, subjectReference: order.subjectReference },
  ...change,
})

const URL_OF_TESTS = 'http://localhost:8000'
export const ADMIN_PASSWORD = 'correct horse battery'

/** The whole server over a real database, with a clock and a provider of the test's own. */
export const startServer = async (
  label: string,
  options: {
    demonstration?: boolean
    types?: ProviderType[]
    url?: string
    smtp?: Smtp
    metrics?: MetricsAccess
    budgets?: BudgetTable
  } = {},
) => {
  const url = options.url ?? URL_OF_TESTS
  const database = await testDatabase(label)
  await migrateServer(database.url, database.ownerUrl)
  const { db, pool, close } = openDatabase(database.url)
  const clock = fakeClock(new Date('2026-11-24T10:00:00Z'))
  const logLines: string[] = []
  const sink = new PassThrough()
  sink.on('data', (chunk: Buffer) => logLines.push(chunk.toString()))
  const log = createLog('server', sink as Writable as never)
  const script = newScript()
  const masterKey = new Uint8Array(randomBytes(32))
  const cipher = createEnvelopeCipher([masterKey], await loadRootKey(db, 'veridoor', [masterKey]))
  const jobs = await startJobs({ url: database.url, schema: JOBS_SCHEMA, createSchema: false, log })
  const rooms = await createApp({
    db,
    cipher,
    clock,
    log,
    jobs,
    types: options.types ?? [paperType(script)],
    outbound: { allow: [], loopback: true },
    url,
    demonstration: options.demonstration ?? false,
    smtp: options.smtp,
    ...(options.metrics ? { metrics: options.metrics } : {}),
    ...(options.budgets ? { budgets: options.budgets } : {}),
  })
  await seed({ db, cipher, clock, rooms, adminPassword: ADMIN_PASSWORD, verifier: undefined })
  // Off by default: people sign up in organizations of their own.
  await pool.query(`update veridoor.applications set enable_sign_up = true where name = 'app-built-in'`)

  /** A browser's share: keeps its cookie, sends our origin. */
  const browser = (extra: Record<string, string> = {}, remoteAddress?: string) => {
    let cookie = ''
    const jar = new Map<string, string>()
    const call = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => {
      const answer = await rooms.app.inject({
        method,
        url: path,
        ...(remoteAddress ? { remoteAddress } : {}),
        headers: {
          origin: url,
          ...(cookie || jar.size > 0
            ? { cookie: [cookie, ...[...jar].map(([name, value]) => `${name}=${value}`)].filter(Boolean).join('; ') }
            : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...extra,
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      })
      for (const set of answer.cookies.filter((entry) => entry.name !== 'veridoor_session'))
        if (set.value === '') jar.delete(set.name)
        else jar.set(set.name, set.value)
      const set = answer.cookies.find((entry) => entry.name === 'veridoor_session')
      if (set) cookie = set.value === '' ? '' : `veridoor_session=${set.value}`
      const json = /^application\/(problem\+)?json\b/.test(String(answer.headers['content-type'] ?? ''))
        ? // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
          (answer.json() as any)
        : undefined
      return { status: answer.statusCode, json, headers: answer.headers, text: answer.body }
    }
    return {
      call,
      get cookie() {
        return cookie
      },
      /** Everything the browser would send. */
      get cookies() {
        return [cookie, ...[...jar].map(([name, value]) => `${name}=${value}`)].filter(Boolean).join('; ')
      },
      signIn: (username: string, password: string, application?: string) =>
        call('POST', '/v1/session', { username, password, application }),
      signUp: (username: string, application?: string) =>
        call('POST', '/v1/accounts', {
          username,
          email: `${username}@example.com`,
          password: 'a long password',
          displayName: username,
          application,
        }),
    }
  }

  const admin = async () => {
    const own = browser()
    await own.signIn('admin', ADMIN_PASSWORD)
    return own
  }

  return {
    ...rooms,
    db,
    pool,
    cipher: cipher,
    masterKey,
    clock,
    jobs,
    script,
    database,
    logLines,
    browser,
    admin,
    /** What would have been sent to an address, newest first, as an administrator reads it. */
    async mailsTo(to: string): Promise<{ subject: string; text: string }[]> {
      const own = await admin()
      const { items } = (await own.call('GET', '/v1/mails?limit=200')).json
      const found = items.filter((item: { to: string }) => item.to === to)
      return Promise.all(
        found.map(async ({ id }: { id: string }) => (await own.call('POST', `/v1/mails/${id}/open`)).json),
      )
    },
    /** A provider attached to the built-in application. */
    async attachProvider(name = 'paper', config: Record<string, unknown> = {}) {
      const own = await admin()
      await own.call('POST', '/v1/providers', {
        organization: 'built-in',
        name,
        displayName: 'Paper',
        category: 'ID Verification',
        type: 'Paper',
        config: { office: 'open', stamp: 'very secret stamp', ...config },
      })
      const { json } = await own.call('GET', '/v1/applications/app-built-in')
      await own.call('PUT', '/v1/applications/app-built-in', {
        ...json,
        providers: [...json.providers, { organization: 'built-in', name }],
      })
      return own
    },
    /** A signed-in person with all three fields filled in. */
    async person(username: string) {
      const own = browser()
      await own.signUp(username)
      await own.call('PUT', '/v1/account/identity', ada)
      return own
    },
    /** Ends everything, and after every file of the suite looks for its person where nothing of them may be. */
    async stop() {
      await rooms.verification.stop()
      const addresses = script.orders.flatMap((order) => Object.values(order).map(String))
      await findCanaries({ pool, logLines }, [ada.realName, ada.documentNumber, 'very secret stamp'], addresses)
      await jobs.stop()
      await rooms.app.close()
      await close()
      await database.drop()
    },
  }
}
export type TestServer = Awaited<ReturnType<typeof startServer>>
