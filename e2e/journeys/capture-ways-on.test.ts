import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FakeVerifier, startFakeVerifier } from '../capture/fake-verifier.ts'
import { type Visitor, visit } from './browser.ts'

const pages = join(import.meta.dirname, '../../web/dist/capture')
const photo = {
  name: 'a.jpg',
  mimeType: 'image/jpeg',
  buffer: Buffer.from('a picture, as far as this test is concerned'),
}

let person: Visitor
let fake: FakeVerifier
let page: Page
beforeAll(async () => {
  person = await visit({ language: 'en-GB' })
})
beforeEach(async () => {
  await page?.close()
  await fake?.close()
  fake = await startFakeVerifier(pages, { step: 'front', choice: { country: 'DEU', type: 'PASSPORT' } })
  page = await person.context.newPage()
})
afterAll(async () => {
  await person?.close()
  await fake?.close()
})
const open = (): Promise<unknown> => page.goto(`${fake.url}/capture/?authorizationToken=${fake.token}`)

describe('a camera that does not do', () => {
  /** The browser's answer to the question for the camera. */
  const answers = {
    NotAllowedError: 'Your camera is blocked',
    NotFoundError: 'This device has no camera',
    NotReadableError: 'The camera is busy',
    SecurityError: 'This page cannot use the camera',
    SomethingNew: 'The camera did not start',
  }
  for (const [name, title] of Object.entries(answers))
    it(`${name}: says "${title}", and leaves trying again, a file and another device`, async () => {
      await page.addInitScript((fault) => {
        const refuse = async (): Promise<MediaStream> => {
          throw Object.assign(new Error('refused'), { name: fault })
        }
        navigator.mediaDevices.getUserMedia = refuse
        navigator.permissions.query = async () => ({ state: 'denied' }) as PermissionStatus
      }, name)
      await open()
      await page.getByTestId('camera-on').click()
      await page.getByRole('heading', { name: title }).waitFor()
      expect(await page.getByTestId('camera-again').isVisible()).toBe(true)
      await page.getByTestId('other-device').click()
      await page.getByTestId('match').waitFor()
      await page.getByTestId('go-on-here').click()
      await page.getByTestId('upload-front').setInputFiles(photo)
      await page.getByTestId('use-photo').click()
      await expect.poll(() => fake.received.length).toBe(1)
    })

  it('without which there is no selfie leaves the way without one', async () => {
    await fake.close()
    const done = { state: 'accepted' as const, code: null }
    const missing = { state: 'missing' as const, code: null }
    fake = await startFakeVerifier(pages, {
      step: 'selfie',
      choice: { country: 'DEU', type: 'PASSPORT' },
      parts: { front: done, back: missing, selfie: missing },
    })
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = async () => {
        throw Object.assign(new Error('none'), { name: 'NotFoundError' })
      }
    })
    await open()
    await page.getByTestId('camera-on').click()
    await page.getByRole('heading', { name: 'This device has no camera' }).waitFor()
    await page.getByRole('button', { name: 'I cannot take a selfie' }).click()
    await page.getByRole('heading', { name: 'Go on without a selfie' }).waitFor()
    await page.getByRole('button', { name: 'Go on without a selfie' }).click()
    await page.getByTestId('submit').waitFor()
  })

  it('whose question stays open may be asked for once more', async () => {
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => new Promise(() => {})
    })
    await open()
    await page.getByTestId('camera-on').click()
    await page.getByRole('button', { name: 'Waiting for your answer' }).waitFor()
    await page.getByText('Your browser asks whether').waitFor({ timeout: 15_000 })
    expect(await page.getByRole('button', { name: 'Ask again' }).isEnabled()).toBe(true)
  })

  it('that is lost midway is told, and comes back by a press', async () => {
    await open()
    await page.getByTestId('camera-on').click()
    await page.getByTestId('shutter').waitFor()
    await page.evaluate(() => {
      const { srcObject } = document.querySelector('video') as HTMLVideoElement
      for (const track of (srcObject as MediaStream).getVideoTracks()) track.dispatchEvent(new Event('ended'))
    })
    await page.getByRole('heading', { name: 'The camera is busy' }).waitFor()
    await page.getByTestId('camera-again').click()
    await page.getByTestId('shutter').waitFor()
  })
})

describe('a connection that is lost', () => {
  it('keeps the photo on the screen, and sends it alone when the connection is back', async () => {
    await open()
    await page.getByTestId('upload-front').setInputFiles(photo)
    await page.getByTestId('use-photo').waitFor()
    await person.context.setOffline(true)
    await page.getByText('No connection. Your photo stays here.').waitFor()
    await page.getByTestId('use-photo').click()
    await page.getByText('The photo was not sent').waitFor()
    await person.context.setOffline(false)
    await expect.poll(() => fake.received.length).toBeGreaterThan(0)
    await page.getByRole('heading', { name: 'Take a selfie' }).waitFor()
  })

  it('before anything was read is called so, and trying again goes on', async () => {
    await page.route('**/capture/api/**', (route) => route.abort('internetdisconnected'))
    await open()
    await page.getByRole('heading', { name: 'No connection' }).waitFor()
    await page.unroute('**/capture/api/**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByTestId('camera-on').waitFor()
  })
})

describe('a link or a tab that is gone', () => {
  it('tells how to get another link', async () => {
    await page.goto(`${fake.url}/capture/?authorizationToken=another-token-0123456789`)
    await page.getByRole('heading', { name: 'This link no longer works' }).waitFor()
    await page.getByRole('button', { name: 'How to get a new link' }).click()
    await page.getByText('Open the app or page where you began this check').waitFor()
  })

  it('goes on where it was after the tab was closed, without the link', async () => {
    await open()
    await page.getByTestId('upload-front').setInputFiles(photo)
    await page.getByTestId('use-photo').click()
    await page.getByRole('heading', { name: 'Take a selfie' }).waitFor()
    await page.close()
    page = await person.context.newPage()
    await page.goto(`${fake.url}/capture/`)
    await page.getByRole('heading', { name: 'Take a selfie' }).waitFor()
  })
})

describe('without a mouse', () => {
  /** Goes on by Tab until a control has the focus, which must be seen. */
  const tabTo = async (mark: string): Promise<void> => {
    for (let presses = 0; presses < 30; presses += 1) {
      await page.keyboard.press('Tab')
      const at = await page.evaluate(() => {
        const { activeElement } = document
        const shown = activeElement?.closest('label.button') ?? activeElement
        const { outlineStyle, outlineWidth } = shown ? getComputedStyle(shown) : { outlineStyle: '', outlineWidth: '' }
        return {
          mark:
            activeElement?.getAttribute('data-testid') ??
            activeElement?.getAttribute('type') ??
            activeElement?.role ??
            '',
          isSeen: outlineStyle !== 'none' && outlineWidth !== '0px',
        }
      })
      if (at.mark !== mark) continue
      expect(at.isSeen, `${mark} shows that it has the focus`).toBe(true)
      return
    }
    throw new Error(`${mark} cannot be reached by Tab`)
  }
  const press = async (mark: string): Promise<void> => {
    await tabTo(mark)
    await page.keyboard.press('Enter')
  }

  it('is asked before photos are deleted, and a press of Enter deletes nothing', async () => {
    await open()
    await page.getByTestId('camera-on').waitFor()
    await page.getByRole('button', { name: 'Stop the check' }).press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByTestId('camera-on').waitFor()
    await page.getByRole('button', { name: 'Stop the check' }).press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Stop the check' }).click()
    await page.getByRole('heading', { name: 'You stopped the check' }).waitFor()
  })

  it('goes from the agreement to the end', async () => {
    await fake.close()
    fake = await startFakeVerifier(pages)
    await open()
    await page.getByTestId('capture-start').waitFor()
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
    await tabTo('checkbox')
    await page.keyboard.press('Space')
    await press('capture-start')
    await page.getByTestId('choose').waitFor()
    await tabTo('combobox')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.type('germ')
    await page.keyboard.press('Enter')
    await tabTo('radio')
    await press('choose')
    for (const part of ['Photo page of your passport', 'Take a selfie']) {
      await page.getByRole('heading', { name: part }).waitFor()
      await press('camera-on')
      await page.getByTestId('shutter').waitFor()
      await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0)
      await press('shutter')
      await page.getByTestId('use-photo').waitFor()
      await press('use-photo')
    }
    await page.getByTestId('submit').waitFor()
    await press('submit')
    await page.getByTestId('continue').waitFor()
    await tabTo('continue')
  })
})
