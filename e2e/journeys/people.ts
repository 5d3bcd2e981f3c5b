import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  photographed,
  renderPassport,
  renderSpecimen,
  type Shot,
  type Specimen,
  type SpecimenFaults,
  type SpecimenType,
} from '@veridoor/engine/specimen'
import sharp from 'sharp'

/** Pictures of people come from a package in node_modules, are cut at test time, and are never stored with the project. */
const samples = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo')
const cut = (sample: number, left: number, top: number, side: number): Promise<Buffer> =>
  sharp(readFileSync(join(samples, `sample${sample}.jpg`)))
    .extract({ left, top, width: side, height: Math.round(side * 1.2) })
    .resize({ width: 480 })
    .jpeg({ quality: 92 })
    .toBuffer()

/** The same person in two photographs, and another one. */
export const pictures = {
  portrait: () => cut(1, 1296, 120, 360),
  selfie: () => cut(3, 830, 70, 520),
  otherSelfie: () => cut(5, 1240, 330, 400),
}

const folder = mkdtempSync(join(tmpdir(), 'veridoor-pictures-'))

/** A clip for the browser's fake camera: JPEG pictures one after another, a little darker and brighter as a room's light is. */
export const cameraClip = async (
  name: string,
  picture: Buffer,
  size = { width: 1280, height: 960 },
): Promise<string> => {
  const frames: Buffer[] = []
  for (const brightness of [0.92, 0.95, 0.98, 1, 0.97])
    frames.push(
      await sharp(picture)
        .resize({ ...size, fit: 'contain', background: { r: 96, g: 92, b: 88 } })
        .modulate({ brightness })
        .jpeg({ quality: 90 })
        .toBuffer(),
    )
  const file = join(folder, `${name}.mjpeg`)
  writeFileSync(file, Buffer.concat(Array.from({ length: 6 }, () => frames).flat()))
  return file
}

export const ada: Specimen = {
  surname: 'Lovelace',
  givenNames: 'Ada',
  number: 'L898902C3',
  dateOfBirth: '1990-12-10',
  expiry: '2031-04-15',
  sex: 'F',
}

/** A photograph of a specimen passport as a file to upload. */
export const passportFile = async (
  name: string,
  change: Partial<Specimen> = {},
  faults: SpecimenFaults = {},
  shot: Shot = {},
): Promise<string> => {
  const page = await renderPassport({ ...ada, portrait: await pictures.portrait(), ...change }, faults)
  const file = join(folder, `${name}.jpg`)
  writeFileSync(file, await photographed(page, { width: 1300, turn: 1.5, blur: 0.6, ...shot }))
  return file
}

/** Photographs of both sides of a specimen card as files to upload. */
export const cardFiles = async (
  name: string,
  change: Partial<Specimen> = {},
  type: Extract<SpecimenType, `id-card${string}`> = 'id-card',
): Promise<{ front: string; back: string }> => {
  const { front, back = front } = await renderSpecimen(type, { ...ada, portrait: await pictures.portrait(), ...change })
  const shot: Shot = { width: 1300, turn: 1.5, blur: 0.6 }
  const files = { front: join(folder, `${name}-front.jpg`), back: join(folder, `${name}-back.jpg`) }
  writeFileSync(files.front, await photographed(front, shot))
  writeFileSync(files.back, await photographed(back, { ...shot, turn: -1, seed: 2 }))
  return files
}

export const fileWith = (name: string, bytes: Uint8Array): string => {
  const file = join(folder, name)
  writeFileSync(file, bytes)
  return file
}
