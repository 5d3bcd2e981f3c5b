import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Visitor, visit } from './browser.ts'
import { startCasdoorPage } from './casdoor-page.ts'
import { signInAsAdmin } from './steps.ts'
import { startTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
let shop: Awaited<ReturnType<typeof startCasdoorPage>>
const visitors: Visitor[] = []
beforeAll(async () => {
  stack = await startTestStack()
  shop = await startCasdoorPage()
})
afterAll(async () => {
  for (const visitor of visitors) await visitor.close()
  await shop.close()
  await stack?.stop()
})

describe('a page with Casdoor’s package for browsers', () => {
  it('signs a newcomer in across origins without a secret, and reads token, userinfo and a renewed token', async () => {
    const admin = await visit({ wide: true })
    visitors.push(admin)
    await signInAsAdmin(admin.page, stack)
    const clientId = await admin.page.evaluate(async (callback) => {
      const answer = await fetch('/v1/applications', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          organization: 'built-in',
          name: 'shop',
          displayName: 'Shop',
          redirectUris: [callback],
          isPublic: true,
          enableSignUp: true,
          providers: [],
        }),
      })
      return ((await answer.json()) as { clientId: string }).clientId
    }, `${shop.address}/callback`)
    shop.configure({ serverUrl: stack.url, clientId })

    const person = await visit()
    visitors.push(person)
    const { page } = person
    await page.goto(shop.address)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: 'Create account' }).click()
    await page.getByLabel('Username').fill('shopper')
    await page.getByLabel('Email').fill('shopper@example.com')
    await page.getByLabel('Password', { exact: true }).fill('a password of some length')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.waitForURL(`${shop.address}/callback?**`)
    const shown = page.locator('pre')
    await expect.poll(async () => (await shown.textContent()) ?? '').toContain('{')
    const learned = JSON.parse((await shown.textContent()) ?? '')
    expect(learned.told).toMatchObject({
      header: { alg: 'RS256' },
      payload: { owner: 'built-in', name: 'shopper', aud: [clientId], iss: stack.url, isVerified: false },
    })
    expect(learned.me).toMatchObject({ sub: learned.told.payload.sub, preferred_username: 'shopper' })
    expect(learned.again).toMatchObject({ sub: learned.told.payload.sub, name: 'shopper' })
  })
})
