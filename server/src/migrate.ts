import { fileURLToPath } from 'node:url'
import { migrate, roleOf } from '@veridoor/foundation'

/** Where the job queue has its tables; the serving login owns it. */
export const JOBS_SCHEMA = 'jobs'

/** What the serving login may do. It owns no table: it cannot drop a trigger, and can only add to the audit record. */
const grants = [
  'grant usage on schema veridoor to :role',
  'grant select on all tables in schema veridoor to :role',
  'grant insert, update on veridoor.organizations, veridoor.applications, veridoor.application_providers, veridoor.providers, veridoor.provider_usage, veridoor.rate_limits, veridoor.users, veridoor.sessions, veridoor.verifications, veridoor.incoming_webhooks, veridoor.outgoing_events to :role',
  'grant delete on veridoor.organizations, veridoor.applications, veridoor.application_providers, veridoor.providers, veridoor.rate_limits, veridoor.users, veridoor.sessions, veridoor.incoming_webhooks, veridoor.outgoing_events to :role',
  'grant insert, update, delete on veridoor.oidc_artifacts to :role',
  'grant insert, update on veridoor.signing_keys to :role',
  'grant insert, update, delete on veridoor.api_keys, veridoor.idempotent_requests, veridoor.webhook_endpoints, veridoor.webhook_deliveries to :role',
  'grant insert, update, delete on veridoor.authenticators, veridoor.recovery_codes, veridoor.passkeys, veridoor.passkey_challenges to :role',
  'grant insert, update, delete on veridoor.mails, veridoor.mailed_links, veridoor.mailed_codes, veridoor.known_devices to :role',
  'grant insert on veridoor.audit_lines to :role',
  'grant usage on all sequences in schema veridoor to :role',
  `create schema if not exists ${JOBS_SCHEMA} authorization :role`,
]

/** Brings the database to this version, and gives the serving login what it needs. */
export const migrateServer = async (databaseUrl: string, ownerUrl: string): Promise<void> => {
  const role = roleOf(databaseUrl)
  await migrate(ownerUrl, {
    folder: fileURLToPath(new URL('../migrations', import.meta.url)),
    schema: 'veridoor',
    ...(role === roleOf(ownerUrl) ? {} : { role, grants }),
  })
}
