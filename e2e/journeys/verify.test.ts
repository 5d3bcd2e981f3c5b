import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Visitor, visit } from './browser.ts'
import { ada, cameraClip, passportFile, pictures } from './people.ts'
import {
  expectState,
  fillIn,
  goBack,
  sendAndGoBack,
  signInAsAdmin,
  signUp,
  startCheck,
  takeSelfie,
  uploadFront,
} from './steps.ts'
import { startTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
const visitors: Visitor[] = []
const newVisitor = async (options: Parameters<typeof visit>[0] = {}) => {
  const visitor = await visit(options)
  visitors.push(visitor)
  return visitor
}
beforeAll(async () => {
  stack = await startTestStack()
})
afterAll(async () => {
  for (const visitor of visitors) await visitor.close()
  await stack?.stop()
})

describe('a person gets verified, end to end, from an empty data folder', () => {
  it('signs up, fills in, shows a document and a face, and lands verified and sealed', async () => {
    const { page } = await newVisitor({ camera: await cameraClip('selfie', await pictures.selfie()) })
    await signUp(page, stack, 'ada')
    await fillIn(page)
    await startCheck(page)
    await uploadFront(page, await passportFile('passport'))
    await takeSelfie(page)
    await sendAndGoBack(page)
    await expectState(page, 'verified')
    expect(await page.getByText('Demonstration').count()).toBeGreaterThan(0)
    expect(await page.getByText('Sealed: nobody can change these').count()).toBe(1)
    expect(await page.getByLabel('Real name').count()).toBe(0)
  })

  it('is sealed for the page, the API, an administrator, a whole-object update and plain SQL', async () => {
    const { page } = visitors[0] as Visitor
    const own = await page.evaluate(async () => {
      const answer = await fetch('/v1/account/identity', {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ realName: 'Grace Hopper' }),
      })
      return { status: answer.status, body: (await answer.json()) as { data: { reason: string } } }
    })
    expect(own.status).toBe(409)
    expect(own.body.data.reason).toBe('field_sealed')

    const admin = await newVisitor({ wide: true })
    await signInAsAdmin(admin.page, stack)
    const whole = await admin.page.evaluate(async () => {
      const read = await (await fetch('/v1/users/built-in/ada')).json()
      const saveIdentity = (identity: unknown) =>
        fetch('/v1/users/built-in/ada', {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ ...read, identity }),
        }).then((answer) => answer.status)
      return [
        await saveIdentity({ realName: 'Grace Hopper' }),
        await saveIdentity({ documentNumber: 'X1' }),
        await saveIdentity({ realName: read.identity.realName }),
      ]
    })
    expect(whole).toEqual([409, 409, 200])

    for (const statement of [
      `update veridoor.users set real_name = 'Grace Hopper' where name = 'ada'`,
      `update veridoor.users set verified_at = null where name = 'ada'`,
      `update veridoor.users set verified_at = now(), locked_by = gen_random_uuid() where name = 'admin'`,
      'alter table veridoor.users disable trigger users_locked',
      'drop trigger users_locked on veridoor.users',
      `update veridoor.verifications set state = 'rejected' where user_name = 'ada'`,
      `update veridoor.audit_lines set actor = 'nobody'`,
      'delete from veridoor.audit_lines',
    ])
      await expect(stack.query(statement), statement).rejects.toThrow()
  })

  it('shows every step in the audit record, without the document number', async () => {
    const { rows } = await stack.query(
      `select after from veridoor.audit_lines where target = 'built-in/ada' and after is not null order by number`,
    )
    expect(rows.map((row: { after: string }) => row.after)).toEqual(['created', 'waiting', 'checking', 'verified'])
    const all = await stack.query('select * from veridoor.audit_lines')
    expect(JSON.stringify(all.rows)).not.toContain(ada.number)
    const admin = visitors.at(-1) as Visitor
    await admin.page.goto(`${stack.url}/console/audit`)
    await admin.page.getByText('The chain is whole').waitFor()
  })
})

describe('a newcomer without a passport at hand', () => {
  it('makes a specimen with the own camera, and goes through the real checks', async () => {
    const { page } = await newVisitor({ camera: await cameraClip('newcomer', await pictures.selfie()) })
    await signUp(page, stack, 'newcomer')
    await fillIn(page, { realName: 'Maria Gómez', number: 'S99999999' })
    await startCheck(page)
    await page.getByTestId('open-specimen').click()
    await page.getByLabel('Given names').fill('Maria')
    await page.getByLabel('Surname').fill('Gómez')
    await page.getByLabel('Document number').fill('S99999999')
    await page.getByRole('button', { name: 'Use the camera' }).click()
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0)
    await page.getByRole('button', { name: 'Take the photo' }).click()
    await page.getByRole('img', { name: 'Portrait' }).waitFor()
    await page.getByTestId('make-specimen').click()
    await page.getByTestId('use-specimen').click()
    await takeSelfie(page)
    await sendAndGoBack(page)
    await expectState(page, 'verified')
    expect(await page.getByText('Demonstration').count()).toBeGreaterThan(0)
  })
})

describe('its opposites', () => {
  const attempt = async (
    name: string,
    options: { file: string; selfie?: Buffer; identity?: Parameters<typeof fillIn>[1] },
  ) => {
    const { page } = await newVisitor({ camera: await cameraClip(name, options.selfie ?? (await pictures.selfie())) })
    await signUp(page, stack, name)
    await fillIn(page, options.identity)
    await startCheck(page)
    await uploadFront(page, options.file)
    return page
  }
  const nothingSealed = async (name: string): Promise<void> => {
    const { rows } = await stack.query(`select verified_at from veridoor.users where name = $1`, [name])
    expect(rows).toEqual([{ verified_at: null }])
  }

  it('another person’s selfie is rejected, and says that the ID was fine', async () => {
    const page = await attempt('impostor', {
      file: await passportFile('p2', { number: 'M11111111' }),
      selfie: await pictures.otherSelfie(),
      identity: { number: 'M11111111' },
    })
    await takeSelfie(page)
    await sendAndGoBack(page)
    await expectState(page, 'rejected')
    await page.getByText('The selfie does not match the ID').waitFor()
    await nothingSealed('impostor')
  })

  it('a name that differs from the document is rejected with a way to mend it', async () => {
    const page = await attempt('grace', {
      file: await passportFile('p3', { number: 'N22222222' }),
      identity: { realName: 'Grace Hopper', number: 'N22222222' },
    })
    await takeSelfie(page)
    await sendAndGoBack(page)
    await expectState(page, 'rejected')
    await page.getByText('The name is different').waitFor()
    await page.getByRole('button', { name: 'Verify Identity' }).waitFor()
    await nothingSealed('grace')
  })

  it('a broken check digit and a blurred page ask for another photo, with the reason and the tries left', async () => {
    for (const [name, file] of [
      ['digit', await passportFile('p4', {}, { wrongCheckDigit: 'number' })],
      ['blur', await passportFile('p5', {}, {}, { width: 1000, blur: 7 })],
    ] as const) {
      const page = await attempt(name, { file })
      const again = page.getByTestId('retake-reason')
      const stopped = page.getByRole('alert')
      await Promise.race([takeSelfie(page).catch(() => {}), stopped.waitFor()])
      if (!(await stopped.isVisible())) {
        await page.getByTestId('submit').click()
        await again.waitFor({ timeout: 60_000 })
        await page.getByText(/tr(y|ies) left in this check/).waitFor()
      }
      await nothingSealed(name)
    }
  })

  it('a text file named .jpg and a picture of more pixels than are looked at are refused in words', async () => {
    const { fileWith } = await import('./people.ts')
    const { default: sharp } = await import('sharp')
    const huge = await sharp({
      create: { width: 10_000, height: 6_000, channels: 3, background: '#888' },
      limitInputPixels: false,
    })
      .png({ compressionLevel: 9 })
      .toBuffer()
    const { page } = await newVisitor()
    await signUp(page, stack, 'files')
    await fillIn(page, { number: 'F33333333' })
    await startCheck(page)
    for (const file of [fileWith('text.jpg', Buffer.from('this is no picture')), fileWith('huge.png', huge)]) {
      await uploadFront(page, file)
      await page.getByText('We cannot open this file').waitFor()
      await page.getByTestId('retake').click()
    }
    await nothingSealed('files')
  })

  it('an MRZ of another name than the page goes to a person, though every check digit computes', async () => {
    const page = await attempt('twonames', {
      file: await passportFile('p7', { number: 'T88888888' }, { zoneSurname: 'Hopper' }),
      identity: { number: 'T88888888' },
    })
    await takeSelfie(page)
    await sendAndGoBack(page)
    await expectState(page, 'review')
    await nothingSealed('twonames')
  })

  it('leaving in the middle keeps the check open, and coming back goes on at the same place', async () => {
    const page = await attempt('leaver', {
      file: await passportFile('p6', { number: 'L44444444' }),
      identity: { number: 'L44444444' },
    })
    await page.getByTestId('camera-on').waitFor()
    await page.goto(`${stack.url}/account/identity`)
    await expectState(page, 'waiting')
    await page.getByRole('link', { name: 'Continue' }).click()
    await page.getByRole('heading', { name: 'Take a selfie' }).waitFor()
    await page.goto(`${stack.url}/account/identity`)
    await page.getByRole('button', { name: 'Cancel this check' }).click()
    await expectState(page, 'cancelled')
    await nothingSealed('leaver')
  })
})

describe('a crash at any step', () => {
  it.each(['verifier', 'server', 'postgres'] as const)(
    'of the %s while the pictures are judged loses nothing, and decides once',
    async (part) => {
      const name = `crash${part}`
      const number = { verifier: 'C55555555', server: 'C66666666', postgres: 'C77777777' }[part]
      const { page } = await newVisitor({ camera: await cameraClip(name, await pictures.selfie()) })
      await signUp(page, stack, name)
      await fillIn(page, { number })
      await startCheck(page)
      await uploadFront(page, await passportFile(name, { number }))
      await takeSelfie(page)
      await page.getByTestId('submit').click()
      await stack.kill(part)
      await goBack(page, 90_000)
      await expectState(page, 'verified')
      const { rows } = await stack.query(
        `select count(*)::int as n from veridoor.audit_lines where target = $1 and after = 'verified'`,
        [`built-in/${name}`],
      )
      expect(rows[0].n).toBe(1)
    },
  )
})
