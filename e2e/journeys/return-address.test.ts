import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FakeVerifier, startFakeVerifier } from '../capture/fake-verifier.ts'
import { type Visitor, visit } from './browser.ts'

/** Why somebody leaves without a result: what the page says of it, which the return address tells in Jumio's codes. */
const pages = join(import.meta.dirname, '../../web/dist/capture')
const photo = { name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('a picture, for this test') }
const errorReturn = 'https://acme.example/no?transactionStatus=ERROR&errorCode='

let person: Visitor
let fake: FakeVerifier
let page: Page
beforeAll(async () => {
  person = await visit({ language: 'en-GB' })
})
beforeEach(async () => {
  await person.context.setOffline(false)
  await page?.close()
  await fake?.close()
  page = await person.context.newPage()
})
afterAll(async () => {
  await person?.close()
  await fake?.close()
})
const open = async (change: Parameters<typeof startFakeVerifier>[1] = {}): Promise<void> => {
  fake = await startFakeVerifier(pages, {
    step: 'front',
    choice: { country: 'DEU', type: 'PASSPORT' },
    errorReturn,
    ...change,
  })
  await page.goto(`${fake.url}/capture/?authorizationToken=${fake.token}`)
}
const stop = async (): Promise<void> => {
  await page.getByRole('button', { name: 'Stop the check' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Stop the check' }).click()
}
const breakCamera = (name: string) =>
  page.addInitScript((fault) => {
    navigator.mediaDevices.getUserMedia = async () => {
      throw Object.assign(new Error('refused'), { name: fault })
    }
  }, name)

describe('whoever stops', () => {
  it.each([
    ['a camera is missing and no file is taken', 'NotFoundError', false, 'no_camera'],
    ['a browser has no camera and no file is taken', 'SecurityError', false, 'no_camera_support'],
    ['a camera is missing where a file would do', 'NotFoundError', true, null],
  ])('because %s says so', async (_name, fault, uploadAllowed, because) => {
    await breakCamera(fault)
    await open({ uploadAllowed })
    await page.getByTestId('camera-on').click()
    await page.getByTestId('camera-again').waitFor()
    await stop()
    await page.getByTestId('continue').waitFor()
    expect(fake.stoppedBecause).toBe(because)
  })

  it('a selfie from a file does where the camera does not, and only there', async () => {
    await breakCamera('NotFoundError')
    const accepted = { state: 'accepted', code: null } as const
    const sides = {
      front: accepted,
      back: { state: 'missing', code: null },
      selfie: { state: 'missing', code: null },
    } as const
    await open({ step: 'selfie', sides, selfieUpload: 'without_camera' })
    await page.getByTestId('camera-on').waitFor()
    expect(await page.getByTestId('upload-selfie').count()).toBe(0)
    await page.getByTestId('camera-on').click()
    await page.getByTestId('upload-selfie').setInputFiles(photo)
    await page.getByTestId('use-photo').click()
    await page.getByTestId('submit').waitFor()
    expect(fake.received.map(({ side }) => side)).toEqual(['selfie'])
  })

  it('without trouble says nothing, also after trouble that is over', async () => {
    await breakCamera('NotFoundError')
    await open({ uploadAllowed: false })
    await page.getByTestId('camera-on').click()
    await page.getByTestId('camera-again').waitFor()
    await page.getByRole('button', { name: 'Back', exact: true }).click()
    await page.getByTestId('camera-on').waitFor()
    await stop()
    await page.getByTestId('continue').waitFor()
    expect(fake.stoppedBecause).toBeNull()
  })

  it('because a picture is not sent says so, while the verifier takes the rest', async () => {
    await page.route('**/capture/api/pictures/**', (route) => route.abort('connectionreset'))
    await open()
    await page.getByTestId('upload-front').setInputFiles(photo)
    await page.getByTestId('use-photo').click()
    await page.getByText('The photo was not sent').waitFor()
    await stop()
    await page.getByTestId('continue').waitFor()
    expect(fake.stoppedBecause).toBe('not_sent')
  })
})

describe('a verifier that cannot be reached', () => {
  it('leaves a way back with the code of a server that does not answer, one to go on with what is there, and tries again', async () => {
    await open()
    await page.getByTestId('upload-front').setInputFiles(photo)
    await page.getByTestId('use-photo').waitFor()
    await page.route('**/capture/api/**', (route) => route.abort('connectionrefused'))
    await stop()
    expect(await page.getByTestId('leave').getAttribute('href')).toBe(`${errorReturn}9810`)
    if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/unreachable.png` })
    // The photo that nobody sent yet is still there.
    await page.getByRole('button', { name: 'Go on', exact: true }).click()
    await page.getByTestId('use-photo').waitFor()
    expect(await page.title()).toContain('Check the photo')
    await stop()
    await page.getByTestId('leave').waitFor()
    await page.unroute('**/capture/api/**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'You stopped the check' }).waitFor()
    expect(fake.received).toEqual([])
  })

  it('without a network leaves a way back with that code', async () => {
    await open()
    await page.getByTestId('camera-on').waitFor()
    await person.context.setOffline(true)
    await stop()
    expect(await page.getByTestId('leave').getAttribute('href')).toBe(`${errorReturn}9800`)
  })

  it('cannot be gone on from while leaving is tried again', async () => {
    await page.route('**/capture/api/cancel', (route) => route.abort('connectionrefused'))
    await open()
    await page.getByTestId('camera-on').waitFor()
    await stop()
    await page.getByTestId('leave').waitFor()
    await page.unroute('**/capture/api/cancel')
    let answer = (): void => {}
    const waited = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route('**/capture/api/cancel', async (route) => {
      await waited
      await route.continue()
    })
    await page.getByRole('button', { name: 'Try again' }).click()
    expect(await page.getByRole('button', { name: 'Go on', exact: true }).isDisabled()).toBe(true)
    answer()
    await page.getByRole('heading', { name: 'You stopped the check' }).waitFor()
  })

  it('watches nobody behind it: a camera that is allowed only now is let go', async () => {
    await page.addInitScript(() => {
      const canvas = document.createElement('canvas')
      canvas.getContext('2d')
      navigator.mediaDevices.getUserMedia = () =>
        new Promise((resolve) => {
          const allow = async (): Promise<string[]> => {
            const stream = canvas.captureStream(5)
            resolve(stream)
            await new Promise((later) => setTimeout(later, 500))
            return stream.getTracks().map(({ readyState }) => readyState)
          }
          Object.assign(window, { allow })
        })
    })
    await page.route('**/capture/api/cancel', (route) => route.abort('connectionrefused'))
    await open()
    await page.getByTestId('camera-on').click()
    await stop()
    await page.getByTestId('leave').waitFor()
    expect(await page.evaluate(() => (window as unknown as { allow(): Promise<string[]> }).allow())).toEqual(['ended'])
    await page.getByRole('button', { name: 'Go on', exact: true }).click()
    await page.getByTestId('camera-on').waitFor()
    expect(await page.locator('video').count()).toBe(0)
  })

  it('is nothing to tell once the check has ended by itself', async () => {
    await page.route('**/capture/api/cancel', (route) => route.abort('connectionrefused'))
    await open({ isFollowed: true })
    await page.getByTestId('camera-on').waitFor()
    await stop()
    await page.getByRole('heading', { name: 'No connection' }).waitFor()
    fake.session = { ...fake.session, ended: { how: 'timed_out', returnUrl: null } }
    await page.getByRole('heading', { name: 'The time ran out' }).waitFor()
    expect(await page.getByRole('heading', { name: 'No connection' }).count()).toBe(0)
  })
})
