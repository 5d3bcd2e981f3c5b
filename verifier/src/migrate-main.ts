import { createLog, startSentence } from '@veridoor/foundation'
import { readMigrationConfig, START_SETTINGS } from './config.ts'
import { migrateVerifier } from './migrate.ts'

/**
 * Brings the database to this version and ends. A process of its own, because the owner's login may change every table: the process
 * that serves requests never holds it.
 */
const migrate = async (): Promise<void> => {
  const { databaseUrl, ownerUrl } = readMigrationConfig(process.env)
  await migrateVerifier(databaseUrl, ownerUrl)
}

migrate().then(
  () => process.exit(0),
  (error: unknown) => {
    const sentence = startSentence(error, START_SETTINGS)
    if (!sentence) createLog('migration').error('migration.failed', { error })
    console.error(sentence ?? 'The database could not be brought to this version. The log has the details.')
    process.exit(1)
  },
)
