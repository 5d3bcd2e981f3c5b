import { readFileSync } from 'node:fs'
import sharp, { type Sharp } from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { packageFile } from '../models.ts'
import { decodePicture } from '../pictures/decode.ts'
import type { Picture } from '../pictures/picture.ts'
import { faceLimits, faces as limits } from '../thresholds.ts'
import { cosine, detectFaces, embedFace, type Face, judgeCosine } from './index.ts'

// Six group photographs of a package in node_modules, read at test time and never stored. People in one photograph are different
// people for certain; nothing is assumed about people in different photographs.
type Person = { photo: number; portrait: Float32Array; portraitWidth: number; selfie: Float32Array }

const asSharp = ({ data, width, height }: Picture) => sharp(data, { raw: { width, height, channels: 3 } })

/** The face with its surroundings, `wide` times the face's width, moved by `shift` of it. */
const cut = async (picture: Picture, { box }: Face, wide: number, shift = 0): Promise<Sharp> => {
  const side = box.width * wide
  const left = Math.max(0, Math.round(box.x + box.width * (0.5 + shift) - side / 2))
  const top = Math.max(0, Math.round(box.y + box.height * 0.45 - side / 2))
  return asSharp(picture).extract({
    left,
    top,
    width: Math.min(Math.round(side), picture.width - left),
    height: Math.min(Math.round(side), picture.height - top),
  })
}

/** As a document shows it: grey, flat, soft, about 80 px of face, on a page, saved as a poor JPEG. */
const asPortrait = async (picture: Picture, face: Face): Promise<Buffer> => {
  const portrait = await (await cut(picture, face, 2)).resize(160, 160).greyscale().linear(0.7, 45).blur(0.6).toBuffer({
    resolveWithObject: true,
  })
  const raw = { width: portrait.info.width, height: portrait.info.height, channels: portrait.info.channels }
  return sharp({ create: { width: 640, height: 420, channels: 3, background: '#d8dccf' } })
    .composite([{ input: portrait.data, raw, left: 30, top: 120 }])
    .jpeg({ quality: 60 })
    .toBuffer()
}

/** As a phone takes it: another crop, tilted, brighter, paler, larger. */
const asSelfie = async (picture: Picture, face: Face): Promise<Buffer> => {
  const crop = await (await cut(picture, face, 2.6, 0.15)).png().toBuffer()
  return sharp(crop)
    .rotate(7, { background: '#777777' })
    .modulate({ brightness: 1.15, saturation: 0.8 })
    .resize({ width: 520 })
    .jpeg({ quality: 82 })
    .toBuffer()
}

const found: Face[] = []
const people: Person[] = []
beforeAll(async () => {
  for (const photo of [1, 2, 3, 4, 5, 6]) {
    const picture = await decodePicture(
      readFileSync(packageFile('@vladmandic/face-api', `demo/sample${photo}.jpg`)),
      1800,
    )
    for (const face of await detectFaces(picture, { fine: true })) {
      found.push(face)
      const page = await decodePicture(await asPortrait(picture, face))
      const look = await decodePicture(await asSelfie(picture, face))
      const [onPage] = await detectFaces(page, { fine: true })
      const [inSelfie] = await detectFaces(look)
      const portrait = onPage && (await embedFace(page, onPage))
      const selfie = inSelfie && (await embedFace(look, inSelfie))
      if (portrait && selfie) people.push({ photo, portrait, portraitWidth: onPage.box.width, selfie })
    }
  }
}, 120_000)

const share = (values: readonly number[], test: (value: number) => boolean): number =>
  values.filter(test).length / values.length

describe('faces', () => {
  it('every face of six group photographs is found, with its mesh inside its box', () => {
    expect(found).toHaveLength(22)
    for (const { box, mesh } of found) {
      expect(mesh).toHaveLength(468)
      const nose = mesh?.[1] ?? { x: Number.NaN, y: Number.NaN }
      expect(nose.x).toBeGreaterThan(box.x)
      expect(nose.x).toBeLessThan(box.x + box.width)
      expect(nose.y).toBeGreaterThan(box.y)
      expect(nose.y).toBeLessThan(box.y + box.height)
    }
  })

  it('a small portrait on a page and a selfie each give a descriptor of unit length', () => {
    expect(people.length).toBeGreaterThanOrEqual(20)
    for (const { portrait, portraitWidth } of people) {
      expect(portrait).toHaveLength(128)
      expect(cosine(portrait, portrait)).toBeCloseTo(1, 5)
      expect(portraitWidth).toBeGreaterThan(limits.portraitWidth)
    }
  })

  it('one face, grey and small on a page and bright and tilted in a selfie, is never a stranger', () => {
    const same = people.map(({ portrait, selfie }) => cosine(portrait, selfie))
    expect(share(same, (value) => value >= faceLimits.match)).toBeGreaterThan(0.9)
    expect(Math.min(...same)).toBeGreaterThan(faceLimits.review)
  })

  it('people who stand side by side are never a match', () => {
    const different = people.flatMap((a) =>
      people.filter((b) => b !== a && b.photo === a.photo).map((b) => cosine(a.portrait, b.selfie)),
    )
    expect(different.length).toBeGreaterThan(50)
    // About a third of them lie between the two limits: those go to a person, and none may pass by itself.
    expect(different.filter((value) => value >= faceLimits.match)).toEqual([])
    expect(share(different, (value) => value < faceLimits.review)).toBeGreaterThan(0.5)
  })

  it('a drawing without a face has none', async () => {
    const data = Uint8Array.from(
      { length: 640 * 480 * 3 },
      (_value, index) => (index * 7 + Math.floor(index / 1920) * 13) % 256,
    )
    expect(await detectFaces({ data, width: 640, height: 480 }, { fine: true })).toEqual([])
  })
})

describe('a cosine', () => {
  it.each([
    [1, 'match'],
    [faceLimits.match, 'match'],
    [faceLimits.match - 1e-6, 'review'],
    [faceLimits.review, 'review'],
    [faceLimits.review - 1e-6, 'no_match'],
    [-1, 'no_match'],
  ] as const)('of %f is %s', (value, verdict) => {
    expect(judgeCosine(value, limits.portraitWidth).verdict).toBe(verdict)
  })

  it('of a portrait too narrow to tell claims nothing, however like or unlike', () => {
    for (const value of [1, 0.5, null])
      expect(judgeCosine(value, limits.portraitWidth - 1)).toEqual({
        verdict: 'not_comparable',
        cosine: null,
        similarity: null,
      })
    expect(judgeCosine(null, 200).verdict).toBe('not_comparable')
    // The operator's limits count in place of the usual ones.
    expect(judgeCosine(0.94, 200).verdict).toBe('review')
    expect(judgeCosine(0.94, 200, { match: 0.93, review: 0.9 }).verdict).toBe('match')
    expect(judgeCosine(0.94, 200, { match: 0.97, review: 0.95 }).verdict).toBe('no_match')
  })
})
