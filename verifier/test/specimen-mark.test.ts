import type { Assessment } from '@veridoor/engine'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { field, ofDocument, passed, startVerifier, type VerifierHouse } from './house.ts'
import { wholeChecks } from './whole-checks.ts'

/** A specimen keeps its mark through every result (security review, M4): one that goes to a person must not be taken for a document. */
let house: VerifierHouse
beforeAll(async () => {
  house = await startVerifier('verifier_specimen_mark')
})
afterAll(() => house?.stop())

const { fields } = passed.document
const utopia = { ...fields, issuingCountry: field('UTO') }
const of = (change: Partial<Assessment['document']>): Assessment => ofDocument(change)

it.each<[string, Assessment, boolean]>([
  ['that says so', of({ signals: ['specimen'] }), true],
  ['of Utopia, whatever else was read', of({ fields: utopia }), true],
  ['of a citizen of Utopia', of({ fields: { ...fields, nationality: field('UTO', false) } }), true],
  ['of Utopia in grey, which goes to a person', of({ fields: utopia, signals: ['specimen', 'no_colour'] }), true],
  ['of Utopia with a sign that only it has', of({ fields: utopia, signals: ['check_digit_wrong'] }), true],
  [
    'that cannot be read',
    of({ mrz: null, fields: { issuingCountry: field('UTO', false) }, retake: ['photo_blurry'] }),
    true,
  ],
  ['that is none', passed, false],
  ['that is none and goes to a person', of({ signals: ['no_colour'] }), false],
])('a document %s', async (name, assessment, isSpecimen) => {
  house.told.assessment = assessment
  const { data } = await wholeChecks(() => house).v4(name)
  expect(data.document.specimen ?? false).toBe(isSpecimen)
  // The Platform has no mark that clients read: a specimen never passes there.
  const details = await wholeChecks(() => house).platform(name)
  if (isSpecimen) expect(details.decision?.type).toBe('REJECTED')
})

it('a picture that was seen before takes no mark away', async () => {
  const seen: Assessment = { ...of({ fields: utopia }), hashes: { ...passed.hashes, front: '5a'.repeat(32) } }
  house.told.assessment = seen
  await wholeChecks(() => house).v4('first')
  const { data } = await wholeChecks(() => house).v4('second')
  expect(data.verification?.signals).toEqual(['picture_seen_before'])
  expect(data.document.specimen).toBe(true)
})
