import { account } from './api-account.ts'
import { applications } from './api-applications.ts'
import { audit } from './api-audit.ts'
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

/**
 * Our own API, mounted under `/v1`. One declaration: server guard, typed client and OpenAPI document come from it.
 * Objects are named by `organization` + `name`, as existing clients know them. Secrets are write-only: they are
 * never in an answer, `***` stands for "there is one", and `***` sent back keeps it.
 */
export const api = {
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
  overview,
}
