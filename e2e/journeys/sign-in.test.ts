import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Visitor, visit } from './browser.ts'
import { ada, cameraClip, passportFile, pictures } from './people.ts'
import { type RelyingParty, startRelyingParty } from './relying-party.ts'
import { expectState, fillIn, sendAndGoBack, signInAsAdmin, startCheck, takeSelfie, uploadFront } from './steps.ts'
import { startTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
let party: RelyingParty
const visitors: Visitor[] = []
beforeAll(async () => {
  stack = await startTestStack()
  party = await startRelyingParty()
})
afterAll(async () => {
  for (const visitor of visitors) await visitor.close()
  await party.close()
  await stack?.stop()
})

describe('an application that lets in verified people only', () => {
  it('is set up in the console, has a newcomer verified in one journey, and learns what they agreed to', async () => {
    const admin = await visit({ wide: true })
    visitors.push(admin)
    await signInAsAdmin(admin.page, stack)
    await admin.page.goto(`${stack.url}/console/applications/app-built-in`)
    await admin.page.getByRole('textbox', { name: 'Redirect URI 1', exact: true }).fill(party.callback)
    // A new secret in the middle of typing: neither the secret nor what was typed is lost.
    await admin.page.getByRole('button', { name: 'New client secret' }).click()
    await admin.page.getByRole('dialog').getByRole('button', { name: 'Make a new secret' }).click()
    const secretBlock = admin.page.getByRole('status').locator('code').first()
    await secretBlock.waitFor()
    const clientSecret = (await secretBlock.innerText()).trim()
    await admin.page.getByRole('button', { name: 'Save changes' }).click()
    await admin.page.getByText('Saved', { exact: true }).waitFor()
    expect(await secretBlock.innerText()).toBe(clientSecret)
    await admin.page.getByRole('button', { name: 'I have copied it' }).click()
    expect(await admin.page.getByRole('textbox', { name: 'Redirect URI 1', exact: true }).inputValue()).toBe(
      party.callback,
    )
    const { clientId } = await admin.page.evaluate(
      async () => (await (await fetch('/v1/applications/app-built-in')).json()) as { clientId: string },
    )
    expect(JSON.stringify((await stack.query('select * from veridoor.audit_lines')).rows)).not.toContain(clientSecret)

    const person = await visit({ camera: await cameraClip('orders', await pictures.selfie()) })
    visitors.push(person)
    const { page } = person
    const request = { trust_framework: null, evidence: [{ type: { value: 'document' } }] }
    const claims = { userinfo: { verified_claims: { verification: request, claims: { name: { essential: true } } } } }
    await page.goto(party.beginAt({ url: stack.url, clientId, claims }))
    await page.getByRole('link', { name: 'Create account' }).click()
    await page.getByLabel('Username').fill('orders-person')
    await page.getByLabel('Email').fill('orders-person@example.com')
    await page.getByLabel('Password', { exact: true }).fill('a password of some length')
    await page.getByRole('button', { name: 'Create account' }).click()

    await page.getByRole('heading', { name: 'Verify your identity' }).waitFor()
    await page.getByRole('link', { name: 'Verify Identity' }).click()
    await fillIn(page)
    await startCheck(page)
    await uploadFront(page, await passportFile('orders', { number: ada.number }))
    await takeSelfie(page)
    await sendAndGoBack(page)
    await expectState(page, 'verified')
    await page.getByRole('button', { name: 'Go on to the application' }).click()

    await page.getByRole('heading', { name: 'Veridoor asks to know' }).waitFor()
    await page.getByLabel(/What kind of document you showed/).uncheck()
    await page.getByRole('button', { name: 'Agree and go on' }).click()
    await page.getByText('Back at Orders').waitFor()
    const back = await party.answer()
    expect(back.get('state')).toBe('here')
    const me = await party.learn({ url: stack.url, clientId, clientSecret, code: back.get('code') ?? '' })
    expect(me).toMatchObject({
      is_verified: true,
      real_name: 'Ada Lovelace',
      verified_claims: {
        verification: { trust_framework: 'veridoor_demonstration' },
        claims: { name: 'Ada Lovelace' },
      },
    })
    expect(JSON.stringify(me)).not.toContain(ada.number)
    expect(JSON.stringify(me)).not.toContain('document')
  })

  it('is told when somebody goes back without verifying', async () => {
    const { page } = visitors.at(-1) as Visitor
    const { rows } = await stack.query('select client_id from veridoor.applications')
    const clientId = rows[0].client_id as string
    await page.goto(`${stack.url}/account/identity`)
    const stranger = await visit()
    visitors.push(stranger)
    await stranger.page.goto(`${stack.url}/signup`)
    await stranger.page.getByLabel('Username').fill('shy')
    await stranger.page.getByLabel('Email').fill('shy@example.com')
    await stranger.page.getByLabel('Password', { exact: true }).fill('a password of some length')
    await stranger.page.getByRole('button', { name: 'Create account' }).click()
    await stranger.page.getByRole('heading', { name: 'Identity' }).waitFor()
    const framework = { trust_framework: null }
    const claims = { userinfo: { verified_claims: { verification: framework, claims: { name: { essential: true } } } } }
    await stranger.page.goto(party.beginAt({ url: stack.url, clientId, claims }))
    await stranger.page.getByRole('button', { name: 'Go back without verifying' }).click()
    await stranger.page.getByText('Back at Orders').waitFor()
    expect((await party.answer()).get('error')).toBe('unmet_authentication_requirements')
  })

  it('that asks wrongly is told so on a page, not by a redirect', async () => {
    const { page } = visitors.at(-1) as Visitor
    await page.goto(
      `${stack.url}/login/oauth/authorize?client_id=nobody&response_type=code&redirect_uri=https://evil.example`,
    )
    await page.getByRole('heading', { name: 'This sign-in cannot go on' }).waitFor()
    expect(new URL(page.url()).origin).toBe(stack.url)
  })
})
