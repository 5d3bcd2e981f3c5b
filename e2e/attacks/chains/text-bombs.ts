import { type Chain, outcome, signUp } from '../attack.ts'
import { createClient, freshName } from '../client.ts'

const EXPANDING = `${'Ä'.repeat(6)}${'\uFDFA'.repeat(10_000)}`
const LONG = 'Ä'.repeat(450_000)

/** One member sends text that grows when it is compared. The server must stay up and answer others within a second. */
export const textBombs: Chain = async ({ stack }) => {
  const member = await signUp(stack.url, freshName('mallory'))
  const outcomes = []
  for (const [name, text] of Object.entries({
    expanding: EXPANDING,
    long: LONG,
    'lone surrogate': '\ud800',
    NUL: 'a\u0000b',
  })) {
    const answers = await Promise.all([
      ...['realName', 'idCard', 'displayName', 'email'].map((field) =>
        member.call('POST', '/api/update-user', { [field]: text }),
      ),
      member.call('PUT', '/v1/account/identity', {
        realName: text,
        documentNumber: 'X1234567',
        documentType: 'PASSPORT',
        documentCountry: 'UTO',
      }),
    ])
    const bad = answers.filter(({ status, json }) => status >= 500 || (status < 400 && json?.status === 'ok'))
    outcomes.push(
      outcome(
        `a member saves ${name} text`,
        bad.length === 0,
        bad.map(({ status, text: body }) => `${status} ${body}`),
      ),
    )
  }
  await member.call('POST', '/v1/verifications', {})
  const from = performance.now()
  const alive = await createClient(stack.url).call('GET', '/v1/sign-in-page')
  outcomes.push(
    outcome(
      'the server answers others',
      alive.status === 200 && performance.now() - from < 1000,
      `${alive.status} in ${performance.now() - from} ms`,
    ),
  )
  return outcomes
}
