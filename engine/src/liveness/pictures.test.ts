import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { decodePicture } from '../decode.ts'
import { detectFaces } from '../faces/index.ts'
import { packageFile } from '../models.ts'
import { liveness as limits } from '../thresholds.ts'
import { assessLiveness } from './assess.ts'
import type { Movement } from './judge.ts'
import { lookOf } from './look.ts'

// A photograph of a package in node_modules, cut to one face, read at test time and never stored.
let face: Buffer
const lookAt = async (bytes: Buffer) => {
  const picture = await decodePicture(bytes, 640)
  const [found] = await detectFaces(picture)
  return found?.mesh ? lookOf(found.mesh, picture.height) : null
}
beforeAll(async () => {
  const file = packageFile('@vladmandic/face-api', 'demo/sample1.jpg')
  const picture = await decodePicture(readFileSync(file), 1800)
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
    const again = await decodePicture(cut, 640)
    const inside = await detectFaces(again)
    const yaw = inside[0]?.mesh ? Math.abs(lookOf(inside[0].mesh, again.height).yaw) : 1
    if (inside.length === 1 && yaw < limits.baseYaw) face = cut
  }
}, 60_000)

/** A picture held before the camera and moved about: shifted, squeezed as by tilting it, and brought nearer. */
const held = async (n: number): Promise<Buffer> => {
  const squeeze = 480 - Math.round(120 * Math.abs(Math.sin(n)))
  const narrow = await sharp(face).resize(squeeze, 480, { fit: 'fill' }).toBuffer()
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
      Array.from({ length: 15 }, async (_, n) => ({
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
