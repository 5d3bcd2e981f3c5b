import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Visitor, visit } from './browser.ts'
import { ada, cameraClip, cardFiles, pictures } from './people.ts'
import { expectState, sendAndGoBack, signInAsAdmin, signUp, takeSelfie } from './steps.ts'
import { startTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
const visitors: Visitor[] = []
const newVisitor = async (options: Parameters<typeof visit>[0] = {}) => {
  const visitor = await visit(options)
  visitors.push(visitor)
  return visitor
}
beforeAll(async () => {
  stack = await startTestStack()
})
afterAll(async () => {
  for (const visitor of visitors) await visitor.close()
  await stack?.stop()
})

/** Signs up, claims an ID card and goes up to the capture page's first picture. */
const begin = async (name: string, number: string): Promise<Page> => {
  const { page } = await newVisitor({ camera: await cameraClip(name, await pictures.selfie()) })
  await signUp(page, stack, name)
  await page.getByLabel('ID card type').selectOption('ID_CARD')
  await page.getByLabel('ID card number').fill(number)
  await page.getByLabel('Real name').fill(`${ada.givenNames} ${ada.surname}`)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Verify Identity' }).click()
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByTestId('capture-start').waitFor()
  await page.getByRole('checkbox').check()
  await page.getByTestId('capture-start').click()
  await page.getByRole('radio', { name: /ID card/ }).check()
  await page.getByTestId('choose').click()
  return page
}
const upload = async (page: Page, side: 'front' | 'back', file: string): Promise<void> => {
  await page.getByTestId(`upload-${side}`).setInputFiles(file)
  await page.getByTestId('use-photo').click()
}
const verifiedAt = async (name: string): Promise<unknown> => {
  const { rows } = await stack.query('select verified_at from veridoor.users where name = $1', [name])
  return rows[0].verified_at
}

describe('a person with an ID card', () => {
  it('shows both sides and a face, and lands verified by the zone on the back and the portrait in front', async () => {
    const number = 'K40281736'
    const files = await cardFiles('card', { number })
    const page = await begin('cardholder', number)
    await upload(page, 'front', files.front)
    await upload(page, 'back', files.back)
    await takeSelfie(page)
    await sendAndGoBack(page)
    await expectState(page, 'verified')
    expect(await page.getByText('Sealed: nobody can change these').count()).toBe(1)
    expect(await verifiedAt('cardholder')).not.toBeNull()

    const admin = await newVisitor({ wide: true })
    await signInAsAdmin(admin.page, stack)
    const identity = await admin.page.evaluate(async () => {
      const read = (await (await fetch('/v1/users/built-in/cardholder')).json()) as {
        identity: { documentType: string }
      }
      return read.identity
    })
    expect(identity.documentType).toBe('ID_CARD')
  })

  it('whose back is another person’s goes to a reviewer, sealed by nothing', async () => {
    const number = 'K40281744'
    const own = await cardFiles('own', { number })
    const other = await cardFiles('other', {
      number: 'M55518203',
      surname: 'Hopper',
      givenNames: 'Grace',
      dateOfBirth: '1966-12-09',
    })
    const page = await begin('twocards', number)
    await upload(page, 'front', own.front)
    await upload(page, 'back', other.back)
    await takeSelfie(page)
    await sendAndGoBack(page)
    await expectState(page, 'review')
    expect(await verifiedAt('twocards')).toBeNull()
  })

  it('without an MRZ is never verified by machine', async () => {
    const number = 'K40281752'
    const files = await cardFiles('plain', { number }, 'id-card-without-zone')
    const page = await begin('plaincard', number)
    await upload(page, 'front', files.front)
    await upload(page, 'back', files.back)
    await takeSelfie(page)
    await sendAndGoBack(page)
    await expectState(page, 'review')
    expect(await verifiedAt('plaincard')).toBeNull()
  })
})
