import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The migrating process failed. It has written why to its standard error. */
export class MigrationError extends Error {
  readonly code = 'MIGRATION_FAILED'
  constructor() {
    super('The database could not be brought to this version.')
    this.name = 'MigrationError'
  }
}

/**
 * Brings the database to this version in a process of its own, which alone uses the owner's login. `npm start` has done it before:
 * then the owner's address is not in this environment, and nothing is left to do.
 *
 * @param options.entry the migrating program
 * @param options.isMigrated asked where the owner's address is not given
 * @throws {MigrationError}
 */
export const migrateInOwnProcess = async (options: {
  readonly entry: URL
  readonly isMigrated: () => Promise<boolean>
}): Promise<void> => {
  const hasOwner = Boolean(process.env.DATABASE_OWNER_URL)
  if (!hasOwner && (await options.isMigrated())) return
  const child = fork(fileURLToPath(options.entry), [], { env: process.env })
  delete process.env.DATABASE_OWNER_URL
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new MigrationError()
}
