import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { actorScript, filmClip } from './actor.ts'
import { type Visitor, visit } from './browser.ts'
import { cameraClip, passportFile, pictures } from './people.ts'
import {
  doMovements,
  expectState,
  fillIn,
  goBack,
  passMovements,
  signUp,
  startCheck,
  takeSelfie,
  uploadFront,
} from './steps.ts'
import { startTestStack, type TestStack } from './test-stack.ts'

// What is fed in place of a person. Each of them shows the right document and the right face; none may be approved.
let stack: TestStack
let passport: string
let visitor: Visitor | undefined
beforeAll(async () => {
  stack = await startTestStack({ VERIFIER_LIVENESS: 'required' })
  passport = await passportFile('attacked')
})
afterEach(async () => {
  await visitor?.close()
  visitor = undefined
})
afterAll(() => stack?.stop())

/** Signs up, shows document and face, and stands before the movement check. */
const toMovements = async (name: string, options: Parameters<typeof visit>[0]) => {
  visitor = await visit(options)
  const { page } = visitor
  await signUp(page, stack, name)
  await fillIn(page)
  await startCheck(page)
  await uploadFront(page, passport)
  await takeSelfie(page)
  await page.getByTestId('movement-start').waitFor()
  return { page, capture: captureOf(page) }
}
const neverApproved = async (name: string): Promise<void> => {
  const { rows } = await stack.query('select verified_at from veridoor.users where name = $1', [name])
  expect(rows).toEqual([{ verified_at: null }])
}
/** One set of movements that is refused; nothing may be handed in after it. */
const refused = async (page: Visitor['page']): Promise<string> => {
  await doMovements(page)
  expect(await page.getByTestId('submit').count()).toBe(0)
  return page.getByTestId('movement-reason').innerText()
}

type Capture = <T>(method: string, path: string, body?: Uint8Array | object) => Promise<{ status: number; json: T }>
/** The capture API without the page's own code: as a program uses it that has the device's key. */
const captureOf =
  (page: Visitor['page']): Capture =>
  async (method, path, body) => {
    const isBytes = body instanceof Uint8Array
    const check = (await page.evaluate(() => sessionStorage.getItem('veridoor-capture-check'))) ?? ''
    const answer = await page.request.fetch(`${stack.verifierUrl}/capture/api${path}`, {
      method,
      headers: { 'x-capture-session': check, 'content-type': isBytes ? 'image/jpeg' : 'application/json' },
      data: isBytes ? Buffer.from(body) : JSON.stringify(body ?? {}),
    })
    return { status: answer.status(), json: await answer.json() }
  }

/** Runs in the page: keeps a copy of every frame that is sent. */
const record = (): void => {
  const recorded: string[] = []
  Object.assign(window, { recorded })
  const send = window.fetch.bind(window)
  window.fetch = async (input, init) => {
    if (String(input).includes('/frames/') && init?.body instanceof Blob) {
      // Another try begins anew: only the frames of the pass count.
      if (String(input).endsWith('/frames/0')) recorded.length = 0
      const bytes = new Uint8Array(await init.body.arrayBuffer())
      recorded.push(btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), '')))
    }
    return send(input, init)
  }
}

type Told = { id: string; step: number; movement: string }
type Frame = { done: boolean; challenge: Told; code?: string }

describe('in front of the camera', () => {
  it('a still picture fails three times, and then it is decided', async () => {
    const { page } = await toMovements('still', { camera: await cameraClip('still', await pictures.selfie()) })
    await refused(page)
    // A set that our own machine was late for costs no try, so there may be more than three.
    let sets = 1
    for (; !(await page.getByTestId('continue').isVisible()); sets += 1) {
      expect(sets, 'sets of movements without an end').toBeLessThan(6)
      await page.getByTestId('move-again').click()
      await page.getByTestId('moving').waitFor()
      await page.getByTestId('movement-reason').or(page.getByTestId('continue')).first().waitFor({ timeout: 90_000 })
    }
    expect(sets).toBeGreaterThanOrEqual(3)
    await goBack(page)
    await expectState(page, 'rejected')
    await neverApproved('still')
  }, 400_000)

  it('a recording of an earlier pass, in a loop, fails', async () => {
    const camera = await filmClip('recording', await pictures.selfie(), [
      'turn_left',
      'look_up',
      'turn_right',
      'look_down',
    ])
    const { page } = await toMovements('recording', { camera })
    await refused(page)
    await neverApproved('recording')
  })

  it('a film of the right face that does other movements fails', async () => {
    const { page } = await toMovements('other-moves', { actor: await actorScript(await pictures.selfie(), 'opposite') })
    await refused(page)
    await neverApproved('other-moves')
  })

  it('another person who does everything right, after the selfie, fails', async () => {
    const { page } = await toMovements('other-face', {
      actor: await actorScript(await pictures.otherSelfie(), 'obeys', await pictures.selfie()),
    })
    await refused(page)
    await neverApproved('other-face')
  })
})

describe('in place of the page', () => {
  it('the pictures of a pass, sent to another challenge, fail, in whatever order', async () => {
    const movements: string[] = []
    visitor = await visit({ actor: `${await actorScript(await pictures.selfie())};\n(${record.toString()})()` })
    const { page } = visitor
    page.on('response', async (response) => {
      if (!response.url().includes('/frames/')) return
      const { challenge } = (await response.json().catch(() => ({ challenge: null }))) as { challenge: Told | null }
      if (challenge) movements[challenge.step] = challenge.movement
    })
    await signUp(page, stack, 'replayed')
    await fillIn(page)
    await startCheck(page)
    await uploadFront(page, passport)
    await takeSelfie(page)
    await passMovements(page)
    expect(await page.getByTestId('submit').count()).toBe(1)
    const recorded = await page.evaluate(() => (window as unknown as { recorded: string[] }).recorded)
    const frames = recorded.map((frame) => Buffer.from(frame, 'base64'))
    expect(frames.length).toBeGreaterThan(20)
    await visitor.close()

    const { page: second, capture } = await toMovements('replay', {
      camera: await cameraClip('replay', await pictures.selfie()),
    })
    let replays = 0
    for (const order of [frames, [...frames].reverse()]) {
      const { json: challenge } = await capture<Told>('POST', '/movement')
      const told = [challenge.movement]
      for (let number = 0; ; number += 1) {
        const { status, json } = await capture<Frame>(
          'PUT',
          `/movement/${challenge.id}/frames/${number}`,
          order[number % order.length],
        )
        expect(status).toBe(200)
        told[json.challenge.step] = json.challenge.movement
        if (json.done) break
        await new Promise((resolve) => setTimeout(resolve, 170))
      }
      // Now and then the very same movements are asked for: then this is no replay to another challenge.
      const moved = order === frames ? movements : [...movements].reverse()
      if (told.join() === moved.join()) continue
      const judged = await capture<{ passed: boolean }>('POST', `/movement/${challenge.id}/judge`)
      expect(judged).toMatchObject({ status: 200, json: { passed: false } })
      replays += 1
    }
    expect(replays).toBeGreaterThan(0)
    await second.reload()
    await second.getByTestId('movement-start').waitFor()
    await neverApproved('replay')
  }, 400_000)

  it('a challenge of another session, a stale one, numbers out of order, and a hand-in without movements are refused', async () => {
    const selfie = await pictures.selfie()
    const one = await toMovements('first-session', { camera: await cameraClip('first', selfie) })
    const { json: foreign } = await one.capture<Told>('POST', '/movement')
    await visitor?.close()
    const two = await toMovements('second-session', { camera: await cameraClip('second', selfie) })
    const second = two.capture
    const send = (id: string, number: number) => second<Frame>('PUT', `/movement/${id}/frames/${number}`, selfie)
    expect(await send(foreign.id, 0)).toMatchObject({ status: 409, json: { code: 'CHALLENGE_OVER' } })

    const { json: stale } = await second<Told>('POST', '/movement')
    const { json: fresh } = await second<Told>('POST', '/movement')
    expect(await send(stale.id, 0)).toMatchObject({ status: 409, json: { code: 'CHALLENGE_OVER' } })
    expect(await send(fresh.id, 3)).toMatchObject({ status: 409, json: { code: 'WRONG_STEP' } })
    expect((await second('POST', `/movement/${fresh.id}/judge`)).status).toBe(409)
    expect((await second('POST', '/movement/skip')).status).toBe(409)
    expect((await second('POST', '/submit')).status).toBe(409)
    await neverApproved('second-session')
  })
})
