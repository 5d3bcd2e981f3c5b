import { fileURLToPath } from 'node:url'
import { isMigrated, migrate, roleOf } from '@veridoor/foundation'

/** Schema of the database that holds the job queue, apart from the verifier's own tables. */
export const JOBS_SCHEMA = 'verifier_jobs'

const grants = [
  'grant usage on schema verifier to :role',
  'grant select, insert, update, delete on all tables in schema verifier to :role',
  `create schema if not exists ${JOBS_SCHEMA} authorization :role`,
]

/** The schema that the verifier's tables live in. */
export const SCHEMA = 'verifier'
const FOLDER = fileURLToPath(new URL('../migrations', import.meta.url))

/** Whether this version's migrations have run. Throws when the database does not answer. */
export const isVerifierMigrated = (databaseUrl: string): Promise<boolean> =>
  isMigrated(databaseUrl, { folder: FOLDER, schema: SCHEMA })

/** Brings the database to this version, and gives the serving login what it needs. */
export const migrateVerifier = async (databaseUrl: string, ownerUrl: string): Promise<void> => {
  const role = roleOf(databaseUrl)
  await migrate(ownerUrl, {
    folder: FOLDER,
    schema: SCHEMA,
    ...(role === roleOf(ownerUrl) ? {} : { role, grants }),
    after: async (client) => {
      await client.query(`create schema if not exists ${JOBS_SCHEMA}`)
    },
  })
}
