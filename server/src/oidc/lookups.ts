import { type Caller, callerOf, findUserById, type User } from '../accounts/index.ts'
import { findApplicationByClientId } from '../organizations/index.ts'
import type { Application } from './clients.ts'
import type { OidcDeps } from './deps.ts'
import { oncePerRequest } from './request-cache.ts'

/** Reads of other rooms, each made once in a request however often the protocol library asks. */
export const createLookups = ({ accounts, organizations, sessionTokenOf }: OidcDeps) => ({
  findApplication: (clientId: string): Promise<Application | undefined> =>
    oncePerRequest(`application:${clientId}`, () => findApplicationByClientId(organizations.db, clientId)),
  findUser: (userId: string): Promise<User | undefined> =>
    oncePerRequest(`user:${userId}`, () => findUserById(accounts, userId)),
  /** The person whose session the browser shows, if any. */
  async callerOf(cookies: string | undefined, address = ''): Promise<Caller | undefined> {
    const token = sessionTokenOf(cookies)
    return token === undefined
      ? undefined
      : oncePerRequest(`session:${token}`, () => callerOf(accounts, token, address))
  },
})
export type Lookups = ReturnType<typeof createLookups>
