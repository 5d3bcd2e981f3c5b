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
const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
)

let person: Visitor
let fake: FakeVerifier
let page: Page
beforeAll(async () => {
  person = await visit({ language: 'en-GB' })
})
beforeEach(async () => {
  await page?.close()
  // A test that failed may have left it off.
  await person.context.setOffline(false)
  await fake?.close()
  fake = await startFakeVerifier(pages, { step: 'front', choice: { country: 'DEU', type: 'PASSPORT' } })
  page = await person.context.newPage()
})
afterAll(async () => {
  await person?.close()
  await fake?.close()
})
/** Begins with another check than the one of most tests. */
const begin = async (session: Parameters<typeof startFakeVerifier>[1]): Promise<void> => {
  await fake.close()
  fake = await startFakeVerifier(pages, session)
  await open()
}
const done = { state: 'accepted', code: null } as const
const missing = { state: 'missing', code: null } as const
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
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = async () => {
        throw Object.assign(new Error('none'), { name: 'NotFoundError' })
      }
    })
    await begin({
      step: 'selfie',
      choice: { country: 'DEU', type: 'PASSPORT' },
      sides: { front: done, back: missing, selfie: missing },
    })
    await page.getByTestId('camera-on').click()
    await page.getByRole('heading', { name: 'This device has no camera' }).waitFor()
    await page.getByRole('button', { name: 'I cannot take a selfie' }).click()
    await page.getByRole('heading', { name: 'Go on without a selfie' }).waitFor()
    await page.getByRole('button', { name: 'Go on without a selfie' }).click()
    await page.getByTestId('submit').waitFor()
    expect(fake.session.faceRequired).toBe(false)
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

  it.each([
    ['the viewfinder', 'shutter', 'Upload instead'],
    ['a fault', 'camera-again', 'Upload a photo instead'],
  ])('takes the file that is chosen from %s, though choosing it hides the page', async (from, shown, upload) => {
    if (from === 'a fault')
      await page.addInitScript(() => {
        navigator.mediaDevices.getUserMedia = async () => {
          throw Object.assign(new Error('none'), { name: 'NotFoundError' })
        }
      })
    await open()
    await page.getByTestId('camera-on').click()
    await page.getByTestId(shown).waitFor()
    const choosing = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: upload }).click()
    const chooser = await choosing
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    })
    if (from === 'the viewfinder') await page.getByTestId('camera-on').waitFor()
    await chooser.setFiles(photo)
    await page.getByTestId('use-photo').click()
    await expect.poll(() => fake.received.length).toBe(1)
  })

  it('fills the window: its screen has a title, and the bar behind it is not there for a keyboard', async () => {
    await open()
    await page.getByTestId('camera-on').click()
    await page.getByTestId('shutter').waitFor()
    expect(await page.title()).toBe('Photo page of your passport, step 2 of 4 – Acme')
    const isInert = () => page.locator('header').evaluate((bar) => (bar as HTMLElement).inert)
    expect(await isInert()).toBe(true)
    await page.getByRole('button', { name: 'Back', exact: true }).click()
    await page.getByTestId('camera-on').waitFor()
    expect(await isInert()).toBe(false)
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
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0)
    expect(await page.locator('video').evaluate((video) => (video as HTMLVideoElement).paused)).toBe(false)
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
    expect(await page.getByRole('heading', { name: 'No connection' }).count()).toBe(0)
  })

  it('shows nothing to do until it is known where the check stands', async () => {
    await begin({ step: 'front', choice: { country: 'DEU', type: 'PASSPORT' }, isFollowed: true })
    await page.getByTestId('camera-on').waitFor()
    const isElsewhere = page.getByRole('heading', { name: 'This check is open on another device' })
    await page.route('**/capture/api/session', (route) =>
      route.fulfill({ status: 401, json: { code: 'OPEN_ELSEWHERE' } }),
    )
    await isElsewhere.waitFor()
    await page.unroute('**/capture/api/session')
    let answer = (): void => {}
    const waited = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route('**/capture/api/session', async (route) => {
      await waited
      await route.continue()
    })
    const asked = page.waitForRequest('**/capture/api/session')
    await page.getByRole('button', { name: 'Try again' }).click()
    await asked
    expect(await page.getByTestId('camera-on').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Try again' }).isDisabled()).toBe(true)
    answer()
    await page.getByTestId('camera-on').waitFor()
    expect(await isElsewhere.count()).toBe(0)
  })
})

describe('the way back', () => {
  const heading = (name: string) => page.getByRole('heading', { name }).waitFor()
  const back = () => page.getByRole('button', { name: 'Back', exact: true }).click()
  const card = { country: 'DEU', type: 'ID_CARD' } as const

  it('leads from picture to picture to the choice of the document, and keeping what is saved leads on', async () => {
    await begin({ step: 'selfie', choice: card, sides: { front: done, back: done, selfie: missing } })
    await heading('Take a selfie')
    await back()
    await heading('Back of your ID card')
    await back()
    await heading('Front of your ID card')
    await page.getByRole('button', { name: 'Keep the saved photo' }).click()
    await heading('Take a selfie')
    for (const name of ['Back of your ID card', 'Front of your ID card', 'Which document?']) {
      await back()
      await heading(name)
    }
    expect(await page.getByRole('button', { name: 'Back', exact: true }).count()).toBe(0)
    await page.getByRole('radio', { name: 'Passport' }).check()
    await page.getByTestId('choose').click()
    await heading('Photo page of your passport')
  })

  it('leads from the last screen to the choice and back, and from a picture taken again to the last screen', async () => {
    await begin({ step: 'submit', choice: card, sides: { front: done, back: done, selfie: done } })
    await heading('Ready to check')
    await back()
    await heading('Which document?')
    await back()
    await heading('Ready to check')
    await page.getByRole('button', { name: 'Take again: Back' }).click()
    await heading('Back of your ID card')
    await back()
    await heading('Ready to check')
    expect(fake.session.choice).toEqual(card)
    expect(fake.received).toEqual([])
  })

  it('leads from a refused card to another one, whose both sides are asked for without the old refusal', async () => {
    const retake = { side: 'front', code: 'document_unsupported' } as const
    const sides = { front: { state: 'retake', code: retake.code }, back: done, selfie: done } as const
    await begin({ step: 'retake', choice: card, sides, retake, attempt: 2, attemptsLeft: 2 })
    await page.getByTestId('retake-reason').waitFor()
    await page.getByRole('button', { name: 'Use another ID' }).click()
    await heading('Which document?')
    await back()
    await page.getByTestId('retake-reason').waitFor()
    await page.getByRole('button', { name: 'Use another ID' }).click()
    await page.getByTestId('choose').click()
    await heading('Front of your ID card')
    await page.getByTestId('upload-front').setInputFiles(photo)
    await page.getByTestId('use-photo').click()
    await heading('Back of your ID card')
    expect(await page.getByTestId('retake-reason').count()).toBe(0)
  })
})

describe('a check that closes soon', () => {
  it('is kept open by a press; until then Escape closes nothing, what failed is said, and no photo is touched', async () => {
    await begin({ step: 'front', choice: { country: 'DEU', type: 'PASSPORT' }, leftSec: 100 })
    // Chosen before the question comes: behind it the page takes no presses.
    await page.getByTestId('upload-front').setInputFiles(photo)
    const dialog = page.getByRole('dialog', { name: 'Are you still there?' })
    await dialog.waitFor()
    let isTooFast = true
    let asked = 0
    await page.route('**/capture/api/stay', (route) => {
      asked += 1
      return isTooFast ? route.fulfill({ status: 429, json: { code: 'SLOW_DOWN' } }) : route.continue()
    })
    // A browser may lose a press while it puts the dialog there, or back.
    const pressEscape = (times: number) =>
      expect
        .poll(
          async () => {
            if (asked < times) await page.keyboard.press('Escape')
            return asked
          },
          { interval: 500 },
        )
        .toBeGreaterThanOrEqual(times)
    await pressEscape(1)
    await dialog.getByText('Too many attempts').waitFor()
    await pressEscape(2)
    // No request of a press may be on its way when they are taken.
    await page.waitForTimeout(500)
    await dialog.getByRole('button', { name: 'Try again' }).waitFor()
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
    isTooFast = false
    await dialog.getByRole('button', { name: 'Try again' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await page.getByTestId('use-photo').innerText()).toBe('Use this photo')
    expect(await page.getByText('The photo was not sent').count()).toBe(0)
    expect(fake.received).toEqual([])
  })

  it('says so over the question whether to stop, each under its own name', async () => {
    await begin({ step: 'front', choice: { country: 'DEU', type: 'PASSPORT' }, leftSec: 122 })
    await page.getByRole('button', { name: 'Stop the check' }).click()
    await page.getByRole('dialog', { name: 'Are you still there?' }).waitFor()
    expect(await page.locator('dialog[open]').count()).toBe(2)
    await page.getByRole('button', { name: 'Stay', exact: true }).click()
    await page.getByRole('dialog', { name: 'Are you still there?' }).waitFor({ state: 'detached' })
    expect(await page.getByRole('dialog').getByRole('heading').innerText()).toBe('Stop the check?')
  })

  it('is told by the time that is left, not by the clock of the device', async () => {
    await page.clock.install()
    await page.clock.setSystemTime(Date.now() + 3_600_000)
    await open()
    await page.getByTestId('camera-on').waitFor()
    await page.clock.runFor(6_000)
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.clock.runFor(790_000)
    await page.getByRole('dialog', { name: 'Are you still there?' }).waitFor()
  })
})

describe('movements that do not come to a judgement', () => {
  const answer = (path: string, status: number, code: string) =>
    page.route(`**/capture/api/movement${path}`, (route) => route.fulfill({ status, json: { code } }))
  const start = async (): Promise<void> => {
    await begin({
      step: 'movement',
      choice: { country: 'DEU', type: 'PASSPORT' },
      sides: { front: done, back: missing, selfie: done },
      movement: { required: true, triesLeft: 3 },
    })
    await page.getByTestId('movement-start').click()
  }

  it.each([
    ['', 'INTERRUPTED', 500, 'That did not work. It was our fault.'],
    ['/*/judge', 'BUSY', 503, 'Many people are checking now.'],
    ['/*/frames/3', 'CHALLENGE_OVER', 409, 'The time for these movements ran out.'],
  ])('because of %s %s blame neither the connection nor the person', async (path, code, status, text) => {
    await answer(path, status, code)
    await start()
    await page.getByTestId('movement-reason').getByText(text).waitFor({ timeout: 60_000 })
    await page.getByTestId('move-again').waitFor()
    expect(await page.getByTestId('movement-reason').innerText()).not.toContain('left in this check')
    expect(fake.session.movement).toEqual({ required: true, triesLeft: 3 })
  })

  it('because they were begun too often leave the ways without them, and no loop', async () => {
    await answer('', 429, 'SLOW_DOWN')
    await start()
    await page.getByTestId('movement-reason').getByText('begun too often').waitFor()
    expect(await page.getByTestId('move-again').count()).toBe(0)
    await page.getByTestId('no-movement').click()
    await page.getByRole('heading', { name: 'Go on without a selfie' }).waitFor()
  })

  it('because the check is judged already go on with it', async () => {
    await page.route('**/capture/api/movement', (route) => {
      fake.session = { ...fake.session, progress: 'reading' }
      return route.fulfill({ status: 409, json: { code: 'WRONG_STEP' } })
    })
    await start()
    await page.getByTestId('continue').waitFor()
    expect(fake.session.ended?.how).toBe('submitted')
  })
})

describe('movements that are passed', () => {
  it('stay passed, though an answer from before them comes late', async () => {
    await begin({
      step: 'movement',
      choice: { country: 'DEU', type: 'PASSPORT' },
      sides: { front: done, back: missing, selfie: done },
      movement: { required: true, triesLeft: 3 },
      isFollowed: true,
    })
    let letGo = (): void => {}
    const waited = new Promise<void>((resolve) => {
      letGo = resolve
    })
    let looks = 0
    await page.route('**/capture/api/session', async (route) => {
      looks += 1
      // Those after it would mend what it does.
      if (looks > 1) return
      const response = await route.fetch()
      await waited
      await route.fulfill({ response })
    })
    const asked = page.waitForRequest('**/capture/api/session')
    await page.getByTestId('movement-start').click()
    await asked
    await page.getByTestId('submit').waitFor({ timeout: 60_000 })
    const late = page.waitForResponse('**/capture/api/session')
    letGo()
    await (await late).finished()
    await page.waitForTimeout(500)
    expect(await page.getByTestId('submit').count()).toBe(1)
  })
})

describe('a device that follows', () => {
  it.each([
    [{ step: 'movement' }, 'Short movement check · Step 5 of 6'],
    [{ step: 'retake', retake: { side: 'back', code: 'photo_glare' } }, 'Back of your ID card · Step 3 of 6'],
  ] as const)('names the step of the other one: %s', async (at, told) => {
    await begin({
      device: 'following',
      choice: { country: 'DEU', type: 'ID_CARD' },
      sides: { front: done, back: done, selfie: done },
      movement: { required: true, triesLeft: 3 },
      ...at,
    })
    await page.getByTestId('follow-step').getByText(told).waitFor()
    // The other one has it: here is nothing to photograph, and no way to stop it.
    for (const mark of ['camera-on', 'movement-start', 'upload-back'])
      expect(await page.getByTestId(mark).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Stop the check' }).count()).toBe(0)
  })
})

describe('a specimen that was not sent', () => {
  it('stays on the screen with the reason, and goes on when it is sent', async () => {
    await begin({ step: 'front', choice: { country: 'UTO', type: 'PASSPORT' }, demonstration: true })
    const picture = Buffer.from('made by a test').toString('base64')
    await page.route('**/capture/api/specimen', (route) => route.fulfill({ json: { front: picture, back: null } }))
    await page.getByTestId('open-specimen').click()
    await page.getByTestId('upload-portrait').setInputFiles({ ...photo, buffer: onePixel, mimeType: 'image/png' })
    await page.getByRole('img', { name: 'Portrait' }).waitFor()
    await page.getByTestId('make-specimen').click()
    await page.route('**/capture/api/pictures/*', (route) => route.fulfill({ status: 503, json: { code: 'BUSY' } }))
    await page.getByTestId('use-specimen').click()
    await page.getByRole('alert').getByText('Many people are checking now').waitFor()
    await page.unroute('**/capture/api/pictures/*')
    await page.getByTestId('use-specimen').click()
    await page.getByRole('heading', { name: 'Take a selfie' }).waitFor()
    expect(fake.received.map(({ side }) => side)).toEqual(['front'])
  })
})

describe('a link or a tab that is gone', () => {
  it('tells how to get another link', async () => {
    await page.goto(`${fake.url}/capture/?authorizationToken=another-token-0123456789`)
    await page.getByRole('heading', { name: 'This link no longer works' }).waitFor()
    await page.getByRole('button', { name: 'How to get a new link' }).click()
    await page.getByText('Open the app or page where you began this check').waitFor()
    expect(page.url()).not.toContain('another-token')
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
    expect(fake.session.ended).toBeNull()
    await page.getByRole('button', { name: 'Stop the check' }).press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Stop the check' }).click()
    await page.getByRole('heading', { name: 'You stopped the check' }).waitFor()
    expect(fake.session.ended?.how).toBe('cancelled')
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
