import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createEnvelopeCipher,
  type Database,
  type EnvelopeCipher,
  loadRootKey,
  openDatabase,
  processKeys,
  readKeys,
  rewrapSchemas,
  systemClock,
} from '@veridoor/foundation'
import { resetPassword } from './accounts/index.ts'
import {
  AUDIT_KEY,
  CHECKPOINT_FILE,
  type ChainState,
  CheckpointError,
  createAudit,
  type Head,
  readCheckpoints,
  verifyChains,
} from './audit/index.ts'
import { createBudgets } from './budgets/index.ts'
import { SCHEMA } from './migrate.ts'
import { rotateKeys } from './oidc/index.ts'

/** The operator's commands. They work on the running installation, and start nothing. */
const usage = `Usage: npm run -s veridoor -- <command>

  audit verify [HEAD…]          Verify the audit record: every line, its signature, and the checkpoints in the data folder.
                                Names the first bad line. A HEAD that you noted (organization:number:hash) is checked too
  audit heads                   Print the last line of each organization's chain, to be noted elsewhere
  audit export [organization]   Print audit lines as JSON, one a line, oldest first
  admin reset-password          Give built-in/admin a new password, printed once
  keys rotate                   Make new keys for signing tokens. Running servers use them within seconds
  keys rewrap                   Move everything that is encrypted to the first key of VERIDOOR_KEY, so that older keys can go`

const fail = (sentence: string): never => {
  console.error(sentence)
  process.exit(1)
}

const dataFolder = (): string => process.env.VERIDOOR_DATA || 'data'

/** Addresses of the running installation's database: from the environment, or as `npm start` left them. */
const databaseUrls = (): { url: string; ownerUrl: string } => {
  const { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl } = process.env
  if (url) return { url, ownerUrl: ownerUrl || url }
  const file = join(dataFolder(), 'run.json')
  if (!existsSync(file)) fail('Veridoor is not running here. Start it with npm start, or set DATABASE_URL.')
  const run = JSON.parse(readFileSync(file, 'utf8')) as { databaseUrl: string; databaseOwnerUrl?: string }
  return { url: run.databaseUrl, ownerUrl: run.databaseOwnerUrl ?? run.databaseUrl }
}

const masterKeyText = (): string => {
  const file = join(dataFolder(), 'master.key')
  return process.env.VERIDOOR_KEY || (existsSync(file) ? readFileSync(file, 'utf8').trim() : '')
}

const masterKeys = (): Uint8Array[] => {
  const text = masterKeyText()
  return readKeys(
    'VERIDOOR_KEY',
    text || fail('The master key is missing: set VERIDOOR_KEY, or VERIDOOR_DATA to the data folder.'),
  )
}

const openCipher = async (db: Database): Promise<EnvelopeCipher> => {
  const keys = masterKeys()
  return createEnvelopeCipher(keys, await loadRootKey(db, SCHEMA, keys))
}
const openAudit = async (db: Database) =>
  createAudit({ db, clock: systemClock, key: (await openCipher(db)).derive(AUDIT_KEY) })
/** For commands that only read lines: nothing is signed or verified. */
const readAudit = (db: Database) => createAudit({ db, clock: systemClock, key: new Uint8Array(32) })

const parseHead = (text: string): Head => {
  const [, organization, number, hash] = /^([^:]+):(\d+):([\w-]+)$/.exec(text) ?? []
  if (!organization || !number || !hash)
    return fail('A head looks like organization:number:hash, as "audit heads" prints it.')
  return { organization, number: Number(number), hash }
}

const faults: Readonly<Record<NonNullable<ChainState['fault']>, string>> = {
  changed: 'a line was changed, removed or inserted',
  not_signed: 'this line was not written by this installation',
  cut_off: 'lines are missing from here on',
  rewritten: 'another line stood here when a checkpoint was written',
}

/** Without the master key only the chain itself can be verified: whoever writes to the database could have made it. */
const verifyAudit = async (db: Database, heads: readonly string[]): Promise<number> => {
  const noted = heads.map(parseHead)
  const key = masterKeyText() === '' ? undefined : (await openCipher(db)).derive(AUDIT_KEY)
  const file = join(dataFolder(), CHECKPOINT_FILE)
  let checkpoints: ReturnType<typeof readCheckpoints> = []
  try {
    if (key) checkpoints = readCheckpoints(file, key)
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error
    console.log(`The file of checkpoints is broken: checkpoint ${error.number} was changed or removed (${file}).`)
    return 1
  }
  const state = await verifyChains(db, key, undefined, { noted, checkpoints })
  if (!state.ok) {
    const where = `organization ${state.organization}, first bad line ${state.firstBadLine}`
    console.log(`The audit chain is broken: ${where}${state.fault ? ` (${faults[state.fault]})` : ''}.`)
    return 1
  }
  const held = noted.length === 0 ? '' : `, and holds ${noted.length === 1 ? 'the noted head' : 'all noted heads'}`
  console.log(`The audit chain is whole: ${state.lines} lines, ${checkpoints.length} checkpoints${held}.`)
  if (!key) console.log('Signatures and checkpoints were not checked: set VERIDOOR_KEY to check them too.')
  return 0
}

const exportAudit = async (db: Database, organizations: readonly string[]): Promise<void> => {
  const audit = readAudit(db)
  const names = organizations.length > 0 ? organizations : (await audit.heads()).map((head) => head.organization)
  for (const organization of names)
    for (let after = 0, isMore = true; isMore; ) {
      const lines = await audit.read(organization, after, 500)
      for (const line of lines) console.log(JSON.stringify(line))
      after = lines.at(-1)?.number ?? after
      isMore = lines.length === 500
    }
}

const run = async (command: string, rest: string[]): Promise<number> => {
  const { url, ownerUrl } = databaseUrls()
  const { db, close } = openDatabase(url, { max: 2 })
  try {
    switch (command) {
      case 'audit verify':
        return await verifyAudit(db, rest)
      case 'audit heads': {
        for (const head of await readAudit(db).heads()) console.log(`${head.organization}:${head.number}:${head.hash}`)
        return 0
      }
      case 'audit export': {
        await exportAudit(db, rest)
        return 0
      }
      case 'admin reset-password': {
        const password = randomBytes(12).toString('base64url')
        const deps = {
          db,
          clock: systemClock,
          audit: await openAudit(db),
          budgets: createBudgets({ clock: systemClock }),
          onTrustEnded: [],
        }
        await resetPassword(deps, 'built-in', 'admin', password)
        console.log(`New password of admin: ${password}  (change it after signing in)`)
        return 0
      }
      case 'keys rotate': {
        const audit = await openAudit(db)
        await rotateKeys({ db, cipher: await openCipher(db), clock: systemClock })
        const line = { organization: 'built-in', actor: 'operator', action: 'rotate-keys', target: 'signing keys' }
        await db.transaction((tx) => audit.append(tx, line))
        console.log(
          'New signing keys are made. A Veridoor that runs signs with them within seconds. Earlier tokens stay valid. Clients with a fixed certificate need the new one.',
        )
        return 0
      }
      case 'keys rewrap': {
        const audit = await openAudit(db)
        const keys = masterKeys()
        const changed = await rewrapSchemas(ownerUrl, [
          { schema: SCHEMA, keys },
          { schema: 'verifier', keys: processKeys(keys, 'verifier') },
        ])
        const line = { organization: 'built-in', actor: 'operator', action: 'rewrap-keys', target: 'master key' }
        await db.transaction((tx) => audit.append(tx, line))
        console.log(
          `Rows that were moved to the newest master key: ${changed}. Older keys in VERIDOOR_KEY are not needed any more. Keep them for as long as you keep backups from before.`,
        )
        return 0
      }
      default:
        console.error(usage)
        return 2
    }
  } finally {
    await close()
  }
}

const [group = '', verb = '', ...rest] = process.argv.slice(2)
run(`${group} ${verb}`.trim(), rest)
  .then((code) => process.exit(code))
  .catch((error: unknown) => {
    const { code } = error as { code?: string }
    if (code === 'DECRYPTION_FAILED') fail('The master key is not the one of this database. Check VERIDOOR_KEY.')
    if (code === 'SETTING_REFUSED') fail((error as Error).message)
    fail(code ? `The database cannot be reached (${code}). Is Veridoor running?` : 'The command failed.')
  })
