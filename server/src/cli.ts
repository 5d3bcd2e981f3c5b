import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createEnvelopeCipher, openDatabase, readKeys, systemClock } from '@veridoor/foundation'
import { resetPassword } from './accounts/index.ts'
import { createAudit } from './audit/index.ts'
import { rotateKeys } from './oidc/index.ts'

/** The operator's commands. They work on the running installation, and start nothing. */
const usage = `Usage: npm run -s veridoor -- <command>

  audit verify [HEAD…]          Recompute the audit chain; names the first bad line. A HEAD that you noted
                                before (organization:number:hash) also proves that nothing was cut off
  audit heads                   Print the last line of each organization's chain, to be noted elsewhere
  audit export [organization]   Print audit lines as JSON, one a line, oldest first
  admin reset-password          Give built-in/admin a new password, printed once
  keys rotate                   Make new keys for signing tokens; running nodes sign with them within seconds`

const fail = (sentence: string): never => {
  console.error(sentence)
  process.exit(1)
}

/** The address of the running installation's database: from the environment, or as `npm start` left it. */
const databaseUrl = (): string => {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL
  const file = join(process.env.VERIDOOR_DATA || 'data', 'run.json')
  if (!existsSync(file)) fail('Veridoor is not running here. Start it with npm start, or set DATABASE_URL.')
  return (JSON.parse(readFileSync(file, 'utf8')) as { databaseUrl: string }).databaseUrl
}

const masterKey = (): string => {
  const file = join(process.env.VERIDOOR_DATA || 'data', 'master.key')
  const text = process.env.VERIDOOR_KEY || (existsSync(file) ? readFileSync(file, 'utf8').trim() : '')
  return text || fail('The master key is missing: set VERIDOOR_KEY, or VERIDOOR_DATA to the data folder.')
}

const parseHead = (text: string): { organization: string; number: number; hash: string } => {
  const [, organization, number, hash] = /^([^:]+):(\d+):([\w-]+)$/.exec(text) ?? []
  if (!organization || !number || !hash)
    return fail('A head looks like organization:number:hash, as "audit heads" prints it.')
  return { organization, number: Number(number), hash }
}

const run = async (command: string, rest: string[]): Promise<number> => {
  const { db, close } = openDatabase(databaseUrl(), { max: 2 })
  const audit = createAudit({ db, clock: systemClock })
  try {
    switch (command) {
      case 'audit verify': {
        const noted = rest.map(parseHead)
        let state = await audit.verify()
        for (const head of noted) if (state.ok) state = { ...(await audit.verify(head.organization, head)) }
        if (state.ok && noted.length > 0)
          console.log(
            `The audit chain is whole and holds ${noted.length === 1 ? 'the noted head' : 'all noted heads'}.`,
          )
        else if (state.ok) console.log(`The audit chain is whole: ${state.lines} lines.`)
        else
          console.log(
            `The audit chain is broken: organization ${state.organization}, first bad line ${state.firstBadLine}.`,
          )
        return state.ok ? 0 : 1
      }
      case 'audit heads': {
        for (const head of await audit.heads()) console.log(`${head.organization}:${head.number}:${head.hash}`)
        return 0
      }
      case 'audit export': {
        const organizations = rest.length > 0 ? rest : (await audit.heads()).map((head) => head.organization)
        for (const organization of organizations)
          for (let after = 0, more = true; more; ) {
            const lines = await audit.read(organization, after, 500)
            for (const line of lines) console.log(JSON.stringify(line))
            after = lines.at(-1)?.number ?? after
            more = lines.length === 500
          }
        return 0
      }
      case 'admin reset-password': {
        const password = randomBytes(12).toString('base64url')
        await resetPassword({ db, clock: systemClock, audit, onTrustEnded: [] }, 'built-in', 'admin', password)
        console.log(`New password of admin: ${password}  (change it after signing in)`)
        return 0
      }
      case 'keys rotate': {
        const cipher = createEnvelopeCipher(readKeys('VERIDOOR_KEY', masterKey()))
        await rotateKeys({ db, cipher, clock: systemClock })
        const line = { organization: 'built-in', actor: 'operator', action: 'rotate-keys', target: 'signing keys' }
        await db.transaction((tx) => audit.append(tx, line))
        console.log(
          'New signing keys are made. A Veridoor that runs signs with them within seconds. Tokens of before stay good; clients with a fixed certificate need the new one.',
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
    fail(
      code ? `The database cannot be reached (${code}). Is Veridoor running?` : 'The command failed: a fault of ours.',
    )
  })
