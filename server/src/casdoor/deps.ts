import type { Clock, Database, EnvelopeCipher } from '@veridoor/foundation'
import type { FastifyRequest } from 'fastify'
import type { AccountsDeps, Caller, User } from '../accounts/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Certificate, TokenOwner } from '../oidc/index.ts'
import type { OrganizationsDeps } from '../organizations/index.ts'
import type { Verification } from '../verification/index.ts'

/** What this room translates for; it decides nothing itself. */
export type Deps = {
  readonly db: Database
  readonly clock: Clock
  readonly accounts: AccountsDeps
  readonly organizations: OrganizationsDeps
  readonly verification: Verification
  readonly audit: Audit
  /** Endpoints that an organization has told us to call. */
  readonly countWebhooks: (organization: string) => Promise<number>
  /** Public address of this server. */
  readonly url: string
  readonly demonstration: boolean
  readonly secureCookies: boolean
  readonly cipher: EnvelopeCipher
  readonly sessionTokenOf: (cookies: string | undefined) => string | undefined
  readonly tokenOwnerOf: (token: string) => Promise<TokenOwner | undefined>
  /** Of the keys that sign tokens or still check them, the current one first. */
  readonly certificates: () => Promise<readonly Certificate[]>
  /** Signs in at the door of an application; a session's token and whom it belongs to. */
  readonly enter: (
    application: string,
    input: {
      readonly username: string
      readonly password: string
      /** Of the authenticator app, or a recovery code. */
      readonly code?: string | undefined
      readonly address: string
      readonly userAgent: string
    },
  ) => Promise<{ readonly token: string; readonly caller: Caller }>
}

/** A person by cookie, an application by its own credentials, or a person by a token that an application holds for them. */
export type Principal =
  | { readonly kind: 'person'; readonly caller: Caller; readonly token: string }
  | { readonly kind: 'application'; readonly caller: Caller }
  /** `subject`: the person as the token's application knows them. */
  | {
      readonly kind: 'token'
      readonly user: User
      readonly subject: string
      readonly scopes: readonly string[]
      /** The person has agreed that the token's application learns their real name. */
      readonly isRealNameShared: boolean
    }

/**
 * One call of a client of Casdoor. `asker` is undefined where nobody shows who they are; of a repeated query key the last counts.
 */
export type Call = {
  readonly request: FastifyRequest
  readonly query: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
  readonly principal: Principal | undefined
}
