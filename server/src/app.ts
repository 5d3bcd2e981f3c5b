import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import cookie from '@fastify/cookie'
import fastifyStatic from '@fastify/static'
import { ApiError } from '@veridoor/contract'
import {
  type Clock,
  Counter,
  createHttpApp,
  type Database,
  type EnvelopeCipher,
  type HttpApp,
  isCrossOrigin,
  isLoopback,
  type Jobs,
  type Log,
  type MetricsAccess,
  type OutboundPolicy,
  Registry,
  sendProblem,
} from '@veridoor/foundation'
import type { EmbedOrigins, ProviderType } from '@veridoor/providers'
import { sql } from 'drizzle-orm'
import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  type AccountsDeps,
  callerOf,
  declareAccountJobs,
  type Guard,
  type OnUserDeleted,
  sweepAccounts,
} from './accounts/index.ts'
import { AUDIT_KEY, type Checkpoint, createAudit, createCheckpointStore } from './audit/index.ts'
import { type BudgetTable, createBudgets } from './budgets/index.ts'
import { mountCasdoor } from './casdoor/index.ts'
import { enter, mountApi, sessionTokenOf, sweepIdempotency } from './console/index.ts'
import { createMail, type Smtp } from './mail/index.ts'
import { createOidc } from './oidc/index.ts'
import { findApplication, type OrganizationsDeps, type ProviderGuard } from './organizations/index.ts'
import { createVerification, EMBED_PAGE } from './verification/index.ts'
import { createWebhooks } from './webhooks/index.ts'

/**
 * What the server is made of. `url` is its public address; without `smtp` messages are kept for the console; `demonstration`:
 * specimens count as verified.
 */
export type AppDeps = {
  readonly db: Database
  readonly cipher: EnvelopeCipher
  readonly clock: Clock
  readonly log: Log
  readonly jobs: Jobs
  readonly types: readonly ProviderType[]
  readonly outbound: OutboundPolicy
  readonly smtp?: Smtp | undefined
  readonly url: string
  readonly demonstration: boolean
  readonly trustedProxies?: readonly string[]
  /** Who may read `/metrics`; left out, everybody where the address is on this machine. */
  readonly metrics?: MetricsAccess
  /** Limits other than the defaults. */
  readonly budgets?: BudgetTable
  /** Where checkpoints of the audit record are written; without one there are none. */
  readonly checkpointFile?: string
  /** Where a copy of each checkpoint goes besides. */
  readonly sendCheckpoint?: (checkpoint: Checkpoint) => Promise<void>
}

const PAGES = fileURLToPath(new URL('../../web/dist/app', import.meta.url))
const noOrigins: EmbedOrigins = { script: [], frame: [], connect: [] }
/** The pages load nothing from elsewhere, except what an embedded check of a provider declares. */
const contentSecurityPolicy = ({ script, frame, connect }: EmbedOrigins = noOrigins): string =>
  [
    "default-src 'self'",
    ["script-src 'self'", ...script].join(' '),
    // The component kit writes its colours as style attributes and elements.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' https: data:",
    ["connect-src 'self'", ...connect].join(' '),
    ...(frame.length > 0 ? [`frame-src ${frame.join(' ')}`] : []),
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Routes that a browser calls with the cookies of a session. The pattern of the route counts, however an address spells it. */
const withCookies = /^\/(v1|login\/oauth\/interaction)\//

/** A request that changes something must come from our own pages: cookies travel with any site's forms. */
const checkOrigin = (app: HttpApp, url: string): void => {
  app.addHook('onRequest', async (request, reply) => {
    if (request.method === 'GET' || request.method === 'HEAD') return
    if (!withCookies.test(request.routeOptions.url ?? '')) return
    if (isCrossOrigin(request.headers, url))
      return sendProblem(request, reply, {
        status: 403,
        code: 'ORIGIN_REFUSED',
        title: 'This request came from another site.',
      })
  })
}

/** Hashed assets for ever, every page address the one page. */
const servePages = (app: HttpApp): void => {
  if (!existsSync(PAGES)) {
    app.get('/', async (_request, reply) =>
      reply.type('text/plain').send('The pages are not built yet. Run: npm run build\n'),
    )
    return
  }
  app.register(fastifyStatic, {
    root: PAGES,
    wildcard: false,
    // The build writes a brotli and a gzip copy beside each text file (web/scripts/compress.ts).
    preCompressed: true,
    globIgnore: ['**/*.br', '**/*.gz'],
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}

/** Every page address is the one page; anything else that nobody serves is a problem answer. */
const sendPage = (request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined => {
  const isPage =
    (request.method === 'GET' || request.method === 'HEAD') &&
    !/^\/(v1|api|notices|assets|docs)\//.test(request.url) &&
    (request.headers.accept ?? '').includes('text/html') &&
    existsSync(PAGES)
  return isPage ? reply.header('cache-control', 'no-cache').sendFile('index.html') : undefined
}

/** The one page that an embedded check may load the provider's script into, and only for the person whose check waits. */
const mountEmbedPage = (app: HttpApp, originsOf: (request: FastifyRequest) => Promise<EmbedOrigins | null>): void => {
  app.get(EMBED_PAGE, async (request, reply) => {
    const origins = await originsOf(request)
    if (origins) reply.header('content-security-policy', contentSecurityPolicy(origins))
    return existsSync(PAGES)
      ? reply.header('cache-control', 'no-store').sendFile('index.html')
      : sendProblem(request, reply, { status: 404, code: 'NOT_FOUND', title: 'The pages are not built yet.' })
  })
}

/** Joins the rooms into one HTTP app. Tests start here. */
export const createApp = async (deps: AppDeps) => {
  const { db, cipher, clock, log, jobs, url, demonstration } = deps
  const registry = new Registry()
  const budgets = createBudgets({ clock, log, registry, ...(deps.budgets ? { table: deps.budgets } : {}) })
  const key = cipher.derive(AUDIT_KEY)
  const checkpoints = deps.checkpointFile
    ? createCheckpointStore({
        file: deps.checkpointFile,
        key,
        ...(deps.sendCheckpoint ? { send: deps.sendCheckpoint } : {}),
      })
    : undefined
  const audit = createAudit({
    db,
    clock,
    key,
    budgets,
    ...(checkpoints ? { readCheckpoints: checkpoints.read } : {}),
  })
  const providerGuards: ProviderGuard[] = []
  const organizations: OrganizationsDeps = {
    providerGuards,
    onSecretReplaced: [],
    db,
    cipher,
    clock,
    audit,
    types: deps.types,
    outbound: deps.outbound,
  }
  const webhooks = createWebhooks({ db, cipher, clock, log, audit, budgets, outbound: deps.outbound })
  const mail = createMail({ db, cipher, clock, jobs, audit, smtp: deps.smtp })
  await mail.prepare()
  const guards: Guard[] = []
  const onUserDeleted: OnUserDeleted[] = []
  const accounts: AccountsDeps = {
    db,
    cipher,
    clock,
    audit,
    budgets,
    organizations,
    guards,
    onUserDeleted,
    onTrustEnded: [],
    mail,
    jobs,
    url,
  }
  await declareAccountJobs(accounts)
  const verification = createVerification({
    budgets,
    db,
    cipher,
    clock,
    log,
    jobs,
    audit,
    organizations,
    accounts,
    url,
    demonstration,
  })
  guards.push(verification.assertNoneOpen)
  onUserDeleted.push(verification.forgetUserAtProviders)
  providerGuards.push(verification.assertNoneOpenAt)
  await verification.prepare()

  const app = createHttpApp({
    log,
    registry,
    ready: { database: async () => (await db.execute(sql`select 1`)).rowCount === 1 },
    contentSecurityPolicy: contentSecurityPolicy(),
    url,
    metrics: deps.metrics ?? { isOpen: isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, '')) },
    notFound: sendPage,
    ...(deps.trustedProxies ? { trustedProxies: deps.trustedProxies } : {}),
  })
  checkOrigin(app, url)
  await app.register(cookie)
  mountApi(
    app,
    {
      accounts,
      organizations,
      verification,
      audit,
      budgets,
      webhooks,
      mail,
      cipher,
      url,
      demonstration,
      secureCookies: url.startsWith('https:'),
    },
    { log, url, idempotency: { db, cipher, clock } },
  )
  const sessionUserOf = async (request: FastifyRequest): Promise<string | undefined> => {
    const token = sessionTokenOf(request.headers.cookie, url.startsWith('https:'))
    return token ? (await callerOf(accounts, token, request.ip))?.userId : undefined
  }
  verification.routes(app, sessionUserOf)
  mountEmbedPage(app, async (request) => {
    const userId = await sessionUserOf(request)
    const { check } = request.query as { check?: unknown }
    return userId && typeof check === 'string' ? verification.embedOriginsOf(userId, check) : null
  })
  const oidcDeps = {
    db,
    cipher,
    clock,
    log,
    accounts,
    organizations,
    verification,
    outbound: deps.outbound,
    logoutFailures: new Counter({
      name: 'veridoor_backchannel_logout_failed_total',
      help: 'Logout tokens that an application did not take',
      registers: [registry],
    }),
    url,
    demonstration,
    sessionTokenOf: (cookies: string | undefined) => sessionTokenOf(cookies, url.startsWith('https:')),
  }
  const oidc = await createOidc(oidcDeps)
  accounts.onTrustEnded.push(oidc.onTrustEnded)
  const casdoor = mountCasdoor(
    app,
    {
      ...oidcDeps,
      audit,
      countWebhooks: async (organization) => (await webhooks.list(organization)).length,
      secureCookies: url.startsWith('https:'),
      tokenOwnerOf: oidc.tokenOwnerOf,
      certificates: oidc.certificates,
      enter: async (name, input) => {
        const application = await findApplication(organizations.db, name)
        if (!application) throw new ApiError('NOT_FOUND')
        return enter(accounts, application, input)
      },
    },
    log,
  )
  oidc.mount(app, {
    sendPage: (request, reply) =>
      existsSync(PAGES)
        ? reply.header('cache-control', 'no-cache').sendFile('index.html')
        : sendProblem(request, reply, { status: 404, code: 'NOT_FOUND', title: 'The pages are not built yet.' }),
    signOut: casdoor.signOut,
  })
  servePages(app)
  const sweepRooms = async (): Promise<void> => {
    await sweepAccounts(accounts)
    await sweepIdempotency({ db, cipher, clock })
    await mail.sweep()
  }
  /** Writes down where the audit chains stand, outside of the database. */
  const writeCheckpoint = async (): Promise<void> => {
    if (!checkpoints) return
    // Processes that share a data folder write one after the other.
    await db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('audit checkpoint', 0))`)
      await checkpoints.write(await audit.heads(), clock.now())
    })
  }
  return {
    app,
    sweepRooms,
    writeCheckpoint,
    budgets,
    registry,
    sweepArtifacts: oidc.sweepArtifacts,
    audit,
    organizations,
    accounts,
    verification,
    webhooks,
    mail,
  }
}
