import { ClientId } from '@veridoor/contract'
import { type Caller, findUserById, sessionOwnerOf, type User } from '../accounts/index.ts'
import { findApplicationByClientId } from '../organizations/index.ts'
import type { Application } from './clients.ts'
import type { OidcDeps } from './deps.ts'
import { oncePerRequest, rememberInRequest } from './request-cache.ts'

/** Reads of other rooms, each made once in a request however often the protocol library asks. */
export const createLookups = ({ accounts, organizations, sessionTokenOf }: OidcDeps) => ({
  findApplication: (clientId: string): Promise<Application | undefined> =>
    oncePerRequest(`application:${clientId}`, async () =>
      // Identifiers come out of headers and JWTs as well: text that can be none never reaches the database.
      ClientId.safeParse(clientId).success ? findApplicationByClientId(organizations.db, clientId) : undefined,
    ),
  findUser: (userId: string): Promise<User | undefined> =>
    oncePerRequest(`user:${userId}`, () => findUserById(accounts, userId)),
  /** The person whose session the browser shows, if any. Their account is remembered, since it is asked for next. */
  async callerOf(cookies: string | undefined, address = ''): Promise<Caller | undefined> {
    const token = sessionTokenOf(cookies)
    if (token === undefined) return undefined
    return oncePerRequest(`session:${token}`, async () => {
      const owner = await sessionOwnerOf(accounts, token, address)
      if (owner) rememberInRequest(`user:${owner.caller.userId}`, owner.user())
      return owner?.caller
    })
  },
})
export type Lookups = ReturnType<typeof createLookups>
