import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Visitor, visit } from './browser.ts'
import { cameraClip, passportFile, pictures } from './people.ts'
import { expectState, fillIn, signUp, takeSelfie, uploadFront } from './steps.ts'
import { startTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
let computer: Visitor
let phone: Visitor
let other: Visitor
beforeAll(async () => {
  stack = await startTestStack()
  computer = await visit({ wide: true })
  phone = await visit({ camera: await cameraClip('hand-over', await pictures.selfie()) })
  other = await visit()
})
afterAll(async () => {
  for (const visitor of [computer, phone, other]) await visitor?.close()
  await stack?.stop()
})

const look = async (page: Page, name: string): Promise<void> => {
  if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/${name}.png` })
}
/** Begins a check on the computer; the address that the platform sent it to. */
const begin = async (name: string): Promise<string> => {
  const { page } = computer
  await signUp(page, stack, name)
  await fillIn(page)
  await page.getByRole('button', { name: 'Verify Identity' }).click()
  const opening = page.waitForRequest(/authorizationToken=/)
  await page.getByRole('button', { name: 'Start' }).click()
  const link = (await opening).url()
  await page.getByTestId('capture-start').waitFor()
  return link
}
const showCode = async (): Promise<{ address: string; match: string }> => {
  const { page } = computer
  await page.getByTestId('other-device').click()
  await page.getByRole('img', { name: 'Code to scan with your other device' }).waitFor()
  return {
    address: `http://${await page.getByTestId('hand-over-address').innerText()}`,
    match: await page.getByTestId('match').innerText(),
  }
}

describe('one device at a time', () => {
  let code = { address: '', match: '' }

  it('leaves no token in address, history or referrer, and tells a second device where the check is open', async () => {
    const { page, context } = computer
    const link = await begin('computer')
    const token = new URL(link).searchParams.get('authorizationToken') ?? ''
    expect(token.length).toBeGreaterThan(40)
    expect(page.url()).not.toContain(token)
    const [held] = (await context.cookies(`${stack.verifierUrl}/capture/api/session`)).filter(({ name }) =>
      name.startsWith('capture_'),
    )
    expect(held).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/capture/api' })
    const left = await page.evaluate(() => ({
      seen: document.referrer + document.cookie + JSON.stringify({ ...sessionStorage, ...localStorage }),
      requests: performance.getEntriesByType('resource').map((entry) => entry.name),
    }))
    expect(JSON.stringify(left)).not.toContain(token)
    expect(left.seen).not.toContain(held?.value)

    await other.page.goto(link)
    await other.page.getByRole('heading', { name: 'This check is open on another device' }).waitFor()
    expect(other.page.url()).not.toContain(token)
    await look(other.page, 'elsewhere-390')
  })

  it('goes on by the key of the device after the tab was closed', async () => {
    await computer.page.getByRole('checkbox').check()
    await computer.page.getByTestId('capture-start').click()
    await computer.page.getByTestId('choose').waitFor()
    const reopened = await computer.context.newPage()
    await reopened.goto(`${stack.verifierUrl}/capture/`)
    await reopened.getByTestId('choose').waitFor()
    expect(await reopened.getByTestId('capture-start').count()).toBe(0)
    await reopened.close()
  })

  it('is handed to the phone by a code, after both screens showed one number', async () => {
    await computer.page.getByTestId('choose').click()
    await computer.page.getByTestId('upload-front').waitFor({ state: 'attached' })
    code = await showCode()
    expect(code.address).toContain('#')
    await look(computer.page, 'hand-over-1440')
    await phone.page.goto(code.address)
    await phone.page.getByTestId('take-over').waitFor()
    expect(await phone.page.getByTestId('match').innerText()).toBe(code.match)
    expect(phone.page.url()).not.toContain('#')
    await look(phone.page, 'take-390')
    await phone.page.getByTestId('take-over').click()
    await phone.page.getByRole('heading', { name: 'Photo page of your passport' }).waitFor()
    await computer.page.getByTestId('take-back').waitFor()
    await look(computer.page, 'following-1440')
  })

  it('refuses the code to a second phone, and one that was made up', async () => {
    await other.page.goto(code.address)
    await other.page.getByRole('heading', { name: 'This code was already used' }).waitFor()
    await look(other.page, 'used-390')
    await other.page.goto(`${stack.verifierUrl}/capture/#BBBB-CCCC-DDDD`)
    await other.page.getByRole('heading', { name: 'This code does not work' }).waitFor()
    expect(await other.page.getByTestId('take-over').count()).toBe(0)
  })

  it('lets the phone finish while the computer follows, and the person goes on at the computer', async () => {
    await uploadFront(phone.page, await passportFile('hand-over'))
    await computer.page.getByTestId('follow-step').getByText('Take a selfie').waitFor()
    await takeSelfie(phone.page)
    await phone.page.getByTestId('submit').click()
    await phone.page.getByText('Go back to the device where you began').waitFor({ timeout: 60_000 })
    expect(await phone.page.getByTestId('continue').count()).toBe(0)
    await look(phone.page, 'ended-390')
    await computer.page.getByTestId('continue').waitFor()
    await look(computer.page, 'ended-1440')
    await computer.page.getByTestId('continue').click()
    await computer.page.getByRole('heading', { name: 'Identity' }).waitFor()
    await expectState(computer.page, 'verified')
  })
})

describe('a hand-over that is not wanted any more', () => {
  it('is taken back on the computer; the phone is told, and a code from before is good for nothing', async () => {
    await computer.context.clearCookies()
    await begin('again')
    const old = await showCode()
    await computer.page.getByTestId('go-on-here').click()
    await computer.page.getByTestId('capture-start').waitFor()
    await other.page.goto(old.address)
    await other.page.getByRole('heading', { name: 'This code does not work' }).waitFor()
    const { address } = await showCode()
    await phone.page.goto(address)
    await phone.page.getByTestId('take-over').click()
    await phone.page.getByTestId('capture-start').waitFor()
    await computer.page.getByTestId('take-back').click()
    await computer.page.getByTestId('capture-start').waitFor()
    await phone.page.getByRole('heading', { name: 'This check is open on another device' }).waitFor()
    await computer.page.getByRole('checkbox').check()
    await computer.page.getByTestId('capture-start').click()
    await computer.page.getByTestId('choose').waitFor()
    expect(await phone.page.getByTestId('capture-start').count()).toBe(0)
  })
})
