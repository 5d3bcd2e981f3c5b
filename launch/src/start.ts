import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { processKeys, readKeys } from '@veridoor/foundation'
import { buildPages } from './build-pages.ts'
import { openDatabases } from './database.ts'
import { lockFolder } from './folder-lock.ts'
import { checkPort } from './ports.ts'
import { masterKey, openDataFolder, PORTAL_FILE, portalSecret, readSettings, verifierClient } from './settings.ts'
import { StartError } from './start-refused.ts'
import { runOnce, type Supervised, supervise } from './supervised.ts'

/** `npm start`: the database, the verifier and the server under one small supervisor. */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const startedAt = Date.now()
const say = (line: string): void => console.log(line)

/** What stops, last started first. */
const undo: (() => Promise<void> | void)[] = []
let stopping: Promise<void> | undefined
const stopAll = (): Promise<void> => {
  stopping ??= (async () => {
    for (const step of undo.reverse()) await step()
  })()
  return stopping
}

const welcome = (options: {
  serverUrl: string
  password: string | undefined
  verifierUrl: string
  portalSecret: string | undefined
  seconds: string
}): string => {
  const lines = ['', `Veridoor is ready (${options.seconds} s).`, '', `  Console   ${options.serverUrl}/console`]
  if (options.password)
    lines.push(
      '  Sign in   admin',
      `  Password  ${options.password}   (shown this once; change it under Account, Security)`,
      '',
      '  Next: sign in, open Account, Identity, fill in the three fields and press Verify Identity.',
      '  No passport at hand? The check offers to make a specimen with your own picture.',
    )
  lines.push(
    '',
    `  Verifier  ${options.verifierUrl}/portal`,
    options.portalSecret
      ? `  Secret    ${options.portalSecret}   (kept in ${PORTAL_FILE} of the data folder)`
      : `  Secret    in VERIFIER_PORTAL_SECRET, or ${PORTAL_FILE} of the data folder`,
    '',
    '  Stop with Ctrl-C.',
    '',
  )
  return lines.join('\n')
}

/** Secrets of one process must not stand in the environment of another: each is handed out by name below. */
const withoutSecrets = (env: NodeJS.ProcessEnv): Record<string, string> => {
  const secret = new Set([
    'DATABASE_URL',
    'DATABASE_OWNER_URL',
    'VERIDOOR_KEY',
    'VERIFIER_KEY',
    'VERIDOOR_ADMIN_PASSWORD',
    'VERIFIER_PORTAL_SECRET',
  ])
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && !secret.has(entry[0])),
  )
}

const start = async (): Promise<void> => {
  if (Number(process.versions.node.split('.')[0]) < 24)
    throw new StartError('Veridoor runs on Node 24, which it brings along. Start it with: npm start')
  const settings = readSettings(process.env)
  openDataFolder(settings.dataFolder)
  undo.push(lockFolder(settings.dataFolder))
  const key = masterKey(settings.dataFolder, process.env)
  const client = verifierClient(settings.dataFolder, process.env)
  const portal = portalSecret(settings.dataFolder, process.env)
  await checkPort(settings.server.host, settings.server.port, 'VERIDOOR_PORT')
  await checkPort(settings.verifier.host, settings.verifier.port, 'VERIFIER_PORT')
  buildPages(root, say)

  say(settings.databaseUrl ? 'Opening the database …' : 'Starting the built-in database …')
  const databases = await openDatabases(settings.databaseUrl, settings.dataFolder, process.env.DATABASE_OWNER_URL)
  undo.push(databases.stop)
  const runFile = join(settings.dataFolder, 'run.json')
  writeFileSync(
    runFile,
    JSON.stringify({ databaseUrl: databases.serverUrl, databaseOwnerUrl: databases.ownerUrl, pid: process.pid }),
    {
      mode: 0o600,
    },
  )
  undo.push(() => rmSync(runFile, { force: true }))

  const password = databases.isFirstStart
    ? process.env.VERIDOOR_ADMIN_PASSWORD || randomBytes(12).toString('base64url')
    : undefined
  const logs = join(settings.dataFolder, 'logs')
  mkdirSync(logs, { recursive: true })
  const keys = readKeys('VERIDOOR_KEY', key)
  const common = {
    ...withoutSecrets(process.env),
    VERIDOOR_DATA: settings.dataFolder,
    // Types are stripped once, not at every start.
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
    VERIDOOR_HOST: settings.server.host,
    VERIDOOR_PORT: String(settings.server.port),
    VERIDOOR_URL: settings.server.url,
    VERIFIER_HOST: settings.verifier.host,
    VERIFIER_PORT: String(settings.verifier.port),
    VERIFIER_URL: settings.verifier.url,
    VERIFIER_TOKEN: client.token,
    VERIFIER_SECRET: client.secret,
  }
  // Each process is given what it needs. Only the one that migrates has the owner's login, and it ends before the others start.
  const own = {
    server: { DATABASE_URL: databases.serverUrl, VERIDOOR_KEY: key },
    verifier: {
      DATABASE_URL: databases.verifierUrl,
      VERIFIER_KEY: processKeys(keys, 'verifier')
        .map((derived) => Buffer.from(derived).toString('base64'))
        .join(','),
      VERIFIER_PORTAL_SECRET: portal.secret,
    },
  }
  say('Preparing the database …')
  await Promise.all(
    (['server', 'verifier'] as const).map((name) =>
      runOnce({
        name: 'The migration of the database',
        entry: join(root, name, 'src', 'migrate-main.ts'),
        env: { ...common, ...own[name], DATABASE_OWNER_URL: databases.ownerUrl },
        logFile: join(logs, `${name}.log`),
      }),
    ),
  )
  const near = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host)

  say('Starting the verifier and the server …')
  const begin = async (name: 'verifier' | 'server', env: Record<string, string>): Promise<Supervised> => {
    const { host, port } = settings[name]
    const part = await supervise(
      {
        name: name === 'server' ? 'The server' : 'The verifier',
        entry: join(root, name, 'src', 'main.ts'),
        env: { ...common, ...env },
        readyUrl: `http://${near(host)}:${port}/readyz`,
        logFile: join(logs, `${name}.log`),
        pidFile: join(settings.dataFolder, `${name}.pid.json`),
      },
      say,
    )
    undo.push(part.stop)
    return part
  }
  await Promise.all([
    begin('verifier', own.verifier),
    begin('server', { ...own.server, ...(password ? { VERIDOOR_ADMIN_PASSWORD: password } : {}) }),
  ])
  say(
    welcome({
      serverUrl: settings.server.url,
      verifierUrl: settings.verifier.url,
      portalSecret: portal.isNew ? portal.secret : undefined,
      password: process.env.VERIDOOR_ADMIN_PASSWORD ? undefined : password,
      seconds: ((Date.now() - startedAt) / 1000).toFixed(1),
    }),
  )
}

const end = async (code: number): Promise<never> => {
  await stopAll()
  process.exit(code)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (!stopping) say('\nStopping …')
    void end(0)
  })

// After a `kill -9` of npm nobody tells us: our parent changes.
const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) void end(0)
}, 500).unref()

start().catch(async (error: unknown) => {
  // Ctrl-C while starting makes a part end early: that is not a fault.
  if (stopping) return
  if (error instanceof StartError) console.error(`\nVeridoor cannot start. ${error.message}\n`)
  else console.error('\nVeridoor cannot start. The cause is not known:\n', error)
  await end(1)
})
