import type { Clock, Database, EnvelopeCipher } from '@veridoor/foundation'
import type { AccountsDeps, Caller } from '../accounts/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Certificate, TokenOwner } from '../oidc/index.ts'
import type { OrganizationsDeps } from '../organizations/index.ts'
import type { Verification } from '../verification/index.ts'

/** The packages that this one translates for. It takes no decisions of its own. */
export type Deps = {
  readonly db: Database
  readonly clock: Clock
  readonly accounts: AccountsDeps
  readonly organizations: OrganizationsDeps
  readonly verification: Verification
  readonly audit: Audit
  /** How many webhook endpoints an organization has. */
  readonly countWebhooks: (organization: string) => Promise<number>
  /** Public address of this server. */
  readonly url: string
  readonly demonstration: boolean
  readonly secureCookies: boolean
  readonly cipher: EnvelopeCipher
  readonly sessionTokenOf: (cookies: string | undefined) => string | undefined
  readonly tokenOwnerOf: (token: string) => Promise<TokenOwner | undefined>
  /** The certificates of all keys whose tokens are still good, the current one first. */
  readonly certificates: () => Promise<readonly Certificate[]>
  /** Signs a person in to an application. */
  readonly enter: (
    application: string,
    input: {
      readonly username: string
      readonly password: string
      /** From the authenticator app, or a recovery code. */
      readonly code?: string | undefined
      readonly address: string
      readonly userAgent: string
    },
  ) => Promise<{ readonly token: string; readonly caller: Caller }>
}
