import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { detectFaces } from '../src/faces/index.ts'
import { packageFile } from '../src/models.ts'
import { decodePicture } from '../src/pictures/decode.ts'
import { measureFaces } from './faces.ts'
import { measureLiveness, readCheck } from './liveness.ts'

// Faces out of one group photograph of a package in node_modules: cut at test time into a folder that goes with the test.
const folder = mkdtempSync(join(tmpdir(), 'veridoor-accuracy-'))
let persons = 0
let face: Buffer
beforeAll(async () => {
  const picture = await decodePicture(readFileSync(packageFile('@vladmandic/face-api', 'demo/sample1.jpg')), 1800)
  const { data, width, height } = picture
  for (const { box } of await detectFaces(picture, { fine: true })) {
    const side = Math.round(Math.min(box.width * 2, width, height))
    const left = Math.round(Math.max(0, Math.min(width - side, box.x + box.width / 2 - side / 2)))
    const top = Math.round(Math.max(0, Math.min(height - side, box.y + box.height / 2 - side / 2)))
    const cut = await sharp(data, { raw: { width, height, channels: 3 } })
      .extract({ left, top, width: side, height: side })
      .resize(480, 480)
      .jpeg({ quality: 90 })
      .toBuffer()
    face = cut
    const own = join(folder, 'faces', `person-${persons}`)
    mkdirSync(own, { recursive: true })
    writeFileSync(join(own, 'a.jpg'), cut)
    writeFileSync(join(own, 'b.jpg'), await sharp(cut).rotate(6).modulate({ brightness: 1.1 }).greyscale().toBuffer())
    persons += 1
  }
  const empty = { create: { width: 480, height: 480, channels: 3, background: '#778899' } } as const
  writeFileSync(join(folder, 'faces', 'person-0', 'wall.png'), await sharp(empty).png().toBuffer())
  writeFileSync(join(folder, 'faces', 'person-0', 'text.jpg'), 'not a picture')
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A photograph held before the camera and moved about, as one recorded check. */
const record = async (check: string): Promise<string> => {
  const own = join(folder, 'liveness', check)
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'challenge.txt'), 'centre, turn_left\n')
  for (let n = 0; n < 10; n += 1)
    writeFileSync(
      join(own, `${Math.floor(n / 5)}-${String(n * 250).padStart(4, '0')}.jpg`),
      await sharp({ create: { width: 640, height: 480, channels: 3, background: '#667788' } })
        .composite([{ input: face, left: 20 + ((n * 17) % 100), top: 0 }])
        .jpeg()
        .toBuffer(),
    )
  return own
}

describe('a folder of faces', () => {
  it('becomes pairs of one person and of two, with the errors at both thresholds', async () => {
    const { figures, section } = await measureFaces(join(folder, 'faces'))
    expect(persons).toBeGreaterThan(1)
    expect(figures).toMatchObject({
      persons,
      pictures: persons * 2 + 2,
      withoutFace: 2,
      genuinePairs: persons,
      impostorPairs: (persons * 2 * (persons * 2 - 1)) / 2 - persons,
    })
    const [match, review] = figures.thresholds
    // The two pictures of a person are one photograph, and people side by side are different people.
    expect(match).toMatchObject({ name: 'match', falseMatches: 0 })
    expect(review?.falseNonMatches).toBe(0)
    expect(section).toContain(`0 of ${figures.impostorPairs} · 0 %`)
  }, 60_000)
})

describe('a folder of movement checks', () => {
  it('counts attacks that pass and people who do not', async () => {
    await record('attack/photograph')
    // The same photograph filed as a person: the check that fails it is then wrong.
    await record('real/mistaken')
    const { figures, section } = await measureLiveness(join(folder, 'liveness'))
    expect(figures.attack).toMatchObject({ checks: 1, verdicts: { passed: 0 } })
    expect(figures.real.checks - figures.real.verdicts.passed).toBe(1)
    expect(figures.attack.reasons).toMatchObject({ movement_not_seen: 1 })
    expect(section).toContain('| people who did not pass (BPCER) | 1 of 1 · 100 %')
  }, 60_000)

  it('says what is wrong with a recording', async () => {
    const own = await record('attack/wrong')
    writeFileSync(join(own, 'challenge.txt'), 'jump')
    expect(() => readCheck(own)).toThrow('Movements are centre, turn_left')
    writeFileSync(join(own, 'challenge.txt'), 'centre,blink')
    writeFileSync(join(own, 'frame.jpg'), face)
    expect(() => readCheck(own)).toThrow('not named <step>-<milliseconds>')
    rmSync(join(own, 'challenge.txt'))
    expect(() => readCheck(own)).toThrow('has no challenge.txt')
  })
})
