import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeVerifier, startFakeVerifier } from '../capture/fake-verifier.ts'
import { type Visitor, visit } from './browser.ts'
import { pictures } from './people.ts'

const [width, height] = [1280, 960]
/** Middle and width of the face in the picture of the selfie, 480 × 576 pixels. */
const face = { x: 332, y: 288, width: 213 }

/** Somebody before a camera: how wide the face is in the camera's picture, and how far to the right of its middle. */
const seen = async ({ wide, right = 0, twice = false }: { wide: number; right?: number; twice?: boolean }) => {
  const scale = (wide * width) / face.width
  const person = await sharp(await pictures.selfie())
    .resize({ width: Math.round(480 * scale) })
    .toBuffer()
  const shiftedBy = (shift: number) => ({
    input: person,
    left: Math.round(width * 1.5 + shift * width - face.x * scale),
    top: Math.round(height * 1.5 - face.y * scale),
  })
  const around = sharp({ create: { width: width * 3, height: height * 3, channels: 3, background: '#605c58' } })
  const all = await around
    .composite(twice ? [shiftedBy(right - 0.25), shiftedBy(right + 0.25)] : [shiftedBy(right)])
    .png()
    .toBuffer()
  const picture = await sharp(all).extract({ left: width, top: height, width, height }).jpeg().toBuffer()
  return `data:image/jpeg;base64,${picture.toString('base64')}`
}

/**
 * Runs in the page: a camera that shows the picture that it is told to, in the noise that every camera has. The five seconds that a face
 * has to get to its place are twenty: on a busy machine it is found late.
 */
const camera = (): void => {
  const later = window.setTimeout.bind(window)
  Object.assign(window, {
    setTimeout: (run: () => void, ms?: number) => later(run, ms === 5_000 ? 20_000 : ms),
  })
  const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 960 })
  const image = new Image()
  Object.assign(window, {
    show: (address: string) => {
      image.src = address
      return image.decode()
    },
  })
  setInterval(() => {
    const paint = canvas.getContext('2d')
    if (!paint || !image.naturalWidth) return
    paint.drawImage(image, 0, 0)
    paint.fillStyle = `rgb(0 0 0 / ${Math.random() * 0.03})`
    paint.fillRect(0, 0, 1280, 960)
  }, 60)
  if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(15)
}

let fake: FakeVerifier
let person: Visitor
let page: Page
const show = (address: string): Promise<unknown> =>
  page.evaluate((to) => (window as unknown as { show(to: string): Promise<void> }).show(to), address)
const open = async (step: 'selfie' | 'movement'): Promise<void> => {
  await fake?.close()
  const done = { state: 'accepted' as const, code: null }
  fake = await startFakeVerifier(join(import.meta.dirname, '../../web/dist/capture'), {
    step,
    choice: { country: 'DEU', type: 'PASSPORT' },
    movement: { required: true, triesLeft: 3 },
    sides: { front: done, back: done, selfie: step === 'movement' ? done : { state: 'missing', code: null } },
  })
  await page.goto(`${fake.url}/capture/?authorizationToken=${fake.token}&locale=en`)
}
beforeAll(async () => {
  person = await visit({ actor: `(${camera.toString()})()` })
  page = person.page
})
afterAll(async () => {
  await person?.close()
  await fake?.close()
})

describe('a face before the camera', () => {
  it('is told where it belongs, live, in words that a screen reader speaks, and the shutter works all the while', async () => {
    await open('selfie')
    await page.getByTestId('camera-on').waitFor()
    await show(await seen({ wide: 0.14 }))
    await page.getByTestId('camera-on').click()
    const advice = page.locator('.hint')
    const says = async (scene: string, words: string): Promise<void> => {
      await show(scene)
      await expect.poll(() => advice.innerText(), { timeout: 20_000 }).toBe(words)
      if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/face-${words.slice(0, 12)}.png` })
    }
    await says(await seen({ wide: 0.14 }), 'Move closer.')
    await says(await seen({ wide: 0.36 }), 'Good. Take the photo.')
    await says(await seen({ wide: 0.36, right: 0.3 }), 'Put your face in the oval.')
    await says(await seen({ wide: 0.78 }), 'Move back.')
    await says(await seen({ wide: 0.26, twice: true }), 'Only one face can be in the picture.')
    await expect
      .poll(() => page.locator('[aria-live=polite]').filter({ hasText: 'Only one face' }).count(), { timeout: 10_000 })
      .toBeGreaterThan(0)
    // Advice is no lock: with two faces in the picture the person's own shutter takes the photo.
    await page.getByTestId('shutter').press('Enter')
    await page.getByTestId('use-photo').waitFor()
  })

  it('starts the movements when it is in its place, and they start without it after a while', async () => {
    await open('movement')
    await page.getByTestId('movement-start').waitFor()
    // Frames on a slow line: the movements last until something was said of them.
    await page.route('**/frames/*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 400))
      await route.continue()
    })
    const nobody = await seen({ wide: 0.3, right: 2 })
    await show(await seen({ wide: 0.12 }))
    await page.getByTestId('movement-start').click()
    await page.locator('[data-testid=moving]:not([data-now]) .told').getByText('Move closer.').waitFor()
    await page.locator('[data-now="centre"]').waitFor({ timeout: 60_000 })
    // Nobody is there any more: said below what is asked, which goes on.
    await show(nobody)
    await page.locator('.advice').getByText('Put your face in the oval.').waitFor()
    expect(await page.getByTestId('moving').getAttribute('data-now')).not.toBeNull()
    if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/face-moving.png` })
  })
})
