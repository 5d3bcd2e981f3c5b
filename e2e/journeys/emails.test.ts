import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Visitor, visit } from './browser.ts'
import { signInAsAdmin, signUp } from './steps.ts'
import { startTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
let person: Visitor
let admin: Visitor
beforeAll(async () => {
  stack = await startTestStack()
  person = await visit()
  admin = await visit({ wide: true })
  await signInAsAdmin(admin.page, stack)
})
afterAll(async () => {
  await person?.close()
  await admin?.close()
  await stack?.stop()
})

/** The newest message of this subject to a person, as an administrator reads it on the console's page. */
const readMail = async (subject: string, to: string): Promise<string> => {
  const { page } = admin
  await page.goto(`${stack.url}/console/mail`)
  const read = page.getByRole('button', { name: `Read ${subject} to ${to}` }).first()
  for (let tries = 0; !(await read.isVisible()) && tries < 150; tries += 1) {
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.waitForTimeout(200)
  }
  await read.click()
  return page.getByTestId('mail-text').innerText()
}
const linkIn = (text: string): string => /https?:\/\/\S+#[\w-]{43}/.exec(text)?.[0] ?? ''

describe('without a mail server', () => {
  it('a person who forgot the password gets in by the link that the console shows, once', async () => {
    const { page, context } = person
    await signUp(page, stack, 'vera')
    await context.clearCookies()
    await page.goto(`${stack.url}/login`)
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await page.getByLabel('Email or username').fill('vera@example.com')
    await page.getByRole('button', { name: 'Send a link' }).click()
    await page.getByRole('heading', { name: 'Check your email' }).waitFor()

    const link = linkIn(await readMail('Choose a new password', 'vera@example.com'))
    await page.goto(link)
    await page.getByLabel('New password').fill('a newer password of hers')
    expect(page.url()).not.toContain('#')
    await page.getByRole('button', { name: 'Save password' }).click()
    await page.getByRole('heading', { name: 'Your password is changed' }).waitFor()
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.getByLabel('Email or username').fill('vera')
    await page.getByLabel('Password', { exact: true }).fill('a newer password of hers')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'Identity' }).waitFor()

    await page.goto('about:blank')
    await page.goto(link)
    await page.getByLabel('New password').fill('a third password of hers')
    await page.getByRole('button', { name: 'Save password' }).click()
    await page.getByRole('heading', { name: 'This link no longer works' }).waitFor()
  })

  it('the address is confirmed by a press on the page that the message leads to', async () => {
    const { page } = person
    await page.goto(`${stack.url}/account`)
    await page.getByText('This address is confirmed.').waitFor()
    await page.getByLabel('Email').fill('vera-new@example.com')
    await page.getByLabel('Your password').fill('a newer password of hers')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('This address is not confirmed yet').waitFor()
    await page.goto(linkIn(await readMail('Confirm your email address', 'vera-new@example.com')))
    await page.getByRole('button', { name: 'Confirm this address' }).click()
    await page.getByRole('heading', { name: 'Your email address is confirmed' }).waitFor()
    await page.getByRole('link', { name: 'Go to your account' }).click()
    await page.getByText('This address is confirmed.').waitFor()
    expect(await readMail('Your email address was changed', 'vera@example.com')).not.toContain('vera-new')
  })

  it('where the application offers it, a code from a message signs in', async () => {
    await admin.page.goto(`${stack.url}/console/applications/app-built-in`)
    await admin.page.getByLabel('Sign in with a code by email').check({ force: true })
    await admin.page.getByRole('button', { name: 'Save changes' }).click()
    await admin.page.getByText('Saved').waitFor()
    const { page, context } = person
    await context.clearCookies()
    await page.goto(`${stack.url}/login`)
    await page.getByRole('button', { name: 'Use a code by email' }).click()
    await page.getByLabel('Email or username').fill('vera')
    await page.getByRole('button', { name: 'Email me a code' }).click()
    await page.getByText('If an account fits, we sent a code').waitFor()
    const code = /^\s*(\d{6})$/m.exec(await readMail('Your code to sign in', 'vera-new@example.com'))?.[1] ?? ''
    await page.getByLabel('Code from the email').fill('000000' === code ? '000001' : '000000')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('alert').getByText('Wrong code').waitFor()
    await page.getByLabel('Code from the email').fill(code)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'Identity' }).waitFor()
    const { rows } = await stack.query(`select methods from veridoor.sessions order by created_at desc limit 1`)
    expect(rows).toEqual([{ methods: 'otp' }])
  })
})
