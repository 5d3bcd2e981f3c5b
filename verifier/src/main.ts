import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEnginePool } from '@veridoor/engine'
import {
  createEnvelopeCipher,
  createLog,
  createOutboundFetch,
  type Database,
  type EnvelopeCipher,
  loadRootKey,
  MigrationError,
  migrateInOwnProcess,
  openDatabase,
  SettingError,
  startJobs,
  startSentence,
  systemClock,
} from '@veridoor/foundation'
import { createVerifier } from './app.ts'
import { authenticatePair, seedClient } from './clients/clients.ts'
import { type Config, readConfig, SECRET_LENGTH, START_SETTINGS, settingWarnings } from './config.ts'
import { isVerifierMigrated, JOBS_SCHEMA, SCHEMA } from './migrate.ts'
import { createPictureStore } from './session/pictures.ts'

const log = createLog('verifier')

/** A new secret of a verifier that others can reach has to be long. One that is in use already goes on. */
const refuseShortSecret = async (db: Database, cipher: EnvelopeCipher, config: Config): Promise<void> => {
  if (config.client.secret.length >= SECRET_LENGTH || config.allowLoopback) return
  if (await authenticatePair(db, cipher, config.client)) return
  throw new SettingError('VERIFIER_SECRET', `VERIFIER_SECRET must have ${SECRET_LENGTH} characters or more.`)
}

const start = async (): Promise<void> => {
  const config = readConfig(process.env, availableParallelism())
  await migrateInOwnProcess({
    entry: new URL('./migrate-main.ts', import.meta.url),
    isMigrated: () => isVerifierMigrated(config.databaseUrl),
  })
  const { db, close } = openDatabase(config.databaseUrl, { applicationName: 'veridoor verifier' })
  const cipher = createEnvelopeCipher(config.keys, await loadRootKey(db, SCHEMA, config.keys))
  for (const warning of settingWarnings(process.env, config)) console.warn(warning)
  await refuseShortSecret(db, cipher, config)
  await seedClient(db, cipher, { ...config.client, ...config.clientSettings }, systemClock.now())
  const jobs = await startJobs({ url: config.databaseUrl, schema: JOBS_SCHEMA, createSchema: false, log })
  const verifier = await createVerifier({
    db,
    cipher,
    clock: systemClock,
    log,
    jobs,
    engine: createEnginePool({ workers: config.workers, faceLimits: config.faceLimits }),
    faceLimits: config.faceLimits,
    pictures: createPictureStore(join(config.dataFolder, 'verifier')),
    fetch: createOutboundFetch(config.outbound),
    url: config.url,
    listens: { host: config.host, port: config.port },
    demonstration: config.demonstration,
    allowLoopback: config.allowLoopback,
    trustedProxies: config.trustedProxies,
    metrics: config.metrics,
    portalSecret: config.portalSecret,
    workers: config.workers,
    queueLimit: config.queueLimit,
    pagesFolder: fileURLToPath(new URL('../../web/dist/capture', import.meta.url)),
  })
  await verifier.work(config.workers)
  await verifier.app.listen({ host: config.host, port: config.port })
  log.info('verifier.ready', { port: config.port })

  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    await verifier.stop()
    await jobs.stop()
    await close()
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
}

start().catch((error: unknown) => {
  if (error instanceof MigrationError) process.exit(1)
  const sentence = startSentence(error, START_SETTINGS)
  if (!sentence) log.error('verifier.failed', { error })
  console.error(sentence ?? 'The verifier could not start. The log has the details.')
  process.exit(1)
})
