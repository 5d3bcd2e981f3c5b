import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Visitor, visit } from './browser.ts'
import { fillIn, signInAsAdmin, signUp, startCheck } from './steps.ts'
import { startTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
let admin: Visitor
let person: Visitor
let receiver: Server
const received: { headers: IncomingHttpHeaders; body: string }[] = []

beforeAll(async () => {
  stack = await startTestStack()
  admin = await visit({ wide: true })
  person = await visit()
  receiver = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    received.push({ headers: request.headers, body })
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await admin?.close()
  await person?.close()
  receiver?.close()
  await stack?.stop()
})

it('an endpoint added in the console is told of a check, with a signature anyone can compute, and can be sent to again', async () => {
  const { page } = admin
  await signInAsAdmin(page, stack)
  await page.getByRole('link', { name: 'Webhooks' }).click()
  await page.getByRole('button', { name: 'Add endpoint' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Address').fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`)
  await dialog.getByRole('button', { name: 'Add endpoint' }).click()
  const secret = (await page.getByText(/^whsec_/).textContent()) ?? ''
  await page.reload()
  await page.getByRole('button', { name: 'Edit' }).waitFor()
  expect(await page.getByText(/^whsec_/).count()).toBe(0)

  await signUp(person.page, stack, 'hooked')
  await fillIn(person.page)
  await startCheck(person.page)
  await expect
    .poll(() => received.map((one) => JSON.parse(one.body).type).sort(), { timeout: 15_000 })
    .toEqual(['verification.created', 'verification.waiting'])
  for (const { headers, body } of received) {
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
  }

  // Its answers came to the receiver first, and then to the list, which is read once.
  await expect
    .poll(
      async () => (await stack.query("select 1 from veridoor.webhook_deliveries where state = 'delivered'")).rowCount,
    )
    .toBe(2)
  await page.getByRole('button', { name: 'Show' }).click()
  await page.getByText('Delivered').first().waitFor()
  await page.getByRole('button', { name: 'Send again' }).first().click()
  await expect.poll(() => received.length, { timeout: 15_000 }).toBe(3)
  expect(received.slice(0, 2).map((one) => one.headers['webhook-id'])).toContain(received[2]?.headers['webhook-id'])
})
