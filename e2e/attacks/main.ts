import { startFakeJumio } from '@veridoor/providers/jumio/fake'
import { ADMIN_PASSWORD, startTestStack } from '../journeys/test-stack.ts'
import { APPLICATION, type Chain, createApplication, ORGANIZATION } from './attack.ts'
import { clientSecret } from './chains/client-secret.ts'
import { namesAndOrigins } from './chains/names-and-origins.ts'
import { pushedRequests } from './chains/pushed-requests.ts'
import { sqlForger } from './chains/sql-forger.ts'
import { survivors } from './chains/survivors.ts'
import { textBombs } from './chains/text-bombs.ts'
import { createClient } from './client.ts'

/**
 * `npm run attacks`: the proven attacks of the security review as programs against a fresh instance. Each has to end in a
 * refusal; a line of JSON an attack, the totals last, exit code 1 where one succeeded.
 */
const chains: Readonly<Record<string, Chain>> = {
  clientSecret,
  textBombs,
  sqlForger,
  survivors,
  namesAndOrigins,
  pushedRequests,
}

// `-- survivors sqlForger` runs the chains named.
const named = process.argv.slice(2)
const stack = await startTestStack()
const liar = await startFakeJumio('v4')
let refused = 0
let succeeded = 0
try {
  const admin = createClient(stack.url)
  const signedIn = await admin.call('POST', '/v1/session', { username: 'admin', password: ADMIN_PASSWORD })
  if (signedIn.status !== 200) throw new Error(`the administrator could not sign in: ${signedIn.text}`)
  const made = await admin.call('POST', '/v1/organizations', { name: ORGANIZATION, displayName: 'Acme' })
  if (made.status !== 201) throw new Error(`the organization could not be made: ${made.text}`)
  await createApplication(admin, APPLICATION, { enableSignUp: true })
  for (const [chain, run] of Object.entries(chains).filter(([chain]) => named.length === 0 || named.includes(chain)))
    for (const outcome of await run({ stack, admin, liar })) {
      if (outcome.refused) refused += 1
      else succeeded += 1
      console.log(JSON.stringify({ chain, ...outcome, ...(outcome.refused ? { detail: undefined } : {}) }))
    }
} finally {
  await liar.close()
  await stack.stop()
}
console.log(`${refused} passed, ${succeeded} failed`)
process.exit(succeeded === 0 ? 0 : 1)
