import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Visitor, visit } from './browser.ts'
import { cameraClip, passportFile, pictures } from './people.ts'
import { fillIn, goBack, signInAsAdmin, signUp, takeSelfie, uploadFront } from './steps.ts'
import { startTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
const visitors: Visitor[] = []
beforeAll(async () => {
  stack = await startTestStack()
})
afterAll(async () => {
  for (const visitor of visitors) await visitor.close()
  await stack?.stop()
})

const newPage = async (name: string, wide: boolean): Promise<Page> => {
  const visitor = await visit({ camera: await cameraClip(name, await pictures.selfie()), wide })
  visitors.push(visitor)
  return visitor.page
}

it('a test verification ends on the page of the provider, with its verdict, each check and the time, and counts nowhere', async () => {
  const page = await newPage('tester', true)
  await signInAsAdmin(page, stack)
  await page.goto(`${stack.url}/account/identity`)
  await fillIn(page)
  await page.goto(`${stack.url}/console/providers/admin/provider_idv_local`)
  await page.getByRole('button', { name: 'Run a test verification' }).click()
  await page.getByTestId('capture-start').waitFor()
  await page.getByRole('checkbox').check()
  await page.getByTestId('capture-start').click()
  await page.getByTestId('choose').click()
  await uploadFront(page, await passportFile('tester'))
  await takeSelfie(page)
  await page.getByTestId('submit').click()
  await goBack(page)

  await page.waitForURL(/console\/providers\/admin\/provider_idv_local/)
  const outcome = page.getByTestId('test-outcome')
  await outcome.getByText('Verified', { exact: true }).waitFor()
  const told = await outcome.innerText()
  for (const word of ['Test', 'Document checks', 'Selfie matches the document', '✓ Passed'])
    expect(told).toContain(word)
  expect(told).toMatch(/\d+ (s|min)/)
  await outcome.getByRole('link', { name: /^Open VD-/ }).click()
  await page.getByText('Test result: Verified').waitFor()
  await page.getByRole('heading', { name: /VD-/ }).getByText('Test', { exact: true }).waitFor()

  await page.goto(`${stack.url}/console/verifications`)
  await page.getByText('No verifications yet').waitFor()
  await page.getByLabel('Show').selectOption('test')
  await page.getByRole('link', { name: /^VD-/ }).waitFor()
  await page.goto(`${stack.url}/console`)
  await page.getByText('Verify one person for real').waitFor()
  expect(await page.getByRole('link', { name: /Verify one person for real/ }).count()).toBe(1)
  await page.goto(`${stack.url}/account/identity`)
  await page.locator('[data-testid="identity-state"][data-state="none"]').waitFor()
})

it('the country is asked once, beside the type, and the check opens on that document', async () => {
  const page = await newPage('chooser', false)
  await signUp(page, stack, 'chooser')
  await page.getByLabel('ID card type').selectOption('ID_CARD')
  await page.getByLabel('Issued by').selectOption('AUT')
  await page.getByLabel('ID card number').fill('L01X00T47')
  await page.getByLabel('Real name').fill('Ada Lovelace')
  await page.getByRole('button', { name: 'Save' }).click()
  const verify = page.getByRole('button', { name: 'Verify Identity' })
  await verify.waitFor()
  await page.waitForFunction(() => document.activeElement?.textContent === 'Verify Identity')
  await verify.click()
  await page.getByRole('dialog').getByText('ID card (Austria)').waitFor()
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByTestId('capture-start').waitFor()
  await page.getByRole('checkbox').check()
  await page.getByTestId('capture-start').click()
  // The document is known: the page does not ask which one, and begins with the front of the card.
  await page.getByTestId('upload-front').waitFor({ state: 'attached' })
  await page.getByRole('heading', { name: /ID card|Personalausweis/ }).waitFor()
  expect(await page.getByTestId('choose').count()).toBe(0)
})
