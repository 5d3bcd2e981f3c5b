import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Visitor, visit } from './browser.ts'
import { fillIn, signInAsAdmin, signUp, startCheck } from './steps.ts'
import { startTestStack, type TestStack } from './test-stack.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

let stack: TestStack
let person: Visitor
let admin: Visitor
beforeAll(async () => {
  stack = await startTestStack()
  person = await visit()
  admin = await visit({ wide: true })
})
afterAll(async () => {
  await person?.close()
  await admin?.close()
  await stack?.stop()
})

/** Faults of a page against WCAG 2.2 AA, in both themes, and whether it scrolls sideways. */
const faultsOf = async (page: Page): Promise<string[]> => {
  const faults: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.waitForTimeout(150)
    // Run through the debugger: the page's own policy lets no foreign script in.
    await page.evaluate(axe)
    const found = await page.evaluate(async (wanted) => {
      const { axe: runner } = window as unknown as {
        axe: { run(options: unknown): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
      }
      return (await runner.run({ runOnly: { type: 'tag', values: wanted } })).violations.map(
        (violation) => `${violation.id}: ${violation.nodes[0]?.html.slice(0, 140)}`,
      )
    }, tags)
    faults.push(...found.map((fault) => `${colorScheme} ${fault}`))
  }
  if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1))
    faults.push('scrolls sideways')
  return faults
}

describe('pages are usable by everybody', () => {
  it('sign-in, sign-up and the account, on a phone', async () => {
    for (const path of ['/login', '/signup']) {
      await person.page.goto(stack.url + path)
      await person.page.getByLabel('Password', { exact: true }).waitFor()
      expect(await faultsOf(person.page), path).toEqual([])
    }
    for (const path of [
      '/forgot-password',
      '/reset-password#x',
      '/reset-password',
      '/confirm-email#x',
      '/confirm-email',
    ]) {
      await person.page.goto('about:blank')
      await person.page.goto(stack.url + path)
      await person.page.getByRole('heading', { level: 1 }).waitFor()
      expect(await faultsOf(person.page), path).toEqual([])
    }
    await signUp(person.page, stack, 'reader')
    await fillIn(person.page)
    for (const path of ['/account', '/account/security', '/account/identity']) {
      await person.page.goto(stack.url + path)
      await person.page.getByRole('button').nth(2).waitFor()
      expect(await faultsOf(person.page), path).toEqual([])
    }
  })

  it('the capture page, on a phone', async () => {
    await startCheck(person.page)
    await person.page.getByTestId('camera-on').waitFor()
    expect(await faultsOf(person.page)).toEqual([])
    await person.page.getByTestId('open-specimen').click()
    expect(await faultsOf(person.page)).toEqual([])
  })

  it('the console, wide and narrow', async () => {
    await signInAsAdmin(admin.page, stack)
    const faults: string[] = []
    for (const width of [1440, 390]) {
      await admin.page.setViewportSize({ width, height: 900 })
      for (const path of [
        '',
        '/organizations',
        '/applications',
        '/applications/app-built-in',
        '/providers',
        '/providers/new',
        '/providers/admin/provider_idv_local',
        '/users',
        '/users/built-in/reader',
        '/verifications',
        '/webhooks',
        '/mail',
        '/budgets',
        '/audit',
      ]) {
        await admin.page.goto(`${stack.url}/console${path}`)
        await admin.page.waitForFunction(
          () => document.querySelector('h1') && !document.querySelector('[aria-busy="true"]'),
        )
        faults.push(...(await faultsOf(admin.page)).map((fault) => `${path} at ${width}: ${fault}`))
      }
    }
    expect(faults).toEqual([])
  })
})
