import type { CaptureSession, PictureAnswer } from '@veridoor/contract'
import type { Database } from '@veridoor/foundation'
import { createV4Client } from '@veridoor/jumio'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chooseDocument } from '../src/capture/choose-document.ts'
import { changeClient } from '../src/clients/clients.ts'
import { keepPicture } from '../src/session/keep-picture.ts'
import { abandonChallenge } from '../src/session/movement/run-challenge.ts'
import { findChallenges } from '../src/session/movement/store.ts'
import type { Session } from '../src/session/schema.ts'
import { findSession, updateIfUnchanged } from '../src/session/store.ts'
import { captureDevice } from './capture-device.ts'
import { engineOf, jpeg, passed, startVerifier, type TestVerifier, until } from './test-verifier.ts'

/** The engine of these tests: it looks at a picture for as long as it is held. */
const told = { looking: 0, held: Promise.resolve() }
const engine = engineOf(async (name) => {
  if (name === 'assess') return passed
  told.looking += 1
  await told.held
  return []
})

let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('change_with_files', { engine })
})
afterAll(() => service.stop())
beforeEach(() => {
  told.looking = 0
  told.held = Promise.resolve()
  service.clock.advance(10_000)
})

/** A door that what comes waits before, until it is opened. */
const door = () => {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

const passport = { country: 'UTO', type: 'PASSPORT' } as const
const card = { country: 'UTO', type: 'ID_CARD' } as const
const begin = async () => {
  service.clock.advance(2_000)
  const v4 = createV4Client({
    baseUrl: service.url,
    token: 'acme',
    secret: 'acme-secret',
    userAgent: 'Acme Test/1.0',
  })
  const started = await v4.initiate({ customerInternalReference: 'c', userReference: 'p', workflowId: 200 })
  const id = started.transactionReference
  const device = captureDevice(service.url)
  const headers = await device.headers(new URL(started.redirectUrl).searchParams.get('authorizationToken') ?? '')
  const send = async (part: string, source: 'camera' | 'upload' = 'camera') => {
    const answer = await fetch(`${service.url}/capture/api/pictures/${part}`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'image/jpeg', 'x-capture-source': source },
      body: new Uint8Array(jpeg),
    })
    return { status: answer.status, json: (await answer.json()) as PictureAnswer }
  }
  const choose = async (choice: typeof passport | typeof card) =>
    (await device.call('PUT', '/choice', choice)).json as CaptureSession
  await device.call('POST', '/consent', {})
  const read = async (): Promise<Session> => {
    const session = await findSession(service.deps.db, id)
    if (!session) throw new Error('the session is missing')
    return session
  }
  const files = async () => (await service.deps.pictures.kept(id)).sort()
  return { id, v4, device, send, choose, read, files }
}

/** As the verifier, with a database that loses its connection when it is to commit. */
const withoutCommit = () => ({
  ...service.deps,
  db: new Proxy(service.deps.db, {
    get: (db, name) =>
      name === 'transaction'
        ? (run: Parameters<Database['transaction']>[0]) =>
            db.transaction(async (tx) => {
              await run(tx)
              throw new Error('the connection is lost')
            })
        : Reflect.get(db, name),
  }),
})

describe('a change that is not committed', () => {
  it('takes nothing from a selfie that somebody moved before', async () => {
    const { id, send, choose, read, files } = await begin()
    await choose(passport)
    await send('front')
    await send('selfie')
    await service.deps.db.transaction(async (tx) => {
      await updateIfUnchanged(tx, await read(), { livenessOutcome: 'passed' }, service.clock.now())
    })
    await service.deps.pictures.write(id, 'live', await service.keyOf(id), jpeg)
    const kept = keepPicture(withoutCommit(), await read(), { side: 'selfie', bytes: jpeg, from: 'camera' })
    await expect(kept).rejects.toThrow('lost')
    expect((await read()).livenessOutcome).toBe('passed')
    expect(await files()).toEqual(['front', 'live', 'selfie'])
    await keepPicture(service.deps, await read(), { side: 'selfie', bytes: jpeg, from: 'camera' })
    expect((await read()).livenessOutcome).toBeNull()
    expect(await files()).toEqual(['front', 'selfie'])
  })

  it('of the document takes none of its pictures', async () => {
    const { send, choose, read, files } = await begin()
    await choose(card)
    await send('front')
    await send('back')
    await expect(chooseDocument(withoutCommit(), await read(), passport)).rejects.toThrow('lost')
    expect((await read()).choice).toEqual(card)
    expect(await files()).toEqual(['back', 'front'])
    await chooseDocument(service.deps, await read(), passport)
    expect(await files()).toEqual([])
  })

  it('takes no frame of a challenge, and leaves no file behind that is in nobody’s place', async () => {
    await changeClient(service.deps.db, 'acme', { liveness: 'required' })
    const { id, device, send, choose, read, files } = await begin()
    await changeClient(service.deps.db, 'acme', { liveness: 'off' })
    await choose(passport)
    await send('front')
    await send('selfie')
    await device.call('POST', '/movement', {})
    const [challenge] = await findChallenges(service.deps.db, id)
    if (!challenge) throw new Error('there is no challenge')
    const frame = `frame-${challenge.id}-0`
    await service.deps.pictures.write(id, frame, await service.keyOf(id), jpeg)
    await expect(abandonChallenge(withoutCommit(), challenge)).rejects.toThrow('lost')
    const selfie = keepPicture(withoutCommit(), await read(), { side: 'selfie', bytes: jpeg, from: 'camera' })
    await expect(selfie).rejects.toThrow('lost')
    expect(await files()).toEqual([frame, 'front', 'selfie'])
    await abandonChallenge(service.deps, challenge)
    expect(await files()).toEqual(['front', 'selfie'])
  })
})

it('a change that is committed is done, though what it left behind cannot be removed; the next one removes it', async () => {
  const { send, choose, read, files } = await begin()
  await choose(card)
  await send('front')
  await send('back')
  const broken = {
    ...service.deps,
    pictures: { ...service.deps.pictures, drop: () => Promise.reject(new Error('the disk is busy')) },
  }
  expect((await chooseDocument(broken, await read(), passport)).choice).toEqual(passport)
  expect(await files()).toEqual(['back', 'front'])
  await send('front')
  expect(await files()).toEqual(['front'])
})

describe('a slow disk', () => {
  /** All that is written or removed waits at a door; what has come to it. */
  const slow = () => {
    const { opened, open } = door()
    const came = { count: 0 }
    const { prepare, write, remove } = service.deps.pictures
    const wait = async () => {
      came.count += 1
      await opened
    }
    Object.assign(service.deps.pictures, {
      prepare: async (...picture: Parameters<typeof prepare>) => {
        await wait()
        return prepare(...picture)
      },
      write: async (...picture: Parameters<typeof write>) => {
        await wait()
        return write(...picture)
      },
      remove: async (id: string) => {
        await wait()
        return remove(id)
      },
    })
    return {
      came,
      open: () => {
        Object.assign(service.deps.pictures, { prepare, write, remove })
        open()
      },
    }
  }
  /** Whether the database answers while a dozen calls wait for the disk. */
  const answers = (): Promise<boolean> =>
    Promise.race([
      service.deps.db.execute(sql`select 1`).then(() => true),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 2_000)),
    ])

  it('keeps no connection from anybody, whether pictures are written or removed', async () => {
    const begun: Awaited<ReturnType<typeof begin>>[] = []
    for (let count = 0; count < 12; count += 1) {
      const one = await begin()
      await one.choose(passport)
      begun.push(one)
    }
    const writing = slow()
    const sent = begun.map(({ send }) => send('front'))
    await until(() => (writing.came.count >= 10 ? true : undefined))
    const isFree = await answers()
    writing.open()
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual(begun.map(() => 200))
    expect(isFree).toBe(true)

    const removing = slow()
    const erased = begun.map(({ v4, id }) => v4.erase(id))
    await until(() => (removing.came.count >= 10 ? true : undefined))
    const isFreeThen = await answers()
    removing.open()
    await Promise.all(erased)
    expect(isFreeThen).toBe(true)
    for (const { files } of begun) expect(await files()).toEqual([])
  })
})

describe('two tabs of one check', () => {
  it('a picture of a document that is not chosen any more does not count for the one that is', async () => {
    const { send, choose, read, files } = await begin()
    await choose(passport)
    const looking = door()
    told.held = looking.opened
    const sent = send('front')
    await until(() => (told.looking > 0 ? true : undefined))
    await choose(card)
    looking.open()
    expect((await sent).status).toBe(409)
    expect((await read()).sides.front.state).toBe('missing')
    expect(await files()).toEqual([])
  })

  it('a selfie that is accepted while another document is chosen stays', async () => {
    const { send, choose, read, files } = await begin()
    await choose(card)
    await send('front')
    const before = await read()
    await send('selfie')
    const chosen = await chooseDocument(service.deps, before, passport)
    expect([chosen.sides.front.state, chosen.sides.selfie.state]).toEqual(['missing', 'accepted'])
    expect(await files()).toEqual(['selfie'])
  })

  it('pictures of another document go, though this tab had not seen that it was chosen', async () => {
    const { send, choose, read, files } = await begin()
    await choose(passport)
    const before = await read()
    await choose(card)
    await send('front')
    expect((await chooseDocument(service.deps, before, passport)).sides.front.state).toBe('missing')
    expect(await files()).toEqual([])
  })
})

describe('how a document came', () => {
  it('is told of the pictures that are kept, not of those before them', async () => {
    const { send, choose, read } = await begin()
    const source = async () => (await read()).source
    await choose(card)
    await send('front', 'upload')
    expect(await source()).toBe('upload')
    await send('front', 'camera')
    await send('back', 'camera')
    expect(await source()).toBe('camera')
    await send('back', 'upload')
    await send('front', 'camera')
    expect(await source()).toBe('upload')
    await choose(passport)
    expect(await source()).toBe('page')
    await send('front', 'camera')
    expect(await source()).toBe('camera')
  })

  it('is told rightly of two sides that come at once', async () => {
    const { send, choose, read } = await begin()
    await choose(card)
    const looking = door()
    told.held = looking.opened
    const sent = [send('front', 'upload'), send('back', 'camera')]
    await until(() => (told.looking > 1 ? true : undefined))
    looking.open()
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([200, 200])
    expect((await read()).source).toBe('upload')
  })
})

it('a picture that was on its way while a check came to nothing goes with a sweep', async () => {
  const { id, device, choose, files } = await begin()
  await choose(passport)
  const key = await service.keyOf(id)
  await device.call('POST', '/cancel', {})
  // As a frame does whose check was read before the end.
  await service.deps.pictures.write(id, 'frame-1-0', key, jpeg)
  await service.verifier.sweep()
  expect(await files()).toEqual(['frame-1-0'])
  service.clock.advance(60_000)
  await service.verifier.sweep()
  expect(await files()).toEqual([])
})
