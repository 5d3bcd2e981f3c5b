import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { ada } from './people.ts'
import { ADMIN_PASSWORD, type TestStack } from './test-stack.ts'

export const signUp = async (page: Page, stack: TestStack, username: string): Promise<void> => {
  await page.goto(`${stack.url}/signup`)
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Email').fill(`${username}@example.com`)
  await page.getByLabel('Password', { exact: true }).fill('a password of some length')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('heading', { name: 'Identity' }).waitFor()
}

export const signInAsAdmin = async (page: Page, stack: TestStack): Promise<void> => {
  await page.goto(`${stack.url}/login`)
  await page.getByLabel('Email or username').fill('admin')
  await page.getByLabel('Password', { exact: true }).fill(ADMIN_PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor()
}

export const fillIn = async (page: Page, identity: { realName?: string; number?: string } = {}): Promise<void> => {
  await page.getByLabel('ID card type').selectOption('PASSPORT')
  await page.getByLabel('ID card number').fill(identity.number ?? ada.number)
  await page.getByLabel('Real name').fill(identity.realName ?? `${ada.givenNames} ${ada.surname}`)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Verify Identity' }).waitFor()
}

/** From the account page to the capture page's first picture. */
export const startCheck = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Verify Identity' }).click()
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByTestId('capture-start').waitFor()
  await page.getByRole('checkbox').check()
  await page.getByTestId('capture-start').click()
  await page.getByTestId('choose').click()
}

export const uploadFront = async (page: Page, file: string): Promise<void> => {
  await page.getByTestId('upload-front').setInputFiles(file)
  await page.getByTestId('use-photo').click()
}

export const takeSelfie = async (page: Page): Promise<void> => {
  await page.getByTestId('camera-on').click()
  await page.getByTestId('shutter').waitFor()
  // A fake camera needs a moment for its first picture, as a real one does.
  await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0)
  await page.getByTestId('shutter').click()
  await page.getByTestId('use-photo').click()
}

/** Does what the movement check asks for, as far as the visitor's camera shows somebody who does. */
export const doMovements = async (page: Page): Promise<void> => {
  await page.getByTestId('movement-start').click()
  await page.getByTestId('moving').waitFor()
  const says = (): Promise<string> => page.locator('body').innerText()
  await page
    .getByTestId('submit')
    .or(page.getByTestId('movement-reason'))
    .first()
    .waitFor({ timeout: 90_000 })
    .catch(async () => {
      throw new Error(`The movements came to no end: ${await says()}`)
    })
}

/** Passes the movement check, with the second and third try that everybody has, and those that a late machine gives back: a busy one shows a face late. */
export const passMovements = async (page: Page): Promise<void> => {
  await doMovements(page)
  for (let tries = 1; (await page.getByTestId('submit').count()) === 0; tries += 1) {
    if (tries === 6) throw new Error(`Not passed: ${await page.locator('body').innerText()}`)
    await page.getByTestId('move-again').click()
    await page.getByTestId('moving').waitFor()
    await page.getByTestId('submit').or(page.getByTestId('movement-reason')).first().waitFor({ timeout: 90_000 })
  }
}

/** Waits for the end of the check; when the page says something else meanwhile, the test says what. */
export const goBack = async (page: Page, timeoutMs = 60_000): Promise<void> => {
  const onward = page.getByTestId('continue')
  const says = (): Promise<string> => page.locator('body').innerText()
  await onward
    .or(page.getByTestId('retake-reason'))
    .first()
    .waitFor({ timeout: timeoutMs })
    .catch(async () => {
      throw new Error(`No end after ${timeoutMs} ms: ${await says()}`)
    })
  if (!(await onward.isVisible())) throw new Error(`Asked for another photo: ${await says()}`)
  await onward.click()
}

export const sendAndGoBack = async (page: Page): Promise<void> => {
  await page.getByTestId('submit').click()
  await goBack(page)
  await page.getByRole('heading', { name: 'Identity' }).waitFor()
}

/** Waits until the account page shows a state. */
export const expectState = async (page: Page, state: string): Promise<void> => {
  await page
    .locator(`[data-testid="identity-state"][data-state="${state}"]`)
    .waitFor({ timeout: 30_000 })
    .catch(async () => {
      throw new Error(`Not ${state}: ${await page.locator('main').innerText()}`)
    })
  expect(await page.getByTestId('identity-state').first().getAttribute('data-state')).toBe(state)
}
