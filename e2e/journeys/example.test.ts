import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Visitor, visit } from './browser.ts'
import { ada, cameraClip, passportFile, pictures } from './people.ts'
import { expectState, fillIn, sendAndGoBack, startCheck, takeSelfie, uploadFront } from './steps.ts'
import { ADMIN_PASSWORD, freePort, startTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
let example: ChildProcess
let home = ''
const visitors: Visitor[] = []

beforeAll(async () => {
  stack = await startTestStack()
  const port = await freePort()
  home = `http://127.0.0.1:${port}`
  const call = async (method: string, path: string, body?: unknown, cookie = ''): Promise<Response> =>
    fetch(`${stack.url}/v1${path}`, {
      method,
      headers: { ...(body ? { 'content-type': 'application/json' } : {}), origin: stack.url, cookie },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  const signedIn = await call('POST', '/session', { username: 'admin', password: ADMIN_PASSWORD })
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const path = '/applications/app-built-in'
  const app = (await (await call('GET', path, undefined, cookie)).json()) as { clientId: string }
  const saved = await call('PUT', path, { ...app, redirectUris: [`${home}/callback`] }, cookie)
  expect(saved.status).toBe(200)
  const { clientSecret } = (await (await call('POST', `${path}/secret`, undefined, cookie)).json()) as {
    clientSecret: string
  }
  expect(clientSecret).toMatch(/^[\w-]{43}$/)
  example = spawn(process.execPath, ['examples/src/relying-party.ts'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: {
      ...process.env,
      ISSUER: stack.url,
      CLIENT_ID: app.clientId,
      CLIENT_SECRET: clientSecret,
      PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(example.stdout as NonNullable<ChildProcess['stdout']>, 'data')
})
afterAll(async () => {
  for (const visitor of visitors) await visitor.close()
  example?.kill()
  await stack?.stop()
})

it('the example signs somebody in, and later learns their verified name in one journey', async () => {
  const person = await visit({ camera: await cameraClip('example', await pictures.selfie()) })
  visitors.push(person)
  const { page } = person
  await page.goto(home)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Create account' }).click()
  await page.getByLabel('Username').fill('example-person')
  await page.getByLabel('Email').fill('example-person@example.com')
  await page.getByLabel('Password', { exact: true }).fill('a password of some length')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('heading', { name: 'Orders' }).waitFor()
  expect(await page.locator('body').innerText()).toContain('Not verified for this application')
  expect(await page.getByText(/^Signed in as/).innerText()).toContain('example-person')

  await page.goto(`${home}/verify`)
  await page.getByRole('button', { name: 'Go back without verifying' }).click()
  await page.getByText('Not signed in: unmet_authentication_requirements').waitFor()

  await page.goto(`${home}/verify`)
  await page.getByRole('heading', { name: 'Verify your identity' }).waitFor()
  await page.getByRole('link', { name: 'Verify Identity' }).click()
  await fillIn(page)
  await startCheck(page)
  await uploadFront(page, await passportFile('example', { number: ada.number }))
  await takeSelfie(page)
  await sendAndGoBack(page)
  await expectState(page, 'verified')
  await page.getByRole('button', { name: 'Go on to the application' }).click()
  await page.getByRole('button', { name: 'Agree and go on' }).click()
  await page.getByText('Verified as Ada Lovelace (veridoor_demonstration)').waitFor()
  expect(await page.content()).not.toContain(ada.number)
})

it('an answer that this browser did not ask for is refused', async () => {
  const answer = await fetch(`${home}/callback?code=stolen&state=guessed`)
  expect(answer.status).toBe(400)
})
