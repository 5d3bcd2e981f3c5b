import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, expect, it } from 'vitest'
import { ownTestServer } from '../src/test-database.ts'

const before = process.env.VERIDOOR_TEST_POSTGRES
afterAll(() => {
  if (before === undefined) delete process.env.VERIDOOR_TEST_POSTGRES
  else process.env.VERIDOOR_TEST_POSTGRES = before
})

/** Whether the server lets its owner in. */
const answers = async (connectionString: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

it('what a run that was interrupted left behind goes with the next one', async () => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  const left = join(tmpdir(), `veridoor-test-run-${pid}-left`)
  const own = join(tmpdir(), `veridoor-test-run-${process.pid}-mine`)
  for (const folder of [left, own]) mkdirSync(folder)
  const stop = await ownTestServer()
  expect(existsSync(left)).toBe(false)
  expect(existsSync(own)).toBe(true)
  rmSync(own, { recursive: true })
  await stop()
})

it('the database server that the files of a run started ends after the run, and leaves nothing behind', async () => {
  const stop = await ownTestServer()
  const folder = process.env.VERIDOOR_TEST_POSTGRES ?? ''
  // As the files do it: in a process that is over before the run is.
  const file = `import { testDatabase } from '@veridoor/launch'; console.log((await testDatabase('run')).ownerUrl); process.exit(0)`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', file], {
    cwd: fileURLToPath(new URL('../../server', import.meta.url)),
    encoding: 'utf8',
  })
  const url = stdout.trim()
  try {
    expect(url, stderr).toMatch(/^postgresql:/)
    expect(await answers(url)).toBe(true)
  } finally {
    await stop()
  }
  expect(await answers(url)).toBe(false)
  expect(existsSync(folder)).toBe(false)
})
