import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Visitor, visit } from './browser.ts'
import { cameraClip, pictures } from './people.ts'
import { expectState, sendAndGoBack, signUp, takeSelfie } from './steps.ts'
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

/** Claims a document in the account, chooses it on the capture page and makes a specimen of it with the own camera. */
const makeSpecimen = async (type: 'ID_CARD' | 'DRIVING_LICENSE', kind: RegExp, number: string): Promise<Page> => {
  const visitor = await visit({ camera: await cameraClip(type, await pictures.selfie()) })
  visitors.push(visitor)
  const { page } = visitor
  await signUp(page, stack, type.toLowerCase().replace('_', ''))
  await page.getByLabel('ID card type').selectOption(type)
  await page.getByLabel('ID card number').fill(number)
  await page.getByLabel('Real name').fill('Maria Gómez')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Verify Identity' }).click()
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByTestId('capture-start').waitFor()
  await page.getByRole('checkbox').check()
  await page.getByTestId('capture-start').click()
  await page.getByRole('radio', { name: kind }).check()
  await page.getByTestId('choose').click()
  await page.getByTestId('open-specimen').click()
  await page.getByLabel('Given names').fill('Maria')
  await page.getByLabel('Surname').fill('Gómez')
  await page.getByLabel('Document number').fill(number)
  await page.getByRole('button', { name: 'Use the camera' }).click()
  await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0)
  await page.getByRole('button', { name: 'Take the photo' }).click()
  await page.getByRole('img', { name: 'Portrait' }).waitFor()
  await page.getByTestId('make-specimen').click()
  await page.getByTestId('use-specimen').waitFor()
  if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/specimen-${type}.png`, fullPage: true })
  expect(await page.getByRole('figure').count()).toBe(2)
  await page.getByTestId('use-specimen').click()
  await takeSelfie(page)
  return page
}

describe('a newcomer who has no document at hand', () => {
  it('makes both sides of an ID card, and is verified by the zone on its back', async () => {
    const page = await makeSpecimen('ID_CARD', /ID card/, 'K40281736')
    await sendAndGoBack(page)
    await expectState(page, 'verified')
  })

  it('makes both sides of a driving licence, and is verified by its bar code and the print of the front', async () => {
    const page = await makeSpecimen('DRIVING_LICENSE', /Driving licence/, 'D12345678')
    await sendAndGoBack(page)
    await expectState(page, 'verified')
  })
})
