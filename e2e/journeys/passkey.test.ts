import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Visitor, visit } from './browser.ts'
import { signUp } from './steps.ts'
import { startTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
let person: Visitor
beforeAll(async () => {
  stack = await startTestStack()
  person = await visit()
  const session = await person.context.newCDPSession(person.page)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
})
afterAll(async () => {
  await person?.close()
  await stack?.stop()
})

describe('a passkey', () => {
  it('is added, renamed, signs in without a name or password, answers once, and is removed', async () => {
    const { page, context } = person
    await signUp(page, stack, 'petra')
    await page.goto(`${stack.url}/account/security`)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByLabel('Your password').fill('a password of some length')
    await page.getByRole('button', { name: 'Add passkey' }).click()
    await page.getByText('not used yet').waitFor()
    await page.getByRole('button', { name: /^Rename/ }).click()
    await page.getByLabel('New name').fill('Petra’s laptop')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Remove Petra’s laptop' }).waitFor()

    await context.clearCookies()
    await page.goto(`${stack.url}/login`)
    const [request] = await Promise.all([
      page.waitForRequest((sent) => sent.url().endsWith('/v1/session/passkey')),
      page.getByRole('button', { name: 'Use a passkey' }).click(),
    ])
    await page.getByRole('heading', { name: 'Identity' }).waitFor()
    const { rows } = await stack.query(`select methods from veridoor.sessions order by created_at desc limit 1`)
    expect(rows).toEqual([{ methods: 'pop user' }])

    // What was sent once is sent again, with the same cookies: the question was answered already.
    const again = await page.request.post(`${stack.url}/v1/session/passkey`, {
      data: request.postDataJSON(),
      headers: { origin: stack.url },
    })
    expect(again.status()).toBe(401)
    expect((await again.json()).code).toBe('PASSKEY_REFUSED')

    await page.goto(`${stack.url}/account/security`)
    await page.getByText('last used').first().waitFor()
    await page.getByRole('button', { name: 'Remove Petra’s laptop' }).click()
    await page.getByRole('button', { name: 'Remove passkey' }).click()
    await page.getByRole('button', { name: 'Remove Petra’s laptop' }).waitFor({ state: 'detached' })
    await context.clearCookies()
    await page.goto(`${stack.url}/login`)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.getByRole('alert').getByText('This passkey was not accepted').waitFor()
  })
})
