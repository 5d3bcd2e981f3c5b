import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Visitor, visit } from './browser.ts'
import { fillIn, signInAsAdmin, signUp } from './steps.ts'
import { startTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
let admin: Visitor
let page: Page
beforeAll(async () => {
  stack = await startTestStack()
  admin = await visit({ wide: true })
  page = admin.page
  await signInAsAdmin(page, stack)
})
afterAll(async () => {
  await admin?.close()
  await stack?.stop()
})
const open = async (path: string): Promise<void> => {
  await page.goto(`${stack.url}/console${path}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
}

const redirectUri = (row: number) => page.getByRole('textbox', { name: `Redirect URI ${row}`, exact: true })

describe('the console', () => {
  it('marks a wrong redirect URI in its row, and asks before unsaved changes are left', async () => {
    await open('/applications/app-built-in')
    await redirectUri(1).fill('https://app.example.com/callback')
    await page.getByRole('button', { name: 'Add another' }).first().click()
    await redirectUri(2).fill('no address')
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByRole('alert').waitFor()
    expect(await redirectUri(2).getAttribute('aria-invalid')).toBe('true')
    expect(await redirectUri(1).getAttribute('aria-invalid')).not.toBe('true')
    expect(await page.locator('main').innerText()).not.toMatch(/expected string|Invalid URL|>=/i)
    await page.getByRole('link', { name: 'Users' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Stay' }).click()
    expect(await redirectUri(2).inputValue()).toBe('no')
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('link', { name: 'Users' }).click()
    await page.getByRole('heading', { name: 'Users' }).waitFor()
  })

  it('adds a provider in four fields, tests it by itself and attaches it', async () => {
    await open('/providers/new')
    await page.getByLabel('Category').selectOption({ index: 1 })
    await page.getByLabel('Type').selectOption('Jumio')
    expect(await page.getByRole('textbox').filter({ visible: true }).count()).toBe(2)
    await page.getByText('Enter the API token').waitFor()
    await page.getByLabel(/API token/).fill('token')
    await page.getByLabel(/API secret/).fill('secret')
    await page.locator('details', { hasText: 'Endpoint' }).first().locator('summary').click()
    await page.getByLabel('Endpoint').fill('http://127.0.0.1:9')
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.waitForURL(/console\/providers\/.+tested=now/)
    // The test of the connection has started by itself: nothing answers there.
    await page.getByLabel('Failed').waitFor()
    await page.getByText('Not attached yet').waitFor()
    await page.getByLabel('Attach to an application').selectOption('app-built-in')
    await page
      .getByRole('radio', { name: /takes over when it is down/ })
      .last()
      .check()
    await page.getByRole('button', { name: 'Attach', exact: true }).click()
    await page.getByText('Used by').waitFor()
    await open('/applications/app-built-in')
    await page.getByText(/People meet/).waitFor()
  })

  it('withdraws and gives the approval of a provider, and shows it', async () => {
    await open('/providers/built-in/jumio')
    const approval = page.getByRole('region', { name: 'Approval' })
    const dialog = page.getByRole('dialog')
    await approval.getByText('Approved by the installation').waitFor()
    await approval.getByRole('button', { name: 'Withdraw approval' }).click()
    expect(await dialog.innerText()).toContain('Endpoint: http://127.0.0.1:9')
    await dialog.getByLabel('Type jumio to confirm').fill('jumio')
    await dialog.getByRole('button', { name: 'Withdraw approval' }).click()
    await approval.getByText('Not approved').waitFor()
    await open('/providers')
    await page
      .getByRole('row', { name: /^Jumio/ })
      .getByText('Not approved')
      .waitFor()
    await page.getByRole('link', { name: 'Jumio', exact: true }).click()
    await approval.getByRole('button', { name: 'Approve' }).click()
    expect(await dialog.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true)
    await dialog.getByLabel('Type jumio to confirm').fill('jumio')
    await dialog.getByRole('button', { name: 'Approve' }).click()
    await approval.getByText('Approved by the installation').waitFor()
    await open('/audit')
    await page.getByRole('cell', { name: 'withdrew the approval of a provider' }).first().waitFor()
  })

  it('opens an attempt by its reference, and stops asking where there is none', async () => {
    let asked = 0
    page.on('request', (request) => {
      if (request.url().includes('/v1/verifications/VD-')) asked += 1
    })
    await open('/verifications/VD-0000-00')
    await page.getByRole('alert').waitFor()
    await page.waitForTimeout(4_000)
    expect(asked).toBe(1)
  })

  it('says of an ended session what to do, and comes back to the same page', async () => {
    await signUp(page, stack, 'sessionless')
    await fillIn(page)
    await signInAsAdmin(page, stack)
    await open('/audit')
    await page.getByRole('button', { name: 'Export CSV' }).waitFor()
    await admin.context.clearCookies()
    await page.getByLabel('Action').selectOption('sign-in')
    const back = page.getByRole('link', { name: 'Sign in' })
    await back.first().waitFor()
    expect(await back.first().getAttribute('href')).toContain(encodeURIComponent('/console/audit'))
    await signInAsAdmin(page, stack)
  })

  it('says so at once when there is no network', async () => {
    await open('/users')
    await admin.context.setOffline(true)
    await page.getByRole('link', { name: 'Organizations' }).click()
    await page.getByText('No connection. Check your network').first().waitFor({ timeout: 10_000 })
    await admin.context.setOffline(false)
  })

  it('asks for the name before an account is erased', async () => {
    await open('/users/built-in/sessionless')
    await page.getByRole('button', { name: 'Erase' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: 'Erase' }).isDisabled()).toBe(true)
    await dialog.getByLabel('Type sessionless to confirm').fill('sessionless')
    await dialog.getByRole('button', { name: 'Erase' }).click()
    await page.getByRole('heading', { name: 'Users' }).waitFor()
  })
})
