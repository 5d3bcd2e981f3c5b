import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Visitor, visit } from './browser.ts'
import { cameraClip, passportFile, pictures } from './people.ts'
import {
  expectState,
  fillIn,
  sendAndGoBack,
  signInAsAdmin,
  signUp,
  startCheck,
  takeSelfie,
  uploadFront,
} from './steps.ts'
import { startTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
let person: Visitor
let admin: Visitor
beforeAll(async () => {
  stack = await startTestStack()
  person = await visit({ camera: await cameraClip('pictures', await pictures.selfie()) })
  admin = await visit({ wide: true })
})
afterAll(async () => {
  await person?.close()
  await admin?.close()
  await stack?.stop()
})

it('a reviewer sees the pictures of a check only where the operator allows it, after giving a reason, and the record says so', async () => {
  await signUp(person.page, stack, 'ada')
  await fillIn(person.page)
  await startCheck(person.page)
  await uploadFront(person.page, await passportFile('pictures'))
  await takeSelfie(person.page)
  await sendAndGoBack(person.page)
  await expectState(person.page, 'verified')

  const { page } = admin
  await signInAsAdmin(page, stack)
  const openCase = async () => {
    await page.goto(`${stack.url}/console/verifications`)
    await page.locator('tbody a').first().click()
    await page.getByRole('heading', { name: 'Timeline' }).waitFor()
  }
  await openCase()
  expect(await page.getByRole('button', { name: 'Show pictures' }).count()).toBe(0)
  await page.getByText('switch on “Show pictures to reviewers”').waitFor()

  await page.goto(`${stack.url}/console/providers/admin/provider_idv_local`)
  await page.locator('details', { hasText: 'Show pictures to reviewers' }).locator('summary').click()
  await page
    .getByRole('switch', { name: /Show pictures to reviewers/ })
    .or(page.getByRole('checkbox', { name: /Show pictures to reviewers/ }))
    .first()
    .check({ force: true })
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved').first().waitFor()

  await openCase()
  const show = page.getByRole('button', { name: 'Show pictures' })
  expect(await show.isDisabled()).toBe(true)
  await page.getByLabel('Why do you look?').selectOption('review')
  if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/case-hidden.png`, fullPage: true })
  await show.click()
  const front = page.getByRole('img', { name: 'Front as the person sent it' })
  await front.waitFor()
  expect(await front.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(300)
  await page.getByRole('img', { name: 'Selfie as the person sent it' }).waitFor()
  await page.getByText('Looked at pictures').first().waitFor()
  if (process.env.LOOK) {
    await page.screenshot({ path: `${process.env.LOOK}/case-shown.png`, fullPage: true })
    await person.page.goto(`${stack.url}/account/security`)
    await person.page.getByRole('heading', { name: 'Where you are signed in' }).waitFor()
    await person.page.screenshot({ path: `${process.env.LOOK}/security.png`, fullPage: true })
  }
  await page.getByRole('button', { name: 'Hide pictures' }).click()
  await front.waitFor({ state: 'detached' })
})
