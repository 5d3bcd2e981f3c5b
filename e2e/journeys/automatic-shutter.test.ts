import { join } from 'node:path'
import { renderPassport } from '@veridoor/engine/specimen'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FakeVerifier, startFakeVerifier } from '../capture/fake-verifier.ts'
import { type Visitor, visit } from './browser.ts'
import { ada, cameraClip } from './people.ts'

const card = { country: 'DEU', type: 'ID_CARD' } as const
const frames = [1, 2, 3, 4].map((number) => `front/frames/${number}`)

let fake: FakeVerifier
let person: Visitor
/** A check of its own for each test. */
const begin = async (session: Parameters<typeof startFakeVerifier>[1]): Promise<void> => {
  await fake?.close()
  fake = await startFakeVerifier(join(import.meta.dirname, '../../web/dist/capture'), session)
}
beforeAll(async () => {
  // A passport on a plain table, four fifths of the picture wide, as somebody holds it who follows the frame. The camera exposed it too
  // long: its paper is white beyond measure, and that is no glare.
  const page = await sharp(await renderPassport(ada))
    .removeAlpha()
    .resize({ width: 1024 })
    .linear(1.25, 0)
    .toBuffer()
  const table = { r: 96, g: 92, b: 88 }
  const shown = await sharp({ create: { width: 1280, height: 960, channels: 3, background: table } })
    .composite([{ input: page, gravity: 'centre' }])
    .jpeg()
    .toBuffer()
  person = await visit({ camera: await cameraClip('automatic', shown) })
})
afterAll(async () => {
  await person?.close()
  await fake?.close()
})

it('takes the photo of a document that lies well by itself, sends the frames around it, and can be switched off', async () => {
  await begin({ step: 'choice' })
  const { page } = person
  await page.goto(`${fake.url}/capture/?authorizationToken=${fake.token}&locale=en`)
  await page.locator('input[role=combobox]').click()
  await page.locator('input[role=combobox]').fill('DEU')
  await page.keyboard.press('Enter')
  await page.getByText('Personalausweis').click()
  await page.getByTestId('choose').click()
  await page.getByTestId('camera-on').click()
  await page.getByText('Good. Hold still: the photo is taken now.').first().waitFor()
  if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/automatic-390.png` })
  await page.getByTestId('use-photo').waitFor()
  expect(await page.getByRole('status').first().innerText()).toBe('Photo taken.')
  await page.getByTestId('use-photo').click()

  await page.getByRole('heading', { name: 'Back of your ID card' }).waitFor()
  // A slow device takes fewer of them, but never none.
  await expect.poll(() => fake.frames.length).toBeGreaterThan(0)
  const sent = [...fake.frames]
  expect(sent).toEqual(frames.slice(0, sent.length))
  await page.getByTestId('camera-on').click()
  await page.getByTestId('automatic').uncheck()
  // Long enough for the photo to come twice over.
  await page.waitForTimeout(7_000)
  expect(await page.getByTestId('shutter').isVisible()).toBe(true)
  await page.getByTestId('shutter').press('Enter')
  await page.getByTestId('use-photo').waitFor()
})

it('sends at least one frame beside the photo, however long a device takes for a picture', async () => {
  await begin({ step: 'front', choice: card })
  const page = await person.context.newPage()
  await page.addInitScript(() => {
    const { toBlob } = HTMLCanvasElement.prototype
    HTMLCanvasElement.prototype.toBlob = function (this: HTMLCanvasElement, ...told: Parameters<typeof toBlob>) {
      setTimeout(() => toBlob.apply(this, told), 1_300)
    }
  })
  await page.goto(`${fake.url}/capture/?authorizationToken=${fake.token}&locale=en`)
  await page.getByTestId('camera-on').click()
  await page.getByTestId('shutter').press('Enter')
  await page.getByTestId('use-photo').click()
  await page.getByRole('heading', { name: 'Back of your ID card' }).waitFor()
  await expect.poll(() => fake.frames).toEqual(frames.slice(0, 1))
  await page.close()
})
