import { createHash } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AUDIT_KEY, CheckpointError, createCheckpointStore, readCheckpoints } from '../src/audit/index.ts'
import { startServer, type TestServer } from './harness.ts'

let server: TestServer
let owner: pg.Client
let folder: string
let file: string
let key: Uint8Array
beforeAll(async () => {
  server = await startServer('audit-evidence')
  owner = new pg.Client({ connectionString: server.database.ownerUrl })
  await owner.connect()
  await owner.query('alter table veridoor.audit_lines disable trigger user')
  key = server.cipher.derive(AUDIT_KEY)
})
afterAll(async () => {
  await owner?.end()
  await server?.stop()
})
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'veridoor-audit-'))
  file = join(folder, 'checkpoints.jsonl')
  await owner.query('delete from veridoor.audit_lines')
  for (const organization of ['acme', 'zeta']) for (let n = 0; n < 3; n += 1) await add(organization)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const add = (organization: string) =>
  server.db.transaction((tx) =>
    server.audit.append(tx, { organization, actor: 'a/b', action: 'update-user', target: 'a/c' }),
  )
const storeHere = () => createCheckpointStore({ file, key })
const checkpoint = async (store = storeHere()) => store.write(await server.audit.heads(), server.clock.now())
const verify = () => server.audit.verify(undefined, undefined, { checkpoints: readCheckpoints(file, key) })

describe('the audit record tells of', () => {
  it('nothing, while nobody touched it', async () => {
    await checkpoint()
    expect(await verify()).toMatchObject({ ok: true, lines: 6 })
  })

  it('a false line that fits the chain', async () => {
    const { rows } = await owner.query(`select * from veridoor.audit_lines where organization = 'acme' and number = 3`)
    const line = { ...rows[0], number: 4, previous_hash: rows[0].hash, actor: 'acme/eve' }
    const hash = createHash('sha256')
      .update(
        JSON.stringify([
          line.organization,
          line.number,
          line.at.toISOString(),
          line.actor,
          line.action,
          line.target,
          line.provider,
          line.reference,
          line.before,
          line.after,
          line.reasons,
          line.result,
          line.address,
          line.previous_hash,
        ]),
      )
      .digest('base64url')
    await owner.query(
      `insert into veridoor.audit_lines (organization, number, at, actor, action, target, provider, reference, before, after, reasons, result, address, previous_hash, hash, signature)
       values ($1, $2, $3, $4, $5, $6, null, null, null, null, '[]', $7, $8, $9, $10, $11)`,
      [
        'acme',
        4,
        line.at,
        line.actor,
        line.action,
        line.target,
        line.result,
        line.address,
        line.previous_hash,
        hash,
        rows[0].signature,
      ],
    )
    expect(await verify()).toMatchObject({ ok: false, organization: 'acme', firstBadLine: 4, fault: 'not_signed' })
  })

  it('a cut end, a rewritten end, and an organization that vanished', async () => {
    await checkpoint()
    await owner.query(`delete from veridoor.audit_lines where organization = 'acme' and number = 3`)
    expect(await verify()).toMatchObject({ ok: false, organization: 'acme', firstBadLine: 3, fault: 'cut_off' })
    // Whoever also holds the key could write another end: the checkpoint knows the former one.
    server.clock.advance(1_000)
    await add('acme')
    expect(await verify()).toMatchObject({ ok: false, organization: 'acme', firstBadLine: 3, fault: 'rewritten' })
    await owner.query(`delete from veridoor.audit_lines where organization = 'acme'`)
    expect(await verify()).toMatchObject({ ok: false, organization: 'acme', firstBadLine: 1, fault: 'cut_off' })
  })
})

describe('checkpoints', () => {
  it('hold the heads that changed, in a chain of their own, and none when nothing did', async () => {
    const store = storeHere()
    expect((await checkpoint(store))?.heads).toHaveLength(2)
    expect(await checkpoint(store)).toBeUndefined()
    await add('zeta')
    expect((await checkpoint(store))?.heads).toEqual([expect.objectContaining({ organization: 'zeta', number: 4 })])
    expect(readCheckpoints(file, key).map(({ number }) => number)).toEqual([1, 2])
  })

  it('that were changed, removed from the middle or signed by another are told', async () => {
    const store = storeHere()
    for (let n = 0; n < 3; n += 1) {
      await add('acme')
      await checkpoint(store)
    }
    const whole = readFileSync(file, 'utf8')
    const lines = whole.trim().split('\n')
    const isBroken = (text: string): boolean => {
      writeFileSync(file, text)
      try {
        readCheckpoints(file, key)
        return false
      } catch (error) {
        return error instanceof CheckpointError
      }
    }
    expect(isBroken([lines[0], lines[2], ''].join('\n'))).toBe(true)
    expect(isBroken([lines[1], lines[2], ''].join('\n'))).toBe(true)
    expect(isBroken(whole.replace('"acme"', '"acmf"'))).toBe(true)
    expect(isBroken(whole)).toBe(false)
    expect(() => readCheckpoints(file, new Uint8Array(32))).toThrow(CheckpointError)
  })

  it('go on after a process that was killed in the middle of one, and beside another process', async () => {
    await checkpoint()
    appendFileSync(file, '{"number":2,"at":"20')
    await add('acme')
    await checkpoint()
    const [one, other] = [storeHere(), storeHere()]
    await add('acme')
    await checkpoint(one)
    await add('zeta')
    await checkpoint(other)
    await add('acme')
    await checkpoint(one)
    expect(readCheckpoints(file, key).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5])
    expect(await verify()).toMatchObject({ ok: true })
  })
})
