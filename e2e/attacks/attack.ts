import type { FakeJumio } from '@veridoor/providers/jumio/fake'
import type { TestStack } from '../journeys/test-stack.ts'
import { type Client, createClient } from './client.ts'

/** What a chain has to work with: a fresh instance, its administrator for the set-up, and a lying provider of the attacker's own. */
export type Target = {
  readonly stack: TestStack
  readonly admin: Client
  readonly liar: FakeJumio
}

/** What one attack came to. `refused` is the only good end. */
export type Outcome = { readonly attack: string; readonly refused: boolean; readonly detail: string }
export type Chain = (target: Target) => Promise<readonly Outcome[]>

export const outcome = (attack: string, refused: boolean, detail: unknown): Outcome => ({
  attack,
  refused,
  detail: (typeof detail === 'string' ? detail : JSON.stringify(detail)).slice(0, 300),
})

/** The organization whose members the chains are about, and its application where everybody can sign up. */
export const ORGANIZATION = 'acme'
export const APPLICATION = 'acme-app'
export const PASSWORD = 'a password of some length'

/** A member of the organization, signed in. @throws {Error} when the set-up itself is refused, so that no chain passes for that reason */
export const signUp = async (url: string, username: string, application = APPLICATION): Promise<Client> => {
  const client = createClient(url)
  const answer = await client.call('POST', '/v1/accounts', {
    application,
    username,
    email: `${username}@example.com`,
    password: PASSWORD,
  })
  if (answer.status !== 201) throw new Error(`${username} could not sign up: ${answer.status} ${answer.text}`)
  const session = await client.call('GET', '/v1/session')
  if (session.status !== 200) throw new Error(`${username} is not signed in: ${session.status} ${session.text}`)
  return client
}

/** An application of the organization. @throws {Error} when the set-up itself is refused */
export const createApplication = async (
  admin: Client,
  name: string,
  more: Record<string, unknown> = {},
): Promise<{ clientId: string; clientSecret: string }> => {
  const made = await admin.call('POST', '/v1/applications', {
    organization: ORGANIZATION,
    name,
    displayName: name,
    redirectUris: ['https://rp.example.com/callback'],
    providers: [],
    ...more,
  })
  if (made.status !== 201) throw new Error(`application ${name} could not be made: ${made.text}`)
  const secret = more.isPublic ? '' : (await admin.call('POST', `/v1/applications/${name}/secret`)).json.clientSecret
  return { clientId: made.json.clientId, clientSecret: secret }
}
