import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { assess } from './assess.ts'
import { detectFaces } from './faces/index.ts'
import { packageFile } from './models.ts'
import { decodePicture } from './pictures/decode.ts'
import { photographed, renderPassport } from './specimen/index.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

// Photographs of a package in node_modules, cut at test time and never stored.
const cut = (photo: number, left: number, top: number, side: number): Promise<Buffer> =>
  sharp(readFileSync(packageFile('@vladmandic/face-api', `demo/sample${photo}.jpg`)))
    .extract({ left, top, width: side, height: Math.round(side * 1.2) })
    .resize({ width: 480 })
    .jpeg({ quality: 92 })
    .toBuffer()
const person = {
  surname: 'Lovelace',
  givenNames: 'Ada',
  number: 'L898902C3',
  dateOfBirth: '1990-12-10',
  expiry: '2031-04-15',
  sex: 'F',
} as const
const today = new Date('2026-11-25')

/** The portrait with what is around it, cut out of a photograph of the page. */
const portraitOf = async (photo: Uint8Array): Promise<Buffer> => {
  const { data, width, height } = await decodePicture(photo)
  const [face] = await detectFaces({ data, width, height }, { fine: true })
  if (!face) throw new Error('the page shows no face')
  const side = Math.round(face.box.width * 2)
  return sharp(data, { raw: { width, height, channels: 3 } })
    .extract({
      left: Math.max(0, Math.round(face.box.x - side / 4)),
      top: Math.max(0, Math.round(face.box.y - side / 3)),
      width: side,
      height: side,
    })
    .resize({ width: 520 })
    .jpeg({ quality: 80 })
    .toBuffer()
}

let page: Uint8Array
let front: Uint8Array
beforeAll(async () => {
  page = await renderPassport({ ...person, portrait: await cut(1, 1296, 120, 360) })
  front = await photographed(page, { width: 1300, turn: 1.5, blur: 0.6 })
})

describe('the portrait of a document', () => {
  it('as selfie goes to a person: cut out of the photograph, or photographed once more', async () => {
    const again = await photographed(page, { width: 1600, turn: -3, tilt: { horizontal: 6 }, warmth: 1.08, seed: 9 })
    for (const selfie of [await portraitOf(front), await portraitOf(again)]) {
      const { document, verdict } = await assess({ front, selfie, today })
      expect(document.signals).toContain('portrait_equals_selfie')
      expect(verdict).toBe('review')
    }
  })

  it('and another photograph of the same person are two pictures', async () => {
    const { document, face } = await assess({ front, selfie: await cut(3, 830, 70, 520), today })
    expect(face?.verdict).toBe('match')
    expect(document.signals).not.toContain('portrait_equals_selfie')
    expect(document.signals).not.toContain('portrait_missing')
  })

  it('that is missing is said, and such a page goes to a person', async () => {
    const { document, verdict } = await assess({ front: await photographed(await renderPassport(person)), today })
    expect(document.signals).toContain('portrait_missing')
    expect(document.portraitWidth).toBeNull()
    expect(['review', 'retake']).toContain(verdict)
  })
})
