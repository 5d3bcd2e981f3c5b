import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { faceFinderWeights } from '@veridoor/engine'
import { renderSpecimen } from '@veridoor/engine/specimen'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { createFinder, type FindFaces, SIZE } from '../../web/capture/src/face-finder/find-faces.ts'
import { documentHint } from '../../web/capture/src/guidance/hints.ts'
import { measureFrame } from '../../web/capture/src/guidance/measure-frame.ts'
import { ada, pictures } from './people.ts'

/** What a camera may show: a phone's upright picture and a notebook's wide one, and how much of its width the guide has. */
const views = { phone: { width: 960, height: 1280, guide: 0.88 }, notebook: { width: 1280, height: 720, guide: 0.5 } }
type View = keyof typeof views
const grey = { r: 96, g: 92, b: 88 }
const white = { r: 240, g: 240, b: 238 }

type Scene = {
  view: View
  /** Width of the page by that of the guide. */
  fill?: number
  /** Distance from the guide's middle, in widths of the guide. */
  right?: number
  table?: { r: number; g: number; b: number }
  /** Gain of the camera: white paper is clipped from about 1.2 on. */
  exposure?: number
  /** A blob of light with a soft edge: its place on the page, and its radius in widths of the page. */
  glare?: { x: number; y: number; radius: number }
  blur?: number
}

const sceneOf = async (page: Buffer, scene: Scene): Promise<Buffer> => {
  const { width, height, guide } = views[scene.view]
  const pageWidth = Math.round(guide * width * (scene.fill ?? 0.9))
  // No paper is as white as the one that is drawn.
  const laid = await sharp(page).removeAlpha().resize({ width: pageWidth }).linear(0.88, 0).png().toBuffer()
  const { height: pageHeight = 0 } = await sharp(laid).metadata()
  const left = Math.round((width - pageWidth) / 2 + (scene.right ?? 0) * guide * width)
  const top = Math.round((height - pageHeight) / 2)
  // Larger than the picture, and cut: a page may reach over the edge.
  const around = sharp({
    create: { width: width * 3, height: height * 3, channels: 3, background: scene.table ?? grey },
  }).composite([{ input: laid, left: left + width, top: top + height }])
  let picture = await sharp(await around.png().toBuffer())
    .extract({ left: width, top: height, width, height })
    .png()
    .toBuffer()
  if (scene.glare) {
    const radius = scene.glare.radius * pageWidth
    const light = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><radialGradient id="light">
      <stop offset="0" stop-color="#fff"/><stop offset=".55" stop-color="#fff" stop-opacity=".97"/><stop offset="1" stop-color="#fff" stop-opacity="0"/>
      </radialGradient></defs><ellipse cx="${left + scene.glare.x * pageWidth}" cy="${top + scene.glare.y * pageHeight}" rx="${radius}" ry="${radius * 0.7}" fill="url(#light)"/></svg>`
    picture = await sharp(picture)
      .composite([{ input: Buffer.from(light) }])
      .png()
      .toBuffer()
  }
  return sharp(picture)
    .linear(scene.exposure ?? 1, 0)
    .blur(scene.blur ?? 0.8)
    .jpeg({ quality: 85 })
    .toBuffer()
}

/** What the page would say, on the same small copy. */
const hintFor = async (page: Buffer, scene: Scene) => {
  const view = views[scene.view]
  const width = 320
  const height = Math.round((320 * view.height) / view.width)
  const data = await sharp(await sceneOf(page, scene))
    .resize({ width, height, fit: 'fill' })
    .ensureAlpha()
    .raw()
    .toBuffer()
  const guide = { width: view.guide * width, height: (view.guide * width * 88) / 125 }
  const area = { ...guide, x: (width - guide.width) / 2, y: (height - guide.height) / 2 }
  return documentHint(measureFrame(new Uint8ClampedArray(data), width, height, null, area).frame)
}

describe('advice about a document', async () => {
  const card = await renderSpecimen('id-card', ada)
  const pages = {
    'a passport': (await renderSpecimen('passport', ada)).front,
    'the front of a card': card.front,
    'the back of a card': card.back ?? card.front,
  }
  for (const [name, page] of Object.entries(pages))
    for (const view of Object.keys(views) as View[]) {
      const hints = (scenes: Omit<Scene, 'view'>[]) =>
        Promise.all(scenes.map((scene) => hintFor(page, { view, ...scene })))
      it(`${name} before a ${view}: too far, well placed, too near, beside the frame`, async () => {
        expect(await hints([{ fill: 0.4 }, { fill: 0.5 }])).toEqual(['far', 'far'])
        expect(await hints([{ fill: 0.78 }, { fill: 0.9 }, { fill: 1 }])).toEqual(['good', 'good', 'good'])
        expect(await hints([{ fill: 1.15 }, { fill: 1.4 }])).toEqual(['near', 'near'])
        expect(await hintFor(page, { view: 'notebook', fill: 0.85, right: 0.32 })).toBe('frame')
      })

      it(`${name} before a ${view}: white paper is no glare, on a white table or overexposed, and a blob of light is`, async () => {
        const glare = { x: 0.5, y: 0.5, radius: 0.1 }
        const exposed = (...by: number[]) => hints(by.flatMap((exposure) => [{ exposure }, { exposure, table: white }]))
        expect(new Set(await exposed(1, 1.1, 1.15, 1.2))).toEqual(new Set(['good']))
        // Of a white card on a white table little is left to be seen when it is exposed for far too long.
        expect(await exposed(1.3, 1.45)).not.toContain('glare')
        expect(
          await hints([
            { glare },
            { glare: { x: 0.6, y: 0.85, radius: 0.06 } },
            { glare: { x: 0.4, y: 0.9, radius: 0.12 }, table: white },
            { glare: { x: 0.3, y: 0.3, radius: 0.25 } },
          ]),
        ).toEqual(['glare', 'glare', 'glare', 'glare'])
      })

      it(`${name} before a ${view}: too dark, and out of focus`, async () => {
        expect(await hints([{ exposure: 0.25 }, { exposure: 0.5 }, { blur: 8 }])).toEqual(['dark', 'good', 'sharp'])
      })
    }
})

const samples = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo')
const backdrop = { r: 128, g: 124, b: 120 }

describe('the face that the device finds', () => {
  let find: FindFaces
  const facesIn = async (picture: Buffer) => {
    const data = await sharp(picture)
      .resize({ width: SIZE, height: SIZE, fit: 'contain', background: { r: 127, g: 127, b: 127 } })
      .ensureAlpha()
      .raw()
      .toBuffer()
    return find(new Uint8ClampedArray(data))
  }
  beforeAll(() => {
    find = createFinder(new Uint8Array(faceFinderWeights()).buffer)
  })

  it('is the one face of a selfie, where it is and as large as it is, in light and dark, level and tilted', async () => {
    // Each in a picture of 240 × 320: its height there, and how far from the middle it is put.
    const [width, high] = [240, 320]
    for (const [name, take] of Object.entries(pictures)) {
      const person = await sharp(await take())
        .resize({ height: high })
        .png()
        .toBuffer()
      const [alone] = await facesIn(person)
      expect(alone, name).toBeDefined()
      for (const height of [144, 200, 275])
        for (const right of [0, 38])
          for (const light of [0.35, 0.6, 1, 1.3])
            for (const turn of [0, 14]) {
              const shown = await sharp(person).resize({ height }).rotate(turn, { background: backdrop }).toBuffer()
              const { width: shownWidth = 0, height: shownHeight = 0 } = await sharp(shown).metadata()
              const around = sharp({
                create: { width: width * 2, height: high * 2, channels: 3, background: backdrop },
              }).composite([
                {
                  input: shown,
                  left: Math.round(width - shownWidth / 2 + right),
                  top: Math.round(high - shownHeight / 2),
                },
              ])
              const picture = await sharp(await around.png().toBuffer())
                .extract({ left: width / 2, top: high / 2, width, height: high })
                .linear(light, 0)
                .png()
                .toBuffer()
              const [face, ...others] = await facesIn(picture)
              const where = `${name}, ${height} high, ${right} to the right, light ${light}, turned ${turn}`
              expect(face, where).toBeDefined()
              expect(others, where).toEqual([])
              if (turn !== 0 || !face || !alone) continue
              const scale = height / high
              expect(Math.abs(face.size - alone.size * scale), where).toBeLessThan(0.08)
              expect(Math.abs(face.x - alone.x * scale - right / high), where).toBeLessThan(0.05)
            }
    }
  }, 120_000)

  it('is none on a wall, a table, a document without a portrait, and more than one where people stand together', async () => {
    const wall = await sharp({ create: { width: 640, height: 480, channels: 3, background: backdrop } })
      .png()
      .toBuffer()
    expect(await facesIn(wall)).toEqual([])
    const { back } = await renderSpecimen('id-card', ada)
    expect(back && (await facesIn(back))).toEqual([])
    expect((await facesIn(readFileSync(join(samples, 'sample6.jpg')))).length).toBeGreaterThan(2)
  })

  it('needs the weights of this very net', () => {
    expect(() => createFinder(new ArrayBuffer(400))).toThrow(RangeError)
    expect(() => createFinder(new ArrayBuffer(faceFinderWeights().byteLength + 4))).toThrow(RangeError)
  })
})
