import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEnginePool } from '@veridoor/engine'
import {
  createEnvelopeCipher,
  createLog,
  createOutboundFetch,
  openDatabase,
  roleOf,
  SettingError,
  startJobs,
  systemClock,
} from '@veridoor/foundation'
import { createVerifier } from './app.ts'
import { seedClient } from './clients/clients.ts'
import { readConfig } from './config.ts'
import { JOBS_SCHEMA, migrateVerifier } from './migrate.ts'
import { createPictureStore } from './session/pictures.ts'

const log = createLog('verifier')

const start = async (): Promise<void> => {
  const config = readConfig(process.env, availableParallelism())
  await migrateVerifier(config.databaseUrl, config.databaseOwnerUrl)
  const { db, close } = openDatabase(config.databaseUrl, { applicationName: 'veridoor verifier' })
  const cipher = createEnvelopeCipher(config.keys)
  await seedClient(db, cipher, { ...config.client, ...config.clientSettings }, systemClock.now())
  const jobs = await startJobs({
    url: config.databaseUrl,
    schema: JOBS_SCHEMA,
    createSchema: roleOf(config.databaseUrl) === roleOf(config.databaseOwnerUrl),
    log,
  })
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
    demonstration: config.demonstration,
    allowLoopback: config.allowLoopback,
    trustedProxies: config.trustedProxies,
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
  const { code, port } = error as { code?: string; port?: number }
  const sentence =
    error instanceof SettingError
      ? error.message
      : code === 'EADDRINUSE'
        ? `Port ${port ?? ''} is in use by another program. Stop it, or set VERIFIER_PORT.`
        : code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === '28P01' || code === '3D000'
          ? `The database of DATABASE_URL cannot be used (${code}). Check the address and try again.`
          : null
  if (!sentence) log.error('verifier.failed', { error })
  console.error(sentence ?? 'The verifier could not start: a fault of ours. The log has the details.')
  process.exit(1)
})
