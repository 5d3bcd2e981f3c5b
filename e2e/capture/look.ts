import { strict as assert } from 'node:assert'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { startFakeVerifier } from './fake-verifier.ts'

// Walks through the built page in a real browser with a fake camera: node e2e/capture/look.ts [folder for pictures]
const pictures = process.argv[2]
const pages = join(import.meta.dirname, '../../web/dist/capture')
const profile = mkdtempSync(join(tmpdir(), 'veridoor-capture-'))
const flags =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --use-fake-ui-for-media-stream --use-fake-device-for-media-stream'
const fake = await startFakeVerifier(pages, { movement: { required: true, triesLeft: 3 } })
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  headless: true,
  viewport: process.env.WIDE ? { width: 1440, height: 900 } : { width: 390, height: 844 },
  args: flags.split(' '),
})
try {
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(30_000)
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  const shot = async (name: string): Promise<void> => {
    const { scrollWidth, width } = await page.evaluate(() => ({
      scrollWidth: document.documentElement.scrollWidth,
      width: innerWidth,
    }))
    assert.ok(scrollWidth <= width, `${name} scrolls sideways: ${scrollWidth} > ${width}`)
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) })
  }

  await page.goto(`${fake.url}/capture/?authorizationToken=${fake.token}&locale=en`)
  await page.getByTestId('capture-start').waitFor()
  assert.ok(!page.url().includes(fake.token), 'the key stays in the address')
  await page.getByTestId('capture-start').click()
  await page.getByRole('alert').waitFor()
  await shot('1-start')
  await page.getByRole('checkbox').check()
  await page.getByTestId('capture-start').click()

  const country = page.getByRole('combobox', { name: 'Issued by' })
  await country.click()
  await country.fill('deutsch')
  await shot('2-search')
  await page.keyboard.press('Enter')
  await page.getByText('Personalausweis').click()
  await shot('2-choice')
  await page.getByTestId('choose').click()

  const takePhoto = async (name: string): Promise<void> => {
    await page.getByTestId('camera-on').click()
    await page.getByTestId('shutter').waitFor()
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0)
    await page.waitForTimeout(600)
    await shot(`4-${name}`)
    await page.getByTestId('shutter').click()
    await page.getByTestId('use-photo').waitFor()
    await page.waitForTimeout(200)
    await shot(`5-${name}`)
    await page.getByTestId('use-photo').click()
  }
  await page.getByRole('heading', { name: 'Front of your ID card' }).waitFor()
  assert.equal(await page.title(), 'Front of your ID card, step 2 of 6 – Acme')
  await shot('3-front')
  fake.refuse = ['photo_glare']
  await takePhoto('front')
  await page.getByRole('heading', { name: 'The photo has glare' }).waitFor()
  await page.getByText('3 tries left in this check').waitFor()
  await shot('6-refused')
  fake.refuse = ['FILE_NOT_USABLE']
  await page
    .getByTestId('upload-front')
    .setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no') })
  await page.getByTestId('use-photo').click()
  await page.getByText('We cannot open this file').waitFor()
  await shot('6-file')
  await page.getByTestId('retake').click()
  await takePhoto('front')
  await page.getByRole('heading', { name: 'Back of your ID card' }).waitFor()
  await takePhoto('back')
  await page.getByRole('heading', { name: 'Take a selfie' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'Take a selfie' }).waitFor()
  assert.equal(
    await page.getByTestId('upload-selfie').count(),
    0,
    'a selfie may be uploaded only where the session says so',
  )
  await shot('7-selfie')
  await takePhoto('selfie')
  await page.getByRole('heading', { name: 'Short movement check' }).waitFor()
  await shot('7-movement')
  fake.judged = [{ why: 'not_seen', movement: 'turn_left' }]
  await page.getByTestId('movement-start').click()
  await page.locator('[data-now="turn_left"]').waitFor()
  await shot('7-movement-left')
  await page.getByTestId('movement-reason').getByText('Turn your head to your left').waitFor()
  await page.getByText('2 tries left in this check').waitFor()
  await shot('7-movement-failed')
  await page.getByTestId('more-time').click()
  await page.locator('[data-now="turn_left"]').waitFor()
  // Another program takes the camera in the middle: said so, with a way on.
  await page.evaluate(() => {
    const stream = document.querySelector('video')?.srcObject as MediaStream
    for (const track of stream.getVideoTracks()) track.dispatchEvent(new Event('ended'))
  })
  await page.getByText('The camera stopped.').waitFor()
  await shot('7-movement-stopped')
  await page.getByTestId('move-again').click()
  await page.getByTestId('submit').waitFor()
  await shot('8-submit')
  fake.retakeAfter = { side: 'front', code: 'document_expired' }
  await page.getByTestId('submit').click()
  await page.getByTestId('retake-reason').waitFor()
  assert.equal(await page.getByTestId('retake-reason').getByText('{').count(), 0)
  await shot('9-retake')
  await page.getByTestId('retake').click()
  await page.getByTestId('shutter').click()
  await page.getByTestId('use-photo').click()
  await page.getByTestId('submit').click()
  await page.getByTestId('continue').waitFor()
  await shot('10-ended')
  await page.getByRole('combobox', { name: 'Language' }).selectOption('de')
  await page.getByText('Ihre Fotos sind geprüft').waitFor()
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'de')
  await page.getByRole('combobox', { name: 'Sprache' }).selectOption('en')
  fake.codeFault = { status: 410, code: 'CODE_EXPIRED' }
  await page.goto(`${fake.url}/capture/#BBBB-CCCC-DDDD`)
  await page.getByRole('heading', { name: 'This code is too old' }).waitFor()
  await shot('11-code')
  assert.deepEqual(
    fake.received.map(({ side }) => side),
    ['front', 'front', 'front', 'back', 'selfie', 'front'],
  )
  assert.ok(fake.received.every(({ type }) => type === 'image/jpeg'))

  const refused = faults.filter((text) => !/422|410/.test(text))
  assert.deepEqual(refused, [], 'faults in the console')
  console.log('The page works from the agreement to the end.')
} finally {
  await context.close()
  await fake.close()
  rmSync(profile, { recursive: true, force: true })
}
