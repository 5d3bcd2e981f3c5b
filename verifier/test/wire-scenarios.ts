import type { Assessment } from '@veridoor/engine'
import { blurred, field, ofDocument, passed } from './test-verifier.ts'

/** One check by API: what the engine finds, what the client is set to, and what the caller sends. */
export type WireScenario = {
  readonly name: string
  readonly assessment: Assessment
  /** Settings of the client, as its form sends them. */
  readonly settings?: Record<string, string>
  /** Members of `performNetverify`. */
  readonly v4?: Record<string, unknown>
  /** Members of the account call, and what is sent as `PREPARED_DATA`. */
  readonly platform?: { readonly account?: Record<string, unknown>; readonly data?: Record<string, unknown> }
}

const { document } = passed
const withFields = (change: Record<string, ReturnType<typeof field> | undefined>): Assessment =>
  ofDocument({
    fields: Object.fromEntries(
      Object.entries({ ...document.fields, ...change }).filter(([, value]) => value !== undefined),
    ),
  })
const withSignals = (...signals: Assessment['document']['signals'][number][]): Assessment => ofDocument({ signals })
const unread = (...retake: Assessment['document']['retake'][number][]): Assessment =>
  ofDocument({ mrz: null, fields: {}, retake })
const withFace = (verdict: 'match' | 'no_match' | 'review', from: Assessment = passed): Assessment =>
  ({ ...from, face: { verdict, cosine: 0.5, similarity: 0.5 } }) as Assessment
const withSelfie = (...retake: Assessment['document']['retake'][number][]): Assessment => ({
  ...passed,
  face: null,
  selfie: passed.selfie && { ...passed.selfie, retake },
})
const licence: Assessment = ofDocument({
  kind: 'DRIVING_LICENSE',
  mrz: null,
  barcode: { standard: 'AAMVA', version: 9, issuer: '636000', state: 'VA', agreed: true },
  fields: { ...document.fields, issuingCountry: field('USA') },
})
const card = (change: Partial<Assessment['document']>): Assessment =>
  ofDocument({
    kind: 'ID_CARD',
    mrz: document.mrz && { ...document.mrz, format: 'TD1' },
    ...change,
  })
const idCard = { idType: 'ID_CARD', backsideImage: true }

/** Every kind of result, so that a change of the inner life that changes a byte on the wire is seen. */
export const wireScenarios: readonly WireScenario[] = [
  { name: 'approved', assessment: passed },
  { name: 'approved without a face', assessment: { ...passed, selfie: null, face: null } },
  { name: 'one name only', assessment: withFields({ firstName: undefined }) },
  { name: 'a surname that is not sure', assessment: withFields({ lastName: field('LOVELACE', false) }) },
  { name: 'a nationality that is not sure', assessment: withFields({ nationality: field('AUT', false) }) },
  { name: 'personal number', assessment: withFields({ personalNumber: field('123') }) },
  {
    name: 'optional data of a card',
    assessment: card({
      fields: { ...document.fields, personalNumber: field('123'), optionalData: field('ABC', false) },
    }),
    v4: idCard,
  },
  { name: 'licence', assessment: licence, v4: { country: 'USA', idType: 'DRIVING_LICENSE', backsideImage: true } },
  { name: 'check digits that do not compute', assessment: withSignals('check_digit_wrong') },
  { name: 'two signs', assessment: withSignals('sides_disagree', 'screen_pattern') },
  { name: 'two readings that disagree', assessment: withSignals('sources_disagree') },
  { name: 'expired', assessment: withSignals('expired') },
  { name: 'specimen', assessment: withSignals('specimen') },
  { name: 'no portrait', assessment: withSignals('portrait_missing') },
  { name: 'another face', assessment: withFace('no_match') },
  { name: 'another face and a sign', assessment: withFace('no_match', withSignals('no_colour')) },
  { name: 'a face that may be another', assessment: withFace('review') },
  { name: 'the portrait as the selfie', assessment: withSignals('portrait_equals_selfie') },
  { name: 'several faces', assessment: withSelfie('several_faces') },
  { name: 'a face that is not whole', assessment: withSelfie('face_not_visible') },
  { name: 'a dark selfie', assessment: withSelfie('selfie_quality') },
  { name: 'blurred', assessment: blurred },
  { name: 'blurred with glare', assessment: unread('photo_blurry', 'photo_glare') },
  { name: 'poor quality', assessment: unread('photo_quality') },
  { name: 'cut off', assessment: unread('document_cut_off') },
  { name: 'unreadable', assessment: unread('data_unreadable') },
  { name: 'no document', assessment: unread('no_document') },
  { name: 'wrong page', assessment: unread('wrong_page') },
  { name: 'no back', assessment: unread('side_missing') },
  {
    name: 'no front',
    assessment: ofDocument({ mrz: null, fields: {}, retake: ['side_missing'], retakeSide: 'front' }),
  },
  { name: 'black and white', assessment: unread('photo_grey') },
  { name: 'not opened', assessment: unread('file_not_usable') },
  { name: 'visa', assessment: ofDocument({ kind: 'VISA' }) },
  { name: 'declared as a visa', assessment: unread('no_document'), v4: { idType: 'VISA' } },
  {
    name: 'a licence that cannot be read',
    assessment: ofDocument({ kind: 'DRIVING_LICENSE', mrz: null, retake: ['document_unsupported'] }),
  },
  {
    name: 'a card without a readable print',
    assessment: card({ mrz: null, fields: {}, retake: ['data_unreadable'] }),
    v4: idCard,
  },
  {
    name: 'a card without a readable print and another face',
    assessment: withFace('no_match', card({ mrz: null, fields: {}, retake: ['data_unreadable'] })),
    v4: idCard,
  },
  {
    name: 'a single reading',
    assessment: ofDocument({
      fields: { ...document.fields, number: field('L898902C3', false) },
      retake: ['data_unreadable'],
    }),
  },
  { name: 'a card without an MRZ', assessment: card({ signals: ['no_mrz'] }), v4: idCard },
  { name: 'liveness required', assessment: passed, settings: { liveness: 'required' } },
  { name: 'another country', assessment: passed, settings: { acceptedCountries: 'DEU' }, v4: { country: 'DEU' } },
  { name: 'another kind', assessment: passed, settings: { acceptedTypes: 'ID_CARD' }, v4: idCard },
  {
    name: 'a country that is not sure',
    assessment: withFields({ issuingCountry: field('AUT', false) }),
    settings: { acceptedCountries: 'AUT' },
  },
  {
    name: 'masked',
    assessment: withFields({ issuingCountry: field('DEU') }),
    settings: { masking: 'on' },
    v4: { country: 'DEU' },
  },
  {
    name: 'masked without a country',
    assessment: withFields({ issuingCountry: field('DEU', false), personalNumber: field('1') }),
    settings: { masking: 'on' },
  },
  { name: 'some fields only', assessment: passed, settings: { enabledFields: 'idFirstName idLastName idFaceMatch' } },
  {
    name: 'a number that differs',
    assessment: passed,
    v4: { number: 'X1', firstName: 'Ada' },
    platform: { account: { workflowDefinition: { key: 10163 } }, data: { id: { idNumber: 'X1' } } },
  },
  {
    name: 'a name that differs',
    assessment: passed,
    v4: { lastName: 'Byron' },
    platform: { account: { workflowDefinition: { key: 10163 } }, data: { lastName: 'Byron' } },
  },
  { name: 'older workflow', assessment: passed, platform: { account: { workflowDefinition: { key: 2 } } } },
  {
    name: 'references and criteria',
    assessment: passed,
    v4: { customerId: 'person-9', merchantReportingCriteria: 'shop', callbackGranularity: 'onAllSteps' },
    platform: {
      account: {
        userReference: 'person-9',
        reportingCriteria: 'shop',
        workflowDefinition: {
          key: 3,
          credentials: [
            { category: 'ID', label: 'mine', country: { values: ['AUT'] }, type: { values: ['PASSPORT'] } },
          ],
        },
      },
    },
  },
]
