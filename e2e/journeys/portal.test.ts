import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Visitor, visit } from './browser.ts'
import { startTestStack, type TestStack } from './test-stack.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let stack: TestStack
let operator: Visitor
let person: Visitor
beforeAll(async () => {
  stack = await startTestStack()
  operator = await visit({ wide: true })
  person = await visit()
})
afterAll(async () => {
  await operator.close()
  await person?.close()
  await stack?.stop()
})

/** Faults against WCAG 2.2 AA in both themes and at both widths. */
const faultsOf = async (page: Page): Promise<string[]> => {
  const faults: string[] = []
  for (const [width, colorScheme] of [
    [390, 'light'],
    [1440, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.evaluate(axe)
    const found = await page.evaluate(async () => {
      const { axe: runner } = window as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
      }
      return (await runner.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 140)}`)
    })
    faults.push(...found.map((fault) => `${width} ${fault}`))
    if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth))
      faults.push(`${width} scrolls sideways`)
  }
  return faults
}

it('an operator makes an API client in the portal, and its checks look as it was set', async () => {
  const { page } = operator
  const secret = readFileSync(join(stack.dataFolder, 'verifier-portal.secret'), 'utf8').trim()
  expect(stack.printed()).toContain(`${stack.verifierUrl}/portal`)
  expect(stack.printed()).toContain(secret)
  await page.goto(`${stack.verifierUrl}/portal`)
  expect(await faultsOf(page)).toEqual([])
  await page.getByLabel('Portal secret').fill(secret)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'API clients' }).waitFor()
  expect(await faultsOf(page)).toEqual([])
  await page.getByLabel('Name').fill('Web shop')
  await page.getByRole('button', { name: 'Create client' }).click()
  await page.getByText('Copy the secret now.').waitFor()
  expect(await faultsOf(page)).toEqual([])
  const token = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  const apiSecret = (await page.getByTestId('secret').textContent()) ?? ''

  await page.getByLabel('Colour').fill('red')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await page.getByText('Use a colour such as #0b5a6b.').waitFor()
  expect(await faultsOf(page)).toEqual([])
  await page.getByLabel('Colour').fill('#7a0f3c')
  await page.getByLabel('Language').selectOption('de')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await page.getByText('The settings are saved.').waitFor()

  const answer = await fetch(`${stack.verifierUrl}/api/v4/initiate`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Web Shop/1.0',
      authorization: `Basic ${Buffer.from(`${token}:${apiSecret}`).toString('base64')}`,
    },
    body: JSON.stringify({ customerInternalReference: 'order-1', userReference: 'buyer-1' }),
  })
  const { redirectUrl, transactionReference } = (await answer.json()) as Record<string, string>
  await person.page.emulateMedia({ colorScheme: 'light' })
  await person.page.goto(redirectUrl ?? '')
  await person.page.locator('.brand', { hasText: 'Web shop' }).waitFor()
  expect(await person.page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--brand'))).toBe(
    '#7a0f3c',
  )
  await page.reload()
  await page.getByText(transactionReference ?? '?').waitFor()
  expect(await faultsOf(page)).toEqual([])
})
