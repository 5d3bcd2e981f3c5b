import { randomBytes } from 'node:crypto'
import { outcomePlatform, outcomeV4 } from '@veridoor/jumio'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { changeClient } from '../src/clients/clients.ts'
import { ofDocument, passed, startVerifier, type TestVerifier } from './test-verifier.ts'
import { wholeChecks } from './whole-checks.ts'

/** A picture that comes again for another person. The engine is told what each picture looks like. */
let service: TestVerifier
const checks = wholeChecks(() => service)
beforeAll(async () => {
  service = await startVerifier('verifier_seen_pictures')
})
afterAll(() => service?.stop())
beforeEach(async () => {
  service.clock.advance(20_000)
  await service.deps.db.execute('delete from verifier.seen_pictures')
  for (const name of ['acme', 'stranger'])
    await changeClient(service.deps.db, name, { findRepeatedPictures: true, retentionDays: 30 })
})

const picture = (): Buffer => randomBytes(32)
/** The same picture saved again: some of the hash's 16 pieces have another bit. */
const savedAgain = (hash: Buffer, pieces: number): Buffer => {
  const again = Buffer.from(hash)
  for (let piece = 0; piece < pieces; piece += 1) again[piece * 2] = (again[piece * 2] ?? 0) ^ 4
  return again
}
type Sent = { front?: Buffer; selfie?: Buffer; assessment?: typeof passed; name?: string }
const tell = ({ front, selfie, assessment = passed }: Sent): void => {
  const hex = (hash?: Buffer) => hash?.toString('hex') ?? null
  service.told.assessment = { ...assessment, hashes: { front: hex(front), back: null, selfie: hex(selfie) } }
}
const check = async (person: string, sent: Sent) => {
  tell(sent)
  const { reference, data } = await checks.v4(person, sent.name)
  return { reference, data, ...outcomeV4(data, true) }
}
const seenBefore = { outcome: 'review', codes: expect.arrayContaining(['signal:picture_seen_before']) }
const approved = { outcome: 'approved' }
const kept = async () => {
  const { rows } = await service.deps.db.execute<{ session: string; row: string }>(
    'select session, t::text as row from verifier.seen_pictures t',
  )
  return rows
}

describe('a picture that was sent before', () => {
  it('for another person of the same client goes to a person, whichever part it is', async () => {
    const [front, selfie] = [picture(), picture()]
    expect(await check('person-1', { front, selfie })).toMatchObject(approved)
    expect(await check('person-2', { front, selfie: picture() })).toMatchObject(seenBefore)
    expect(await check('person-3', { front: picture(), selfie })).toMatchObject(seenBefore)
    expect(await check('person-4', { front: picture(), selfie: picture() })).toMatchObject(approved)
  })

  it('is known when it was saved again, and another picture is not', async () => {
    const front = picture()
    await check('person-1', { front })
    expect(await check('person-2', { front: savedAgain(front, 10) })).toMatchObject(seenBefore)
    const other = picture()
    await check('person-3', { front: other })
    expect(await check('person-4', { front: savedAgain(other, 11) })).toMatchObject(approved)
  })

  it('of the same person, and of another client, is nothing to look at', async () => {
    const front = picture()
    await check('person-1', { front })
    expect(await check('person-1', { front })).toMatchObject(approved)
    expect(await check('person-1', { front, name: 'stranger' })).toMatchObject(approved)
    expect(await check('person-2', { front, name: 'stranger' })).toMatchObject(seenBefore)
  })

  it('counts when its check was refused, and leaves a refusal as it is', async () => {
    const front = picture()
    const other = { ...passed, face: { verdict: 'no_match', cosine: 0.8, similarity: 0.1 } } as const
    expect(await check('person-1', { front, assessment: other })).toMatchObject({ outcome: 'rejected' })
    expect(await check('person-2', { front, assessment: other })).toMatchObject({ outcome: 'rejected' })
    expect(await check('person-3', { front })).toMatchObject(seenBefore)
  })

  it('stands beside what else was seen', async () => {
    const front = picture()
    await check('person-1', { front })
    const { codes } = await check('person-2', { front, assessment: ofDocument({ signals: ['screen_pattern'] }) })
    expect(codes).toEqual(expect.arrayContaining(['signal:screen_pattern', 'signal:picture_seen_before']))
  })

  it('is told on the Platform, too', async () => {
    const front = picture()
    await check('person-1', { front })
    tell({ front })
    const details = await checks.platform('person-2')
    expect(outcomePlatform(details, { workflowKey: 10164, faceRequired: true })).toMatchObject(seenBefore)
  })
})

describe('what is kept of pictures', () => {
  it('is nothing where the client has it off, and nothing of specimens', async () => {
    await changeClient(service.deps.db, 'acme', { findRepeatedPictures: false })
    await check('person-1', { front: picture() })
    await changeClient(service.deps.db, 'acme', { findRepeatedPictures: true })
    await check('person-1', { front: picture(), assessment: ofDocument({ signals: ['specimen'] }) })
    expect(await kept()).toEqual([])
  })

  it('tells nothing without the key, and differs between clients', async () => {
    const front = picture()
    await check('person-1', { front })
    await check('person-1', { front, name: 'stranger' })
    const [own, other] = await kept()
    for (const form of ['hex', 'base64', 'base64url'] as const)
      expect(`${own?.row} ${other?.row}`).not.toContain(front.toString(form).slice(0, 20))
    const digests = (row = ''): string[] => [...row.matchAll(/[\w-]{22}/g)].map(([text]) => text)
    expect(digests(own?.row).length).toBeGreaterThanOrEqual(16)
    expect(digests(own?.row).filter((one) => one !== own?.session && digests(other?.row).includes(one))).toEqual([])
  })

  it('goes with its session: by deletion, and after the retention time', async () => {
    const front = picture()
    const deleted = await check('person-1', { front, selfie: picture() })
    const aged = await check('person-2', { front: picture() })
    expect(new Set((await kept()).map(({ session }) => session))).toEqual(new Set([deleted.reference, aged.reference]))
    await checks.call('DELETE', `/api/netverify/v2/scans/${deleted.reference}`, 'acme')
    expect((await kept()).map(({ session }) => session)).toEqual([aged.reference])
    expect(await check('person-3', { front })).toMatchObject(approved)
    service.clock.advance(31 * 86_400_000)
    await service.verifier.sweep()
    expect(await kept()).toEqual([])
  })
})
