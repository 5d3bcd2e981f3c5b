import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeVerifier, startFakeVerifier } from '../capture/fake-verifier.ts'
import { type Visitor, visit } from './browser.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const pages = join(import.meta.dirname, '../../web/dist/capture')
const languages = { en: 'ltr', de: 'ltr', fr: 'ltr', es: 'ltr', pt: 'ltr', zh: 'ltr', ar: 'rtl' } as const

let person: Visitor
let fake: FakeVerifier
beforeAll(async () => {
  person = await visit({ language: 'fr-FR' })
})
afterAll(async () => {
  await person?.close()
  await fake?.close()
})

/** Rules of WCAG 2.2 A and AA that a program can tell, and nothing that has to be scrolled to sideways. */
const inspect = async (page: Page, name: string): Promise<void> => {
  if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/${name}.png` })
  // What fades is looked at when it has come to rest.
  await page.evaluate(async () => {
    const fading = document.getAnimations().filter((animation) => animation instanceof CSSTransition)
    await Promise.allSettled(fading.map((animation) => animation.finished))
  })
  const still = await page.evaluate(() => ({
    wanted: matchMedia('(prefers-reduced-motion: reduce)').matches,
    moving: document.getAnimations().filter(({ playState }) => playState === 'running').length,
  }))
  if (still.wanted) expect(still.moving, `${name} moves`).toBe(0)
  expect(await page.locator('[aria-busy=true] [aria-live]').count(), `${name} is silent`).toBe(0)
  await page.evaluate(axeSource)
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    const { violations } = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
    return {
      violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      isWide: document.documentElement.scrollWidth > innerWidth,
    }
  })
  expect(found.violations, name).toEqual([])
  expect(found.isWide, `${name} scrolls sideways`).toBe(false)
}

const photo = {
  name: 'a.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
    'base64',
  ),
}

/** From the agreement to the end, and as the device that follows, looked at by the marks that no language changes. */
const walk = async (page: Page, language: string): Promise<void> => {
  await fake?.close()
  fake = await startFakeVerifier(pages, { movement: { required: true, triesLeft: 3 } })
  await page.goto(`${fake.url}/capture/?authorizationToken=${fake.token}&locale=${language}`)
  await page.getByTestId('capture-start').waitFor()
  await inspect(page, `${language}-1-start`)
  await page.getByRole('checkbox').check()
  await page.getByTestId('capture-start').click()
  await page.getByTestId('choose').waitFor()
  await page.locator('input[role=combobox]').click()
  await page.locator('input[role=combobox]').fill('DEU')
  await inspect(page, `${language}-2-country`)
  await page.keyboard.press('Enter')
  await page.getByRole('radio').nth(1).check()
  await inspect(page, `${language}-3-choice`)
  await page.getByTestId('choose').click()
  await page.getByTestId('camera-on').waitFor()
  await inspect(page, `${language}-4-front`)
  await page.getByTestId('other-device').click()
  await page.getByTestId('match').waitFor()
  await inspect(page, `${language}-5-hand-over`)
  await page.getByTestId('go-on-here').click()
  await page.getByTestId('camera-on').click()
  await page.getByTestId('shutter').waitFor()
  await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0)
  await inspect(page, `${language}-6-camera`)
  await page.getByTestId('shutter').click()
  await page.getByTestId('use-photo').waitFor()
  await inspect(page, `${language}-7-check`)
  fake.refuse = ['no_document']
  await page.getByTestId('use-photo').click()
  await page.getByTestId('retake-reason').waitFor()
  await inspect(page, `${language}-8-refused`)
  for (const part of ['front', 'back']) {
    await page.getByTestId(`upload-${part}`).setInputFiles(photo)
    await page.getByTestId('use-photo').click()
    await page.getByTestId('use-photo').waitFor({ state: 'detached' })
    await page.getByTestId('camera-on').waitFor()
    await inspect(page, `${language}-9-after-${part}`)
  }
  await page.getByTestId('camera-on').click()
  await page.getByTestId('shutter').waitFor()
  await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0)
  await inspect(page, `${language}-10-selfie`)
  await page.getByTestId('shutter').click()
  await page.getByTestId('use-photo').click()
  await page.getByTestId('movement-start').waitFor()
  await inspect(page, `${language}-11-movement`)
  const { y, height } = (await page.getByTestId('movement-start').boundingBox()) ?? { y: Number.NaN, height: 0 }
  expect(y + height, `${language}: the button is in reach`).toBeLessThanOrEqual(844)
  await page.getByTestId('movement-start').click()
  await page.locator('[data-testid=moving][data-now]').waitFor()
  await inspect(page, `${language}-12-moving`)
  await page.getByTestId('submit').waitFor()
  await inspect(page, `${language}-13-submit`)
  // The answer waits until the screen before it was looked at.
  let answer = (): void => {}
  const looked = new Promise<void>((resolve) => {
    answer = resolve
  })
  await page.route('**/capture/api/session', async (route) => {
    await looked
    await route.continue()
  })
  await page.getByTestId('submit').click()
  await page.locator('ol.progress').waitFor()
  await inspect(page, `${language}-14-checking`)
  answer()
  await page.getByTestId('continue').waitFor()
  await inspect(page, `${language}-15-ended`)
  await page.unroute('**/capture/api/session')

  await fake.close()
  fake = await startFakeVerifier(pages, {
    device: 'following',
    step: 'front',
    choice: { country: 'DEU', type: 'ID_CARD' },
  })
  await page.goto(`${fake.url}/capture/?authorizationToken=${fake.token}&locale=${language}`)
  await page.getByTestId('follow-step').waitFor()
  await inspect(page, `${language}-16-following`)
}

describe('a company of its own colour', () => {
  const mark = `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="28"><rect width="80" height="28" rx="6" fill="#444"/></svg>`
  const logoUrl = `data:image/svg+xml,${encodeURIComponent(mark)}`

  for (const colorScheme of ['light', 'dark'] as const)
    it(`is shown with its name and logo, and read well in ${colorScheme} colours`, async () => {
      await fake?.close()
      fake = await startFakeVerifier(pages, { client: { name: 'Sunflower Bank', color: '#ffe600', logoUrl } })
      const page = await person.context.newPage()
      await page.emulateMedia({ colorScheme })
      await page.goto(`${fake.url}/capture/?authorizationToken=${fake.token}&locale=en`)
      await page.getByTestId('capture-start').waitFor()
      await page.getByText('Sunflower Bank').first().waitFor()
      await page.waitForFunction(() => document.querySelector<HTMLImageElement>('img.client-logo')?.naturalWidth === 80)
      await inspect(page, `brand-${colorScheme}-390`)
      await page.setViewportSize({ width: 1440, height: 900 })
      await inspect(page, `brand-${colorScheme}-1440`)
      await page.setViewportSize({ width: 390, height: 844 })
      await page.close()
    })

  it('whose logo does not come keeps its name beside our mark', async () => {
    await fake?.close()
    const broken = 'https://logo.invalid/logo.png'
    fake = await startFakeVerifier(pages, { client: { name: 'Acme', color: null, logoUrl: broken } })
    const page = await person.context.newPage()
    await page.goto(`${fake.url}/capture/?authorizationToken=${fake.token}&locale=en`)
    await page.locator('.brand svg').waitFor()
    expect(await page.locator('img.client-logo').count()).toBe(0)
    await page.close()
  })
})

describe('the capture page', () => {
  for (const [language, direction] of Object.entries(languages))
    it(`speaks ${language}, ${direction}, with nothing cut off and nothing that axe finds`, async () => {
      const page = await person.context.newPage()
      await walk(page, language)
      const { lang, dir } = await page.evaluate(() => ({
        lang: document.documentElement.lang,
        dir: document.documentElement.dir,
      }))
      expect({ lang, dir }).toEqual({ lang: language, dir: direction })
      const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name))
      const chunks = loaded.filter((name) => /\/(english|de|fr|es|pt|zh|ar)-[\w-]+\.js$/.test(name))
      expect(chunks).toHaveLength(1)
      await page.close()
    })

  it('is read as well in dark colours, and nothing on it moves for who wants no motion', async () => {
    const page = await person.context.newPage()
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    await walk(page, 'en')
    await page.close()
  })

  for (const colorScheme of ['light', 'dark'] as const)
    it(`is read as well where something is in the way, in ${colorScheme} colours`, async () => {
      await fake?.close()
      fake = await startFakeVerifier(pages, {
        step: 'front',
        choice: { country: 'DEU', type: 'ID_CARD' },
        leftSec: 122,
      })
      const page = await person.context.newPage()
      await page.emulateMedia({ colorScheme })
      await page.addInitScript(() => {
        navigator.mediaDevices.getUserMedia = async () => {
          throw Object.assign(new Error('none'), { name: 'NotFoundError' })
        }
      })
      await page.goto(`${fake.url}/capture/?authorizationToken=${fake.token}&locale=en`)
      await page.getByTestId('camera-on').click()
      await page.getByTestId('camera-again').waitFor()
      await inspect(page, `fault-${colorScheme}-1-camera`)
      await page.getByRole('dialog', { name: 'Are you still there?' }).waitFor()
      await inspect(page, `fault-${colorScheme}-2-stay`)
      await page.getByRole('button', { name: 'Stay', exact: true }).click()
      await page.route('**/capture/api/cancel', (route) => route.abort('connectionrefused'))
      await page.getByRole('button', { name: 'Stop the check' }).click()
      const question = page.getByRole('dialog', { name: 'Stop the check?' })
      await question.waitFor()
      await inspect(page, `fault-${colorScheme}-3-stop`)
      await question.getByRole('button', { name: 'Stop the check' }).click()
      await page.getByRole('heading', { name: 'No connection' }).waitFor()
      await inspect(page, `fault-${colorScheme}-4-unreachable`)
      await page.goto(`${fake.url}/capture/?authorizationToken=another-token-0123456789&locale=en`)
      await page.getByRole('button', { name: 'How to get a new link' }).click()
      await inspect(page, `fault-${colorScheme}-5-link`)
      await page.close()
    })

  it('whose words did not come at first is there when they do, and a hand-over code is not lost by that', async () => {
    await fake?.close()
    fake = await startFakeVerifier(pages)
    fake.codeFault = { status: 410, code: 'CODE_EXPIRED' }
    const page = await person.context.newPage()
    await page.route(/\/english-[\w-]+\.js$/, (route) => route.abort('connectionreset'))
    await page.goto(`${fake.url}/capture/?locale=en#BBBB-CCCC-DDDD`)
    await page.locator('.spinner').waitFor()
    await page.unroute(/\/english-[\w-]+\.js$/)
    await page.getByRole('heading', { name: 'This code is too old' }).waitFor()
    expect(page.url()).not.toContain('#')
    await page.goto(`${fake.url}/capture/?locale=en#100%`)
    await page.getByRole('heading', { name: 'This code is too old' }).waitFor()
    await page.close()
  })

  it('whose other language does not come keeps the one on the screen, says so, and takes it when chosen again', async () => {
    const page = await person.context.newPage()
    await page.goto(`${fake.url}/capture/?authorizationToken=${fake.token}&locale=en`)
    await page.getByTestId('capture-start').waitFor()
    await page.route(/\/de-[\w-]+\.js$/, (route) => route.abort('connectionreset'))
    await page.getByRole('combobox', { name: 'Language' }).selectOption('de')
    await page.getByRole('alert').getByText('could not be loaded').waitFor()
    if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/language.png` })
    await page.unroute(/\/de-[\w-]+\.js$/)
    await page.getByRole('combobox', { name: 'Language' }).selectOption('de')
    await page.getByRole('combobox', { name: 'Sprache' }).waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    await page.close()
  })

  it('says no more of a language that did not come once the one on the screen is chosen', async () => {
    await fake?.close()
    fake = await startFakeVerifier(pages)
    const page = await person.context.newPage()
    await page.goto(`${fake.url}/capture/?authorizationToken=${fake.token}&locale=en`)
    await page.getByTestId('capture-start').waitFor()
    await page.route(/\/de-[\w-]+\.js$/, (route) => route.abort('connectionreset'))
    await page.getByRole('combobox', { name: 'Language' }).selectOption('de')
    await page.getByRole('alert').getByText('could not be loaded').waitFor()
    await page.getByRole('combobox', { name: 'Language' }).selectOption('en')
    await page.getByRole('alert').waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
    await page.close()
  })

  it('whose first language is gone is loaded anew once, then speaks English and says which is missing', async () => {
    await fake?.close()
    fake = await startFakeVerifier(pages)
    const page = await person.context.newPage()
    let loads = 0
    page.on('load', () => {
      loads += 1
    })
    await page.route(/\/de-[\w-]+\.js$/, (route) => route.fulfill({ status: 404 }))
    await page.goto(`${fake.url}/capture/?authorizationToken=${fake.token}&locale=de`)
    await page.getByTestId('capture-start').waitFor()
    await page.getByRole('alert').getByText('Deutsch').waitFor()
    await page.getByRole('alert').getByText('could not be loaded').waitFor()
    expect(loads).toBe(2)
    if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/language-gone.png` })
    await page.unroute(/\/de-[\w-]+\.js$/)
    await page.getByRole('combobox', { name: 'Language' }).selectOption('de')
    await page.getByRole('combobox', { name: 'Sprache' }).waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    await page.close()
  })

  it('speaks the language of the browser where the address asks for none, and another one when chosen', async () => {
    const page = await person.context.newPage()
    await page.goto(`${fake.url}/capture/?authorizationToken=${fake.token}`)
    await page.getByRole('combobox', { name: 'Langue' }).focus()
    await page.getByRole('combobox', { name: 'Langue' }).selectOption('ar')
    await page.getByRole('combobox', { name: 'اللغة' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl')
    // The screen is the same one: the focus stays at the choice.
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('language')
    await page.reload()
    await page.getByRole('combobox', { name: 'اللغة' }).waitFor()
    await page.close()
  })
})
