import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Answer, Request } from './jobs.ts'
import { createEnginePool, type PoolOptions, type WorkerProcess } from './pool.ts'
import { renderPassport } from './specimen/index.ts'

// Pictures of people come from a package in node_modules at test time and are stored nowhere.
const samples = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo')
const cut = (sample: number, left: number, top: number, side: number): Promise<Buffer> =>
  sharp(readFileSync(join(samples, `sample${sample}.jpg`)))
    .extract({ left, top, width: side, height: Math.round(side * 1.2) })
    .resize({ width: 480 })
    .jpeg()
    .toBuffer()

const pool = createEnginePool({ workers: 1, queue: 2 })
afterAll(() => pool.close())

describe('the pool', () => {
  it('assesses a person: the same face passes, another is refused, an unlike crop and light do not matter', async () => {
    const portrait = await cut(1, 1296, 120, 360)
    const front = await sharp(
      await renderPassport({
        surname: 'Lovelace',
        givenNames: 'Ada',
        number: 'L898902C3',
        dateOfBirth: '1990-12-10',
        expiry: '2031-04-15',
        sex: 'F',
        portrait,
      }),
    )
      .jpeg()
      .toBuffer()
    const selfie = await sharp(await cut(3, 830, 70, 520))
      .modulate({ brightness: 0.8 })
      .jpeg({ quality: 70 })
      .toBuffer()
    const same = await pool.run('assess', { front, selfie, today: '2026-11-24T00:00:00Z' })
    expect(same).toMatchObject({ verdict: 'pass', face: { verdict: 'match' }, liveness: 'not_assessed' })
    const other = await pool.run('assess', {
      front,
      selfie: await cut(5, 1240, 330, 400),
      today: '2026-11-24T00:00:00Z',
    })
    expect(other).toMatchObject({ verdict: 'refuse', face: { verdict: 'no_match' } })
    const itself = await pool.run('assess', { front, selfie: portrait, today: '2026-11-24T00:00:00Z' })
    expect(itself.face?.verdict).not.toBe('no_match')
  })

  it('says what is wrong with a selfie', async () => {
    expect(await pool.run('precheck', { picture: await cut(1, 20, 20, 200), part: 'selfie' })).toEqual([
      'face_not_visible',
    ])
    expect(
      await pool.run('precheck', { picture: readFileSync(join(samples, 'sample1.jpg')), part: 'selfie' }),
    ).not.toEqual([])
  })

  it('ends a job that takes too long, and goes on with the next', async () => {
    await expect(
      pool.run(
        'read',
        {
          picture: await renderPassport({
            surname: 'A',
            givenNames: 'B',
            number: '1',
            dateOfBirth: '1990-01-01',
            expiry: '2030-01-01',
            sex: 'X',
          }),
        },
        { timeoutMs: 5 },
      ),
    ).rejects.toMatchObject({ code: 'timeout' })
    await expect(pool.run('precheck', { picture: Buffer.from('no picture'), part: 'document' })).resolves.toEqual([
      'file_not_usable',
    ])
  })

  it('tells a fault of ours from one of the file, and goes on', async () => {
    const fault = pool.run('read', { picture: null as unknown as Uint8Array })
    await expect(fault).rejects.toThrow('the engine failed')
    await expect(pool.run('read', { picture: Buffer.from('no picture') })).rejects.toMatchObject({
      code: 'not_a_picture',
    })
  })

  it('refuses more than its queue holds', async () => {
    const picture = Buffer.from('no picture')
    const jobs = Array.from({ length: 6 }, () => pool.run('precheck', { picture, part: 'document' }))
    const results = await Promise.allSettled(jobs)
    const refused = results.filter((result) => result.status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]).toMatchObject({ reason: { code: 'busy' } })
  })
})

/** A process that answers when the test says so. */
class Puppet extends EventEmitter implements WorkerProcess {
  readonly given: Request[] = []
  isKilled = false
  send(request: Request): void {
    this.given.push(request)
  }
  kill(): void {
    this.isKilled = true
  }
  /** Answers the job it has, or as if it were another. */
  answer({ id = this.given.at(-1)?.id ?? 0, ...said }: Partial<Answer> = {}): void {
    this.emit('message', { id, rss: 1, peakRss: 2, ...(said.error ? said : { output: [], ...said }) })
  }
}

describe('the line before the workers', () => {
  let puppets: Puppet[] = []
  const poolOf = (options: PoolOptions = {}) =>
    createEnginePool(options, () => {
      const puppet = new Puppet()
      puppets.push(puppet)
      return puppet
    })
  const picture = Buffer.from('no picture')
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
    puppets = []
  })
  /** Starts a job that is known by its name; what becomes of it is noted. */
  const starter = (pool: ReturnType<typeof poolOf>, ended: string[] = []) => {
    return (name: string, options: Parameters<typeof pool.run>[2] = {}): void => {
      pool.run('read', { picture: Buffer.from(name) }, options).then(
        () => ended.push(name),
        (error: Error & { code?: string }) => ended.push(`${name} ${error.code ?? error.message}`),
      )
    }
  }
  const namesOf = (puppet: Puppet | undefined): string[] =>
    (puppet?.given ?? []).map(({ input }) => Buffer.from((input as { picture: Uint8Array }).picture).toString())
  const settled = () => vi.advanceTimersByTimeAsync(0)

  it('urgent jobs go first, in the order they came, and every fifth is another one', () => {
    const start = starter(poolOf())
    start('first')
    for (const n of [1, 2, 3]) start(`assess ${n}`)
    for (const n of [1, 2, 3, 4, 5, 6]) start(`urgent ${n}`, { urgent: true })
    for (let n = 0; n < 9; n += 1) puppets[0]?.answer()
    expect(namesOf(puppets[0])).toEqual([
      'first',
      'urgent 1',
      'urgent 2',
      'urgent 3',
      'urgent 4',
      'assess 1',
      'urgent 5',
      'urgent 6',
      'assess 2',
      'assess 3',
    ])
  })

  it('somebody who sends urgent jobs as fast as they are done keeps no other one waiting', () => {
    const start = starter(poolOf())
    start('urgent', { urgent: true })
    start('urgent', { urgent: true })
    start('assess')
    for (let n = 0; n < 20 && !namesOf(puppets[0]).includes('assess'); n += 1) {
      start('urgent', { urgent: true })
      puppets[0]?.answer()
    }
    expect(namesOf(puppets[0]).indexOf('assess')).toBe(5)
  })

  it('a full line of urgent jobs refuses no other one', async () => {
    const ended: string[] = []
    const start = starter(poolOf({ queue: 2 }), ended)
    for (const n of [0, 1, 2, 3]) start(`urgent ${n}`, { urgent: true })
    start('assess')
    await settled()
    expect(ended).toEqual(['urgent 3 busy'])
  })

  it('a job that nobody waits for any more is refused and never runs; one that a worker has goes on', async () => {
    const ended: string[] = []
    const pool = poolOf()
    const start = starter(pool, ended)
    start('given', { waitMs: 1000 })
    start('impatient', { waitMs: 3000, urgent: true })
    start('patient')
    await vi.advanceTimersByTimeAsync(2999)
    expect(ended).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(ended).toEqual(['impatient busy'])
    expect(pool.waiting()).toBe(1)
    puppets[0]?.answer()
    puppets[0]?.answer()
    await settled()
    expect(ended).toEqual(['impatient busy', 'given', 'patient'])
    expect(namesOf(puppets[0])).toEqual(['given', 'patient'])
  })

  it('an answer to another job, or of a worker that was given up, goes to nobody', async () => {
    const pool = poolOf({ timeoutMs: 100 })
    const late = pool.run('precheck', { picture, part: 'document' })
    const refused = expect(late).rejects.toMatchObject({ code: 'timeout' })
    await vi.advanceTimersByTimeAsync(100)
    await refused
    const [first] = puppets
    expect(first?.isKilled).toBe(true)
    const next = pool.run('precheck', { picture, part: 'document' })
    first?.answer({ output: ['no_document'], peakRss: 9_000 })
    puppets[1]?.answer({ id: 1, output: ['photo_blurry'] })
    expect(pool.peakRss()).toBe(0)
    puppets[1]?.answer({ output: ['photo_glare'] })
    expect(await next).toEqual(['photo_glare'])
  })

  it('a worker that failed is replaced, but a row of poisoned pictures keeps no workers starting', async () => {
    const ended: string[] = []
    const start = starter(poolOf({ faultMs: 60_000 }), ended)
    start('poisoned')
    puppets[0]?.answer({ error: 'fault' })
    await settled()
    expect(ended).toEqual(['poisoned the engine failed'])
    expect(puppets[0]?.isKilled).toBe(true)
    for (let n = 0; n < 20; n += 1) {
      start('poisoned')
      puppets[1]?.answer({ error: 'fault' })
      await vi.advanceTimersByTimeAsync(1000)
    }
    expect(puppets).toHaveLength(2)
    expect(puppets[1]?.isKilled).toBe(false)
    await vi.advanceTimersByTimeAsync(60_000)
    start('good')
    puppets[1]?.answer()
    expect(puppets[1]?.isKilled).toBe(true)
    start('good')
    expect(puppets).toHaveLength(3)
  })

  it('that closes refuses what waits and what runs as busy: nobody’s picture did it', async () => {
    const ended: string[] = []
    const pool = poolOf()
    const start = starter(pool, ended)
    start('running')
    start('waiting')
    await pool.close()
    await settled()
    expect(ended.sort()).toEqual(['running busy', 'waiting busy'])
    expect(puppets[0]?.isKilled).toBe(true)
  })

  it('a fault of the file costs no worker', () => {
    const start = starter(poolOf())
    start('damaged')
    puppets[0]?.answer({ error: 'damaged' })
    expect(puppets[0]?.isKilled).toBe(false)
  })
})
