import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Assessment, EnginePool, JobName } from '@veridoor/engine'
import {
  createEnvelopeCipher,
  createOutboundFetch,
  fakeClock,
  openDatabase,
  silentLog,
  startJobs,
} from '@veridoor/foundation'
import { testDatabase } from '@veridoor/launch'
import {
  createPictureStore,
  createVerifier,
  JOBS_SCHEMA,
  migrateVerifier,
  seedClient,
  type VerifierParts,
} from '../src/index.ts'
import { pictureKeyAad } from '../src/session/deps.ts'
import { findSession } from '../src/session/store.ts'

const quality = { width: 1300, height: 900, sharpness: 900, glareShare: 0, brightness: 150 }
export const field = (value: string, sure = true) => ({
  value,
  confidence: 0.99,
  sources: ['mrz', 'visual'] as const,
  sure,
})

/** A whole passport of Austria and its holder's face, as the engine says it when nothing is wrong. */
export const passed: Assessment = {
  document: {
    kind: 'PASSPORT',
    mrz: {
      format: 'TD3',
      lines: [],
      checkDigits: {},
      checkDigitsValid: true,
      agreed: true,
      minConfidence: 0.99,
    },
    fields: {
      issuingCountry: field('AUT'),
      lastName: field('LOVELACE'),
      firstName: field('ADA'),
      number: field('L898902C3'),
      dateOfBirth: field('1990-12-10'),
      expiry: field('2031-04-15'),
      nationality: field('AUT'),
      sex: field('F'),
    },
    quality,
    retake: [],
    signals: [],
    portraitWidth: 200,
    ms: 1,
  },
  selfie: { quality, faces: 1, retake: [] },
  face: { verdict: 'match', cosine: 0.97, similarity: 0.8 },
  liveness: 'not_assessed',
  hashes: { front: null, back: null, selfie: null },
  copies: { colourless: 'not_found', screenPattern: 'not_assessed', baselineShift: 'not_assessed' },
  verdict: 'pass',
  ms: 1,
}
export const ofDocument = (change: Partial<Assessment['document']>): Assessment => ({
  ...passed,
  document: { ...passed.document, ...change },
})
export const blurred = ofDocument({ mrz: null, fields: {}, retake: ['photo_blurry'] })

/** What begins like a JPEG of 1300 by 900 pixels and goes on with these bytes; the engine of these tests looks at none. */
export const jpegWith = (...bytes: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from('ffd8ffc00011080384051403012200021101031101', 'hex'), ...bytes])
export const jpeg = jpegWith(randomBytes(400))

/** An engine without workers, which a test tells what to answer. */
export const engineOf = (run: (name: JobName, input: unknown) => Promise<unknown>): EnginePool => ({
  run: run as EnginePool['run'],
  waiting: () => 0,
  peakRss: () => 0,
  close: async () => {},
})

/**
 * A verifier over HTTP with its own database and a clock that tests move. The engine is told what to find: the real one has its own
 * tests and the journeys. Two clients: `acme` and `stranger`, each with the secret `<name>-secret`.
 */
export const startVerifier = async (databaseName: string, change: Partial<VerifierParts> = {}) => {
  const clock = fakeClock(new Date('2026-11-24T10:00:00Z'))
  const told = {
    assessment: passed,
    callbackStatus: [] as number[],
    descriptor: new Float32Array(128) as Float32Array,
    /** Milliseconds that this machine takes to store a picture. */
    diskMs: 0,
  }
  const engine = engineOf(async (name) =>
    name === 'assess'
      ? told.assessment
      : name === 'describe'
        ? told.descriptor
        : name === 'precheck'
          ? []
          : Buffer.from('png'),
  )
  const received: { body: string; type: string }[] = []
  const listener = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      received.push({ body, type: request.headers['content-type'] ?? '' })
      response.statusCode = told.callbackStatus.shift() ?? 200
      response.end('ok')
    })
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  const callbackUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/callback`

  const folder = mkdtempSync(join(tmpdir(), 'veridoor-verifier-'))
  const store = createPictureStore(folder)
  const database = await testDatabase(databaseName)
  await migrateVerifier(database.url, database.ownerUrl)
  const { db, close } = openDatabase(database.url)
  const cipher = createEnvelopeCipher([randomBytes(32)])
  for (const name of ['stranger', 'acme'])
    await seedClient(
      db,
      cipher,
      { token: name, secret: `${name}-secret`, name, retentionDays: 30, liveness: 'off' },
      clock.now(),
    )
  const jobs = await startJobs({ url: database.url, schema: JOBS_SCHEMA, createSchema: false, log: silentLog })
  const deps: VerifierParts = {
    db,
    cipher,
    clock,
    log: silentLog,
    jobs,
    engine,
    pictures: {
      ...store,
      write: async (...picture) => {
        clock.advance(told.diskMs)
        return store.write(...picture)
      },
    },
    fetch: createOutboundFetch({ allow: [], loopback: true }),
    url: 'http://127.0.0.1:1',
    demonstration: true,
    allowLoopback: true,
    pagesFolder: '/nowhere',
    ...change,
  }
  const verifier = await createVerifier(deps)
  await verifier.work(2)
  const url = await verifier.app.listen({ host: '127.0.0.1', port: 0 })

  return {
    url,
    clock,
    told,
    received,
    callbackUrl,
    folder,
    deps: deps,
    verifier,
    /** The key of a session's pictures, while there is one. */
    async keyOf(id: string): Promise<Buffer> {
      const session = await findSession(db, id)
      return Buffer.from(cipher.decrypt(session?.pictureKey ?? '', pictureKeyAad(id)), 'base64')
    },
    async stop() {
      await verifier.stop()
      await jobs.stop()
      await close()
      await database.drop()
      listener.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    },
  }
}
export type TestVerifier = Awaited<ReturnType<typeof startVerifier>>

/** Waits for something that a job does. */
export const until = async <T>(look: () => Promise<T | undefined> | T | undefined, tries = 400): Promise<T> => {
  for (let count = 0; count < tries; count += 1) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('it never happened')
}
