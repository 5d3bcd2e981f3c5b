import { APPLICATION, type Chain, outcome, signUp } from '../attack.ts'
import { createClient, freshName } from '../client.ts'

/** Look-alike accounts, addresses that a filter reads differently, and requests from another site. */
export const namesAndOrigins: Chain = async ({ stack }) => {
  const outcomes = []
  for (const username of [
    'admin\u200b',
    '\u0430dmin',
    'ADMIN',
    'admin ',
    '..',
    '.',
    'adm\u00adin',
    '\u202eadmin',
    'ａｄｍｉｎ',
  ]) {
    const answer = await createClient(stack.url).call('POST', '/v1/accounts', {
      application: APPLICATION,
      username,
      email: `${freshName('look')}@example.com`,
      password: 'a password of some length',
    })
    outcomes.push(
      outcome(
        `registers ${JSON.stringify(username)}`,
        answer.status >= 400 && answer.status < 500,
        `${answer.status} ${answer.text}`,
      ),
    )
  }
  const username = freshName('victim')
  const victim = await signUp(stack.url, username)
  const { host } = new URL(stack.url)
  for (const origin of [
    'https://attacker.example.com',
    'null',
    `http://${host}.attacker.example.com`,
    `https://${host}`,
  ]) {
    const answer = await victim.call('PUT', '/v1/account/profile', { displayName: 'owned' }, { origin })
    outcomes.push(
      outcome(`changes a profile from origin ${origin}`, answer.status >= 400, `${answer.status} ${answer.text}`),
    )
  }
  for (const path of ['/v1/accoun%74/profile', '/%761/account/profile', '//v1/account/profile']) {
    const answer = await victim.call('PUT', path, { displayName: 'owned' }, { origin: 'https://attacker.example.com' })
    outcomes.push(
      outcome(
        `changes a profile at ${path} from another site`,
        answer.status >= 400,
        `${answer.status} ${answer.text}`,
      ),
    )
  }
  const asked = await victim.call('GET', '/api/get-user?phone=%2B999')
  outcomes.push(outcome('asks for somebody else and gets oneself', asked.json?.data?.name !== username, asked.text))
  return outcomes
}
