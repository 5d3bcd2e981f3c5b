import { fileURLToPath } from 'node:url'
import { migrate, roleOf } from '@veridoor/foundation'

/** Schema of the database that holds the job queue, apart from the verifier's own tables. */
export const JOBS_SCHEMA = 'verifier_jobs'

const grants = [
  'grant usage on schema verifier to :role',
  'grant select, insert, update, delete on all tables in schema verifier to :role',
  `create schema if not exists ${JOBS_SCHEMA} authorization :role`,
]

/** Brings the database to this version, and gives the serving login what it needs. */
export const migrateVerifier = async (databaseUrl: string, ownerUrl: string): Promise<void> => {
  const role = roleOf(databaseUrl)
  await migrate(ownerUrl, {
    folder: fileURLToPath(new URL('../migrations', import.meta.url)),
    schema: 'verifier',
    ...(role === roleOf(ownerUrl) ? {} : { role, grants }),
  })
}
