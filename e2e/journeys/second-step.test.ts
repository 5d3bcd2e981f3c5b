import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Visitor, visit } from './browser.ts'
import { signUp } from './steps.ts'
import { startTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
let person: Visitor
beforeAll(async () => {
  stack = await startTestStack()
  person = await visit()
})
afterAll(async () => {
  await person?.close()
  await stack?.stop()
})

const password = 'a password of some length'
const fillSignIn = async (): Promise<void> => {
  const { page } = person
  await page.goto(`${stack.url}/login`)
  await page.getByLabel('Email or username').fill('tilda')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

describe('a person', () => {
  it('sets up an authenticator app, signs out everywhere, and gets in with a code, then with a recovery code', async () => {
    const { page } = person
    await signUp(page, stack, 'tilda')
    await page.goto(`${stack.url}/account/security`)
    await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
    await page.getByLabel('Your password').fill(password)
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor()
    const secret = (await page.getByTestId('app-secret').innerText()).replaceAll(' ', '')
    const app = new TOTP({ secret })
    await page.getByLabel('Code from the app').fill(app.generate())
    await page.getByRole('button', { name: 'Turn on' }).click()
    const codes = (await page.getByTestId('recovery-codes').innerText()).split(/\s+/)
    expect(codes).toHaveLength(10)
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByText('10 of 10 recovery codes').waitFor()
    await page.getByText('· this device').waitFor()

    await page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.getByLabel('Email or username').waitFor()
    await fillSignIn()
    const code = page.getByLabel('Code from your authenticator app')
    // The step of the code that turned it on was used; the next one is a neighbour that counts too.
    await code.fill(app.generate({ timestamp: Date.now() + 30_000 }))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Identity' }).waitFor()

    await person.context.clearCookies()
    await fillSignIn()
    await code.fill('000000')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('Wrong code').waitFor()
    await code.fill(codes[0] ?? '')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Identity' }).waitFor()
    await page.goto(`${stack.url}/account/security`)
    await page.getByText('9 of 10 recovery codes').waitFor()
  })
})
