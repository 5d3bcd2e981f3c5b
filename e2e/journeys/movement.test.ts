import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest'
import { actorScript } from './actor.ts'
import { type Visitor, visit } from './browser.ts'
import { passportFile, pictures } from './people.ts'
import {
  expectState,
  fillIn,
  passMovements,
  sendAndGoBack,
  signInAsAdmin,
  signUp,
  startCheck,
  takeSelfie,
  uploadFront,
} from './steps.ts'
import { startTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
const visitors: Visitor[] = []
const newVisitor = async (options: Parameters<typeof visit>[0] = {}) => {
  const visitor = await visit(options)
  visitors.push(visitor)
  return visitor
}
beforeAll(async () => {
  // As "npm start" does it: the movement check is required.
  stack = await startTestStack({ VERIFIER_LIVENESS: '' })
})
afterAll(async () => {
  for (const visitor of visitors) await visitor.close()
  await stack?.stop()
})

beforeEach(() => {
  // Why it did not pass: the judge's words, and how long the machine took.
  onTestFailed(() => {
    const lines = readFileSync(join(stack.dataFolder, 'logs', 'verifier.log'), 'utf8').split('\n')
    console.log(lines.filter((line) => line.includes('"movement.')).join('\n'))
  })
})

describe('a person who does the movements that the page asks for', () => {
  it('is verified, and the console shows that liveness passed', async () => {
    const { page } = await newVisitor({ actor: await actorScript(await pictures.selfie()) })
    await signUp(page, stack, 'ada')
    await fillIn(page)
    await startCheck(page)
    await uploadFront(page, await passportFile('movement'))
    await takeSelfie(page)
    if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/movement-start.png` })
    const done = passMovements(page)
    for (let shot = 0; process.env.LOOK && shot < 8; shot += 1) {
      await page.waitForTimeout(2_000)
      await page.screenshot({ path: `${process.env.LOOK}/movement-${shot}.png` })
    }
    await done
    await sendAndGoBack(page)
    await expectState(page, 'verified')

    const admin = await newVisitor({ wide: true })
    await signInAsAdmin(admin.page, stack)
    await admin.page.goto(`${stack.url}/console/verifications`)
    await admin.page.locator('tbody a').first().click()
    await admin.page.getByRole('heading', { name: 'Timeline' }).waitFor()
    if (process.env.LOOK) await admin.page.screenshot({ path: `${process.env.LOOK}/movement-case.png`, fullPage: true })
    expect(await admin.page.getByRole('row', { name: 'Selfie was taken live ✓ Passed' }).count()).toBe(1)
  })

  it('is verified as a newcomer with a specimen made by the own camera', async () => {
    const { page } = await newVisitor({ actor: await actorScript(await pictures.selfie()) })
    await signUp(page, stack, 'newcomer')
    await fillIn(page, { realName: 'Maria Gómez', number: 'S99999999' })
    await startCheck(page)
    await page.getByTestId('open-specimen').click()
    await page.getByLabel('Given names').fill('Maria')
    await page.getByLabel('Surname').fill('Gómez')
    await page.getByLabel('Document number').fill('S99999999')
    await page.getByRole('button', { name: 'Use the camera' }).click()
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0)
    await page.getByRole('button', { name: 'Take the photo' }).click()
    await page.getByRole('img', { name: 'Portrait' }).waitFor()
    await page.getByTestId('make-specimen').click()
    await page.getByTestId('use-specimen').click()
    await takeSelfie(page)
    await passMovements(page)
    await sendAndGoBack(page)
    await expectState(page, 'verified')
  })
})
