import { type Chain, createApplication, outcome } from '../attack.ts'
import { createClient, freshName } from '../client.ts'

const REQUESTS = 1000
const AT_ONCE = 20
const LIMIT_BYTES = 1_048_576

/** Anybody who knows a client identifier sends 1,000 pushed requests of 10 kB. Less than 1 MB of them may stay. */
export const pushedRequests: Chain = async ({ stack, admin }) => {
  const name = freshName('par')
  const { clientId } = await createApplication(admin, name, { isPublic: true })
  const size = async (): Promise<number> =>
    Number(
      (
        await stack.query(`select coalesce(sum(pg_total_relation_size(c.oid)), 0) as bytes from pg_class c
      join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'veridoor' and c.relkind = 'r'`)
      ).rows[0].bytes,
    )
  const before = await size()
  const member = {
    client_id: clientId,
    redirect_uri: 'https://rp.example.com/callback',
    response_type: 'code',
    scope: 'openid',
  }
  const statuses = new Map<number, number>()
  const attacker = createClient(stack.url, { isProgram: true })
  for (let sent = 0; sent < REQUESTS; sent += AT_ONCE) {
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, () =>
        attacker.form('/api/login/oauth/par', {
          ...member,
          code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
          code_challenge_method: 'S256',
          state: 'x'.repeat(10_000),
        }),
      ),
    )
    for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  const grown = (await size()) - before
  const detail = { grown, statuses: Object.fromEntries(statuses) }
  return [outcome('1,000 pushed requests fill the database', grown < LIMIT_BYTES && !statuses.has(500), detail)]
}
