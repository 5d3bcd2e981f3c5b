import { account } from './api-account.ts'
import { applications } from './api-applications.ts'
import { audit } from './api-audit.ts'
import { budgets } from './api-budgets.ts'
import { apiKeys } from './api-keys.ts'
import { mails } from './api-mail.ts'
import { organizations } from './api-organizations.ts'
import { overview } from './api-overview.ts'
import { providers } from './api-providers.ts'
import { security } from './api-security.ts'
import { session } from './api-session.ts'
import { users } from './api-users.ts'
import { verifications } from './api-verifications.ts'
import { webhooks } from './api-webhooks.ts'

/** Written out, since a compiler that writes declarations gives up on the whole of it. */
type Api = {
  session: typeof session
  account: typeof account
  security: typeof security
  verifications: typeof verifications
  organizations: typeof organizations
  applications: typeof applications
  providers: typeof providers
  users: typeof users
  audit: typeof audit
  apiKeys: typeof apiKeys
  webhooks: typeof webhooks
  mails: typeof mails
  budgets: typeof budgets
  overview: typeof overview
}

/**
 * Our own API, mounted under `/v1`. One declaration: server guard, typed client and OpenAPI document come from it.
 * Objects are named by `organization` + `name`, as existing clients know them. Secrets are write-only: they are
 * never in an answer, `***` stands for "there is one", and `***` sent back keeps it.
 */
export const api: Api = {
  session,
  account,
  security,
  verifications,
  organizations,
  applications,
  providers,
  users,
  audit,
  apiKeys,
  webhooks,
  mails,
  budgets,
  overview,
}
