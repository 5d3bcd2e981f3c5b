import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { createEnginePool } from './pool.ts'
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
    expect(await pool.run('glance', { picture: await cut(1, 20, 20, 200), part: 'selfie' })).toEqual([
      'face_not_visible',
    ])
    expect(
      await pool.run('glance', { picture: readFileSync(join(samples, 'sample1.jpg')), part: 'selfie' }),
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
    await expect(pool.run('glance', { picture: Buffer.from('no picture'), part: 'document' })).resolves.toEqual([
      'file_not_usable',
    ])
  })

  it('refuses more than its queue holds', async () => {
    const picture = Buffer.from('no picture')
    const jobs = Array.from({ length: 6 }, () => pool.run('glance', { picture, part: 'document' }))
    const results = await Promise.allSettled(jobs)
    const refused = results.filter((result) => result.status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]).toMatchObject({ reason: { code: 'busy' } })
  })
})
