import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Below the range from which the system takes ports for outgoing connections, so that none of those gets it meanwhile. */
export const freePort = async (): Promise<number> => {
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

export const ADMIN_PASSWORD = 'correct horse battery staple'

export type TestStack = {
  readonly url: string
  readonly verifierUrl: string
  readonly dataFolder: string
  /** Everything that the supervisor printed. */
  readonly printed: () => string
  /** Asks the database as the login that serves requests. */
  query(text: string, values?: unknown[]): Promise<pg.QueryResult>
  /** Ends a part as a crash would. */
  kill(part: 'server' | 'verifier' | 'postgres'): Promise<void>
  /** @param options.keep leaves the data folder for another start */
  stop(options?: { keep?: boolean }): Promise<void>
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The whole stack on an empty data folder, started as `npm start` does. */
export const startTestStack = async (env: Record<string, string> = {}): Promise<TestStack> => {
  const dataFolder = env.VERIDOOR_DATA ?? mkdtempSync(join(tmpdir(), 'veridoor-stack-'))
  // As root the database runs as somebody else, who has to be able to come in.
  chmodSync(dataFolder, 0o755)
  const port = await freePort()
  const verifierPort = await freePort()
  let text = ''
  const child: ChildProcess = spawn(process.execPath, ['launch/src/start.ts'], {
    cwd: root,
    env: {
      ...process.env,
      VERIDOOR_DATA: dataFolder,
      VERIDOOR_PORT: String(port),
      VERIFIER_PORT: String(verifierPort),
      VERIDOOR_ADMIN_PASSWORD: ADMIN_PASSWORD,
      NODE_OPTIONS: '',
      // Twenty seconds of movements in each journey would prove nothing new: those about them switch it on.
      VERIFIER_LIVENESS: 'off',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  for (let waited = 0; !text.includes('Veridoor is ready'); waited += 100) {
    if (child.exitCode !== null || waited > 120_000) {
      child.kill('SIGKILL')
      throw new Error(`the stack did not start:\n${text}`)
    }
    await sleep(100)
  }
  const run = (): { databaseUrl: string } =>
    JSON.parse(readFileSync(join(dataFolder, 'run.json'), 'utf8')) as { databaseUrl: string }

  const query: TestStack['query'] = async (statement, values) => {
    const client = new pg.Client({ connectionString: run().databaseUrl })
    await client.connect()
    try {
      return await client.query(statement, values)
    } finally {
      await client.end()
    }
  }
  // Sign-up to the built-in application is off in a new installation. Most journeys begin with a person who signs up there.
  await query(`update veridoor.applications set enable_sign_up = true where name = 'app-built-in'`)

  return {
    url: `http://localhost:${port}`,
    verifierUrl: `http://localhost:${verifierPort}`,
    dataFolder,
    printed: () => text,
    query,
    async kill(part) {
      if (part === 'postgres') {
        const place = join(dataFolder, 'postgres-place')
        const folder = (() => {
          try {
            return readFileSync(place, 'utf8').trim()
          } catch {
            return join(dataFolder, 'postgres')
          }
        })()
        // While it starts again there is no such file, or an empty one.
        const pid = (): number => {
          try {
            return Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0])
          } catch {
            return 0
          }
        }
        const before = pid()
        if (before === 0) throw new Error('the database does not run')
        process.kill(before, 'SIGKILL')
        for (let waited = 0; waited < 60_000; waited += 200) {
          await sleep(200)
          const ready = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null)
          const now = pid()
          if (now !== 0 && now !== before && ready?.ok) return
        }
        throw new Error('the database did not come back')
      }
      const { pid } = JSON.parse(readFileSync(join(dataFolder, `${part}.pid.json`), 'utf8')) as { pid: number }
      process.kill(pid, 'SIGKILL')
      // Its supervisor notices and starts it again.
      for (let waited = 0; waited < 60_000; waited += 100) {
        await sleep(100)
        const answer = await fetch(`http://127.0.0.1:${part === 'server' ? port : verifierPort}/readyz`).catch(
          () => null,
        )
        if (answer?.ok) return
      }
      throw new Error(`${part} did not come back`)
    },
    async stop(options = {}) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await Promise.race([ended, sleep(30_000)])
      if (!options.keep) rmSync(dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    },
  }
}
