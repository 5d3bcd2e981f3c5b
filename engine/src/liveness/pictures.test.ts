import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { detectFaces } from '../faces/index.ts'
import { packageFile } from '../models.ts'
import { decodePicture } from '../pictures/decode.ts'
import type { Picture } from '../pictures/picture.ts'
import { type PersonInMotion, personInMotion, poseOf } from '../specimen/motion.ts'
import { liveness as limits } from '../thresholds.ts'
import { assessLiveness } from './assess.ts'
import type { Movement } from './judge.ts'
import { measureFace } from './measure-face.ts'

const asSharp = (picture: Picture) =>
  sharp(picture.data, { raw: { width: picture.width, height: picture.height, channels: 3 } })
const sample = (photo: number): Promise<Picture> =>
  decodePicture(readFileSync(packageFile('@vladmandic/face-api', `demo/sample${photo}.jpg`)), 1800)

// A photograph of a package in node_modules, cut to one face, read at test time and never stored.
let face: Buffer
const lookAt = async (bytes: Buffer) => {
  const picture = await decodePicture(bytes, 640)
  const [found] = await detectFaces(picture)
  return found?.mesh ? measureFace(found.mesh, picture.height) : null
}
beforeAll(async () => {
  const picture = await sample(1)
  const { width, height } = picture
  for (const { box } of await detectFaces(picture, { fine: true })) {
    const side = Math.round(Math.min(box.width * 2, width, height))
    const left = Math.round(Math.max(0, Math.min(width - side, box.x + box.width / 2 - side / 2)))
    const top = Math.round(Math.max(0, Math.min(height - side, box.y + box.height / 2 - side / 2)))
    const cut = await asSharp(picture)
      .extract({ left, top, width: side, height: side })
      .resize(480, 480)
      .jpeg({ quality: 90 })
      .toBuffer()
    const again = await decodePicture(cut, 640)
    const inside = await detectFaces(again)
    const yaw = inside[0]?.mesh ? Math.abs(measureFace(inside[0].mesh, again.height).yaw) : 1
    if (inside.length === 1 && yaw < limits.baseYaw) face = cut
  }
}, 60_000)

/** A picture held before the camera and moved about: shifted, squeezed as by tilting it, and brought nearer. */
const held = async (n: number): Promise<Buffer> => {
  const collapseFillers = 480 - Math.round(120 * Math.abs(Math.sin(n)))
  const narrow = await sharp(face).resize(collapseFillers, 480, { fit: 'fill' }).toBuffer()
  return sharp({ create: { width: 640, height: 480, channels: 3, background: '#667788' } })
    .composite([{ input: narrow, left: 20 + ((n * 17) % 100), top: 0 }])
    .jpeg({ quality: 85 })
    .toBuffer()
}

describe('a photograph before the camera', () => {
  it('has a usable mesh, and its mirror image looks the other way', async () => {
    const plain = await lookAt(face)
    const mirror = await lookAt(await sharp(face).flop().jpeg().toBuffer())
    expect(plain?.eyes).toBeGreaterThan(0.1)
    expect((plain?.yaw ?? 1) + (mirror?.yaw ?? 1)).toBeCloseTo(0, 1)
  })

  it('shifted and tilted does not pass as a head that turns', async () => {
    const challenge: Movement[] = ['centre', 'turn_left', 'turn_right']
    const frames = await Promise.all(
      Array.from({ length: 15 }, async (_value, n) => ({
        step: Math.floor(n / 5),
        atMs: n * 250,
        picture: await held(n),
      })),
    )
    const found = await assessLiveness({ challenge, frames })
    expect(found.verdict).toBe('failed')
    expect(found.reasons).toContain('movement_not_seen')
    expect(found.steps.slice(1)).toEqual([
      { movement: 'turn_left', seen: false },
      { movement: 'turn_right', seen: false },
    ])
  }, 60_000)
})

describe('left and right', () => {
  it('are the own ones of people in photographs, by the picture itself and by its mirror image', async () => {
    let turned = 0
    for (const photo of [2, 5]) {
      const picture = await sample(photo)
      for (const { box, mesh } of await detectFaces(picture, { fine: true })) {
        const yaw = mesh ? measureFace(mesh, picture.height).yaw : 0
        if (Math.abs(yaw) < limits.turn) continue
        turned += 1
        // Nobody mirrored these: a person's left is on the picture's right, and that is where a nose goes that turns left. The
        // detector has its own points for eyes and nose, which know nothing of the mesh.
        const side = Math.round(box.width * 1.6)
        const left = Math.max(0, Math.round(box.x + box.width / 2 - side / 2))
        const top = Math.max(0, Math.round(box.y + box.height / 2 - side / 2))
        const cut = await asSharp(picture)
          .extract({
            left,
            top,
            width: Math.min(side, picture.width - left),
            height: Math.min(side, picture.height - top),
          })
          .resize(480, 480, { fit: 'fill' })
          .jpeg()
          .toBuffer()
        const [face] = await detectFaces(await decodePicture(cut, 640))
        const [rightEye, leftEye, nose] = face?.keypoints ?? []
        if (!rightEye || !leftEye || !nose) throw new Error('the detector has no points')
        expect(leftEye.x).toBeGreaterThan(rightEye.x)
        expect(Math.sign(nose.x - (rightEye.x + leftEye.x) / 2), `photo ${photo}`).toBe(Math.sign(yaw))
        const mirror = await lookAt(await sharp(cut).flop().jpeg().toBuffer())
        expect(Math.sign(mirror?.yaw ?? 0), `photo ${photo} mirrored`).toBe(-Math.sign(yaw))
      }
    }
    // One profile and one half turned to their right, one half turned to her left.
    expect(turned).toBeGreaterThanOrEqual(3)
  }, 60_000)
})

describe('a face that moves, computed from one photograph', () => {
  const challenge: Movement[] = ['centre', 'turn_right', 'look_up', 'turn_left', 'closer', 'look_down']
  let frames: { step: number; atMs: number; picture: Buffer }[]
  let selfie: Buffer
  let other: Buffer
  const portrait = async (photo: number, left: number, top: number, side: number): Promise<Buffer> =>
    sharp(readFileSync(packageFile('@vladmandic/face-api', `demo/sample${photo}.jpg`)))
      .extract({ left, top, width: side, height: Math.round(side * 1.2) })
      .resize({ width: 480 })
      .jpeg()
      .toBuffer()
  beforeAll(async () => {
    selfie = await portrait(3, 830, 70, 520)
    other = await portrait(5, 1240, 330, 400)
    frames = await film(challenge, await personInMotion(selfie))
  }, 120_000)

  const wave = [0, 0.3, 0.7, 1, 1, 0.6, 0.2, 0]
  const film = async (done: readonly Movement[], person: PersonInMotion) => {
    const frames: { step: number; atMs: number; picture: Buffer }[] = []
    for (const [step, movement] of done.entries())
      for (const [k, share] of wave.entries()) {
        const n = step * wave.length + k
        const pose = movement === 'blink' ? {} : poseOf(movement, share)
        const trembling = {
          ...pose,
          turn: (pose.turn ?? 0) + Math.sin(n * 2.3),
          lift: (pose.lift ?? 0) + Math.cos(n * 1.7),
        }
        frames.push({ step, atMs: n * 250, picture: await person.frame(trembling) })
      }
    return frames
  }

  it('passes when it obeys, fails with other moves, another selfie, or its frames in another order', async () => {
    const right = await assessLiveness({ challenge, frames, selfie })
    expect(right).toMatchObject({ verdict: 'passed', reasons: [] })
    expect(right.straight).toBeLessThan(wave.length)

    const mirrored: Movement[] = ['centre', 'turn_left', 'look_down', 'turn_right', 'closer', 'look_up']
    const wrong = await assessLiveness({ challenge: mirrored, frames, selfie })
    expect(wrong.verdict).toBe('failed')
    expect(wrong.steps.map(({ seen }) => seen)).toEqual([true, false, false, false, true, false])

    expect((await assessLiveness({ challenge, frames, selfie: other })).reasons).toEqual(['other_face'])
    const pictures = frames.map(({ picture }) => picture).reverse()
    const reversed = frames.map((frame, n) => ({ ...frame, picture: pictures[n] ?? frame.picture }))
    expect((await assessLiveness({ challenge, frames: reversed, selfie })).verdict).toBe('failed')
  }, 120_000)

  it('fails when another person makes a movement in the middle, and be it for two frames', async () => {
    const others = await film(challenge, await personInMotion(other))
    const swapped = (from: number, count: number) =>
      frames.map((frame, n) => (n >= from && n < from + count ? (others[n] ?? frame) : frame))
    // Of each step (look_up, then closer) the start and the end, where the face looks most straight ahead, stay the person's own.
    for (const [from, count] of [
      [19, 2],
      [34, 4],
    ] as const) {
      const found = await assessLiveness({ challenge, frames: swapped(from, count), selfie })
      expect(found.reasons, `${count} frames from ${from}`).toContain('other_face')
    }
  }, 120_000)
})
