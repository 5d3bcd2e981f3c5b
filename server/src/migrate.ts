import { fileURLToPath } from 'node:url'
import { createEnvelopeCipher, isMigrated, loadRootKey, migrate, openDatabase, roleOf } from '@veridoor/foundation'
import { AUDIT_KEY, signUnsignedLines } from './audit/index.ts'

/** Where the job queue has its tables; the serving login owns it. */
export const JOBS_SCHEMA = 'jobs'

/** What the serving login may do. It owns no table: it cannot drop a trigger, and can only add to the audit record. */
const grants = [
  'grant usage on schema veridoor to :role',
  'grant select on all tables in schema veridoor to :role',
  'grant insert, update on veridoor.organizations, veridoor.applications, veridoor.application_providers, veridoor.providers, veridoor.provider_usage, veridoor.rate_limits, veridoor.users, veridoor.sessions, veridoor.verifications, veridoor.incoming_webhooks, veridoor.outgoing_events to :role',
  'grant delete on veridoor.organizations, veridoor.applications, veridoor.application_providers, veridoor.providers, veridoor.rate_limits, veridoor.sessions, veridoor.incoming_webhooks, veridoor.outgoing_events to :role',
  // An account is deleted by a function of the owner alone, which leaves a tombstone.
  'revoke delete on veridoor.users from :role',
  'grant execute on function veridoor.erase_user(uuid) to :role',
  'grant insert, update, delete on veridoor.oidc_artifacts to :role',
  'grant insert, update on veridoor.signing_keys to :role',
  'grant insert on veridoor.root_keys to :role',
  'grant insert, update, delete on veridoor.api_keys, veridoor.idempotent_requests, veridoor.webhook_endpoints, veridoor.webhook_deliveries to :role',
  'grant insert, update, delete on veridoor.authenticators, veridoor.recovery_codes, veridoor.passkeys, veridoor.passkey_challenges to :role',
  'grant insert, update, delete on veridoor.mails, veridoor.mailed_links, veridoor.mailed_codes, veridoor.known_devices to :role',
  'grant insert on veridoor.audit_lines to :role',
  'grant usage on all sequences in schema veridoor to :role',
  `create schema if not exists ${JOBS_SCHEMA} authorization :role`,
]

/** The schema that the server's tables live in. */
export const SCHEMA = 'veridoor'

const FOLDER = fileURLToPath(new URL('../migrations', import.meta.url))

/** Whether this version's migrations have run. Throws when the database does not answer. */
export const isServerMigrated = (databaseUrl: string): Promise<boolean> =>
  isMigrated(databaseUrl, { folder: FOLDER, schema: SCHEMA })

/** The key that signs audit lines, from the master keys. */
const auditKey = async (ownerUrl: string, keys: readonly Uint8Array[]): Promise<Uint8Array> => {
  const { db, close } = openDatabase(ownerUrl, { max: 1 })
  try {
    return createEnvelopeCipher(keys, await loadRootKey(db, SCHEMA, keys)).derive(AUDIT_KEY)
  } finally {
    await close()
  }
}

/**
 * Brings the database to this version, and gives the serving login what it needs. Runs with the owner's login, in a process of its own.
 * @param keys master keys, newest first: a record that began before its lines were signed is signed with them
 */
export const migrateServer = async (
  databaseUrl: string,
  ownerUrl: string,
  keys?: readonly Uint8Array[],
): Promise<void> => {
  const role = roleOf(databaseUrl)
  await migrate(ownerUrl, {
    folder: FOLDER,
    schema: SCHEMA,
    ...(role === roleOf(ownerUrl) ? {} : { role, grants }),
    after: async (client) => {
      await client.query(`create schema if not exists ${JOBS_SCHEMA}`)
      await signUnsignedLines(client, keys ? await auditKey(ownerUrl, keys) : undefined)
    },
  })
}
