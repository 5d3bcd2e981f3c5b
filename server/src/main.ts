import { join } from 'node:path'
import {
  createEnvelopeCipher,
  createLog,
  createMetricsServer,
  createOutboundFetch,
  createScheduler,
  loadRootKey,
  MigrationError,
  migrateInOwnProcess,
  openDatabase,
  startJobs,
  startSentence,
  systemClock,
} from '@veridoor/foundation'
import { providerTypes } from '@veridoor/providers'
import { workAccountJobs } from './accounts/index.ts'
import { createApp } from './app.ts'
import { CHECKPOINT_FILE, type Checkpoint } from './audit/index.ts'
import { type Config, readConfig, START_SETTINGS } from './config.ts'
import { isServerMigrated, JOBS_SCHEMA, SCHEMA } from './migrate.ts'
import { seed } from './seed.ts'

const log = createLog('server')
const SWEEP_MS = 3_600_000

/** Sends a copy of each checkpoint to the operator's address; one that does not arrive stays in the file. */
const senderOf = (config: Config): ((checkpoint: Checkpoint) => Promise<void>) | undefined => {
  const { url } = config.checkpoints
  if (url === undefined) return undefined
  const call = createOutboundFetch(config.outbound, 'checkpoint')
  return async (checkpoint) => {
    const answer = await call(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(checkpoint),
      signal: AbortSignal.timeout(10_000),
    })
    await answer.body?.cancel()
    if (!answer.ok) log.warn('audit.checkpoint_refused', { status: answer.status })
  }
}

const start = async (): Promise<void> => {
  const config = readConfig(process.env)
  await migrateInOwnProcess({
    entry: new URL('./migrate-main.ts', import.meta.url),
    isMigrated: () => isServerMigrated(config.databaseUrl),
  })
  const { db, close } = openDatabase(config.databaseUrl, { applicationName: 'veridoor server' })
  const cipher = createEnvelopeCipher(config.keys, await loadRootKey(db, SCHEMA, config.keys))
  const jobs = await startJobs({ url: config.databaseUrl, schema: JOBS_SCHEMA, createSchema: false, log })
  const scheduler = createScheduler(log)
  const sendCheckpoint = senderOf(config)
  const rooms = await createApp({
    db,
    cipher,
    clock: systemClock,
    log,
    jobs,
    types: providerTypes,
    outbound: config.outbound,
    smtp: config.smtp,
    url: config.url,
    demonstration: config.demonstration,
    trustedProxies: config.trustedProxies,
    budgets: config.budgets,
    metrics: config.metrics,
    checkpointFile: join(config.dataFolder, CHECKPOINT_FILE),
    ...(sendCheckpoint ? { sendCheckpoint } : {}),
  })
  const { app, accounts, organizations, verification, webhooks, mail } = rooms
  await seed({
    db,
    cipher,
    clock: systemClock,
    rooms: { accounts, organizations },
    adminPassword: config.adminPassword,
    verifier: config.verifier,
  })
  await verification.work()
  await mail.work()
  await workAccountJobs(accounts)
  scheduler.every('webhooks', 1_000, webhooks.tick)
  scheduler.every('sweep', SWEEP_MS, rooms.sweepRooms)
  // Codes and pushed requests live for a minute: they must not pile up for an hour.
  scheduler.every('protocol sweep', 60_000, rooms.sweepArtifacts)
  scheduler.every('checkpoint', config.checkpoints.intervalMs, rooms.writeCheckpoint)
  scheduler.start()
  const metrics = config.metrics.port === undefined ? undefined : createMetricsServer(rooms.registry)
  await metrics?.listen({ host: config.host, port: config.metrics.port ?? 0 })
  await app.listen({ host: config.host, port: config.port })
  log.info('server.ready', { port: config.port })

  let isStopping = false
  const stop = async (): Promise<void> => {
    if (isStopping) return
    isStopping = true
    await metrics?.close()
    await app.close()
    await verification.stop()
    await scheduler.stop()
    await webhooks.stop()
    await rooms.writeCheckpoint().catch((error: unknown) => log.warn('audit.checkpoint_failed', { error }))
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
  if (!sentence) log.error('server.failed', { error })
  console.error(sentence ?? 'The server could not start. The log has the details.')
  process.exit(1)
})
