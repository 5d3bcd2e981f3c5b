import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folders: string[] = []
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'veridoor-start-'))
  chmodSync(folder, 0o755)
  folders.push(folder)
  return folder
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
})

const listen = (): Promise<{ server: Server; port: number }> =>
  new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve({ server, port: typeof address === 'object' && address ? address.port : 0 })
    })
  })
/** Below the range from which the system takes ports for outgoing connections, so that none of those gets it meanwhile. */
const freePort = async (): Promise<string> => {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 15_000)
    const isFree = await new Promise<boolean>((resolve) => {
      const probe = createServer()
      probe.once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
    })
    if (isFree) return String(port)
  }
}

const run = async (
  env: Record<string, string>,
): Promise<{ child: ChildProcess; said: () => string; ended: Promise<number | null> }> => {
  let text = ''
  const child = spawn(process.execPath, ['launch/src/start.ts'], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      npm_execpath: process.env.npm_execpath,
      VERIDOOR_PORT: await freePort(),
      VERIFIER_PORT: await freePort(),
      VERIDOOR_DATA: newFolder(),
      ...env,
    },
  })
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  return { child, said: () => text, ended: new Promise((resolve) => child.once('exit', (code) => resolve(code))) }
}

const refusal = async (env: Record<string, string>): Promise<string> => {
  const { said, ended } = await run(env)
  expect(await ended).toBe(1)
  expect(said()).toContain('Veridoor cannot start.')
  expect(said()).not.toContain('    at ')
  return said()
}

describe('a start that cannot succeed ends in one sentence and a non-zero exit', () => {
  it('when a port is busy', async () => {
    const { server, port } = await listen()
    expect(await refusal({ VERIDOOR_PORT: String(port) })).toContain(`Port ${port} is in use by another program.`)
    server.close()
  })

  it('when the data folder cannot be written', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'file'), '')
    expect(await refusal({ VERIDOOR_DATA: join(folder, 'file', 'data') })).toContain('cannot be written')
  })

  it('when DATABASE_URL leads nowhere, or is none', async () => {
    expect(await refusal({ DATABASE_URL: `postgresql://nobody:x@127.0.0.1:${await freePort()}/x` })).toContain(
      'nothing listens there',
    )
    expect(await refusal({ DATABASE_URL: 'mysql://here' })).toContain('DATABASE_URL must look like')
  })

  it('when the key file is damaged, or the key in the environment is none', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'master.key'), 'torn')
    expect(await refusal({ VERIDOOR_DATA: folder })).toContain('is damaged')
    expect(await refusal({ VERIDOOR_KEY: 'short' })).toContain('VERIDOOR_KEY must be 32 bytes')
  })

  it('when the key is not the one the database was sealed with', async () => {
    const folder = newFolder()
    const first = await run({ VERIDOOR_DATA: folder, VERIDOOR_ADMIN_PASSWORD: 'correct horse battery' })
    for (let waited = 0; waited < 60_000 && !first.said().includes('is ready'); waited += 100)
      await new Promise((resolve) => setTimeout(resolve, 100))
    expect(first.said()).toContain('Veridoor is ready')
    first.child.kill('SIGTERM')
    expect(await first.ended).toBe(0)
    writeFileSync(join(folder, 'master.key'), Buffer.alloc(32, 7).toString('base64'))
    expect(await refusal({ VERIDOOR_DATA: folder })).toContain('not the one this database was encrypted with')
  })
})

describe('a start that succeeds', () => {
  it('prints the first password once, and after a kill -9 of everything the next start recovers', async () => {
    const folder = newFolder()
    mkdirSync(folder, { recursive: true })
    const ready = async (env: Record<string, string> = {}) => {
      const started = await run({ VERIDOOR_DATA: folder, ...env })
      for (let waited = 0; waited < 60_000 && !started.said().includes('is ready'); waited += 100)
        await new Promise((resolve) => setTimeout(resolve, 100))
      expect(started.said()).toContain('Veridoor is ready')
      return started
    }
    const first = await ready()
    expect(first.said()).toMatch(/Password {2}\S{12,}/)
    first.child.kill('SIGKILL')
    await first.ended
    // Its parts notice that their supervisor is gone.
    await new Promise((resolve) => setTimeout(resolve, 2000))

    const second = await ready()
    expect(second.said()).not.toContain('Password')
    const third = await run({ VERIDOOR_DATA: folder })
    expect(await third.ended).toBe(1)
    expect(third.said()).toContain('already runs on')
    second.child.kill('SIGINT')
    expect(await second.ended).toBe(0)
    expect(existsSync(join(folder, 'run.json'))).toBe(false)
  })
})
