import type { Assessment } from '@veridoor/engine'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { field, ofDocument, passed, startVerifier, type TestVerifier } from './test-verifier.ts'
import { wholeChecks } from './whole-checks.ts'

/** A specimen keeps its mark through every result (security review, M4): one that goes to a person must not be taken for a document. */
let service: TestVerifier
beforeAll(async () => {
  service = await startVerifier('verifier_specimen_mark')
})
afterAll(() => service?.stop())

const { fields } = passed.document
const utopia = { ...fields, issuingCountry: field('UTO') }

it.each<[string, Assessment, boolean]>([
  ['that says so', ofDocument({ signals: ['specimen'] }), true],
  ['of Utopia, whatever else was read', ofDocument({ fields: utopia }), true],
  ['of a citizen of Utopia', ofDocument({ fields: { ...fields, nationality: field('UTO', false) } }), true],
  [
    'of Utopia in grey, which goes to a person',
    ofDocument({ fields: utopia, signals: ['specimen', 'no_colour'] }),
    true,
  ],
  ['of Utopia with a sign that only it has', ofDocument({ fields: utopia, signals: ['check_digit_wrong'] }), true],
  [
    'that cannot be read',
    ofDocument({ mrz: null, fields: { issuingCountry: field('UTO', false) }, retake: ['photo_blurry'] }),
    true,
  ],
  ['that is none', passed, false],
  ['that is none and goes to a person', ofDocument({ signals: ['no_colour'] }), false],
])('a document %s', async (name, assessment, isSpecimen) => {
  service.told.assessment = assessment
  const { data } = await wholeChecks(() => service).v4(name)
  expect(data.document.specimen ?? false).toBe(isSpecimen)
  // The Platform has no mark that clients read: a specimen never passes there.
  const details = await wholeChecks(() => service).platform(name)
  if (isSpecimen) expect(details.decision?.type).toBe('REJECTED')
})

it('a picture that was seen before takes no mark away', async () => {
  const seen: Assessment = { ...ofDocument({ fields: utopia }), hashes: { ...passed.hashes, front: '5a'.repeat(32) } }
  service.told.assessment = seen
  await wholeChecks(() => service).v4('first')
  const { data } = await wholeChecks(() => service).v4('second')
  expect(data.verification?.signals).toEqual(['picture_seen_before'])
  expect(data.document.specimen).toBe(true)
})
