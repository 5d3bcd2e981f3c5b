import { createEnvelopeCipher, createLog, openDatabase, roleOf, startJobs, systemClock } from '@veridoor/foundation'
import { providerTypes } from '@veridoor/providers'
import { workAccountJobs } from './accounts/index.ts'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { JOBS_SCHEMA, migrateServer } from './migrate.ts'
import { seed } from './seed.ts'
import { startSentence } from './start-sentence.ts'

const log = createLog('server')

const start = async (): Promise<void> => {
  const config = readConfig(process.env)
  await migrateServer(config.databaseUrl, config.databaseOwnerUrl)
  const { db, close } = openDatabase(config.databaseUrl, { applicationName: 'veridoor server' })
  const cipher = createEnvelopeCipher(config.keys)
  const jobs = await startJobs({
    url: config.databaseUrl,
    schema: JOBS_SCHEMA,
    createSchema: roleOf(config.databaseUrl) === roleOf(config.databaseOwnerUrl),
    log,
  })
  const { app, sweepRooms, sweepArtifacts, accounts, organizations, verification, webhooks, mail } = await createApp({
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
  })
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
  webhooks.work()
  const sweeper = setInterval(
    () => void sweepRooms().catch((error: unknown) => log.warn('sweep.failed', { error })),
    3_600_000,
  )
  // Codes and pushed requests live for a minute: they must not pile up for an hour.
  const artifactSweeper = setInterval(
    () => void sweepArtifacts().catch((error: unknown) => log.warn('sweep.failed', { error })),
    60_000,
  )
  await app.listen({ host: config.host, port: config.port })
  log.info('server.ready', { port: config.port })

  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    clearInterval(sweeper)
    clearInterval(artifactSweeper)
    await app.close()
    await verification.stop()
    await webhooks.stop()
    await jobs.stop()
    await close()
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
}

start().catch((error: unknown) => {
  const sentence = startSentence(error)
  if (!sentence) log.error('server.failed', { error })
  console.error(sentence ?? 'The server could not start: a fault of ours. The log has the details.')
  process.exit(1)
})
