import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { assess } from './assess.ts'
import { packageFile } from './models.ts'
import { photographed, renderPassport } from './specimen/index.ts'

// Photographs of a package in node_modules, cut at test time and never stored.
const cut = (photo: number, left: number, top: number, side: number): Promise<Buffer> =>
  sharp(readFileSync(packageFile('@vladmandic/face-api', `demo/sample${photo}.jpg`)))
    .extract({ left, top, width: side, height: Math.round(side * 1.2) })
    .resize({ width: 480 })
    .jpeg({ quality: 92 })
    .toBuffer()

it('a document must show the face of the selfie and the one that moved: the weaker comparison counts', async () => {
  const portrait = await cut(1, 1296, 120, 360)
  const selfie = await cut(3, 830, 70, 520)
  const other = await cut(5, 1240, 330, 400)
  const page = await renderPassport({
    surname: 'Lovelace',
    givenNames: 'Ada',
    number: 'L898902C3',
    dateOfBirth: '1990-12-10',
    expiry: '2031-04-15',
    sex: 'F',
    portrait,
  })
  const front = await photographed(page, { width: 1300, turn: 1.5, blur: 0.6 })
  const today = new Date('2026-11-25')
  expect((await assess({ front, selfie, today })).face?.verdict).toBe('match')
  expect((await assess({ front, selfie, live: selfie, today })).verdict).toBe('pass')
  const mixed = await assess({ front, selfie, live: other, today })
  expect(mixed.face?.verdict).not.toBe('match')
  expect(mixed.verdict).not.toBe('pass')
}, 120_000)
