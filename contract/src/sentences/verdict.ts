import type { Sentence } from './sentence.ts'

const underReview = {
  group: 'review',
  title: 'A person is looking at it',
  body: 'You do not need to do anything. The result will appear on your account page.',
  actions: ['Back to account', 'Get help'],
} as const

/** The document says something else than the person did. */
export const claimSentences = {
  name_differs: {
    group: 'claims',
    title: 'The name is different',
    body: 'The name on your {document} is not the one you gave. Write it as printed.',
    actions: ['Fix my name', 'Ask a person'],
    staff: 'The name on the {document} is not the claimed one.',
  },
  number_differs: {
    group: 'claims',
    title: 'The number is different',
    body: 'The number on your {document} is not the one you gave.',
    actions: ['Fix my number'],
    staff: 'The number on the {document} is not the claimed one.',
  },
  register_differs: {
    group: 'claims',
    title: 'The register has other details',
    body: 'Your name and ID number do not belong together in the register. Check both, then try again.',
    actions: ['Edit details', 'Get help'],
    staff: 'The register has another name with this number.',
  },
  register_unknown: {
    group: 'claims',
    title: 'The register does not know this number',
    body: 'We could not find your ID number in the register. Check it, then try again.',
    actions: ['Edit number', 'Get help'],
    staff: 'The register has no entry with this number.',
  },
  type_or_country_differs: {
    group: 'claims',
    title: 'This is a different ID',
    body: 'You chose {chosen}, but sent {found}.',
    actions: ['Change my choice', 'Take it again'],
    staff: 'The person chose {chosen}, but sent {found}.',
  },
} as const satisfies Record<string, Sentence>

/** Signs of forgery get one neutral sentence for the person; staff read what was found beside it. */
export const notVerifiedSentences = {
  document_not_accepted: {
    group: 'not_verified',
    title: 'We could not accept this document',
    body: 'Use another ID, or ask a person to look at your case.',
    actions: ['Use another ID', 'Ask a person'],
    staff: 'The document has signs of forgery. Do not tell the person which.',
  },
  face_no_match: {
    group: 'not_verified',
    title: 'The selfie does not match the ID',
    body: 'Your ID was fine. The face in the selfie did not match its photo.',
    actions: ['Try again', 'Ask a person'],
    staff: 'The face in the selfie does not match the portrait on the document.',
  },
  selfie_not_accepted: {
    group: 'not_verified',
    title: 'We could not accept the selfie',
    body: 'It must be taken live, by you, in this check.',
    actions: ['Try again', 'Another way'],
    staff: 'The selfie was not taken live. Do not tell the person why.',
  },
  rejected_by_person: {
    group: 'not_verified',
    title: 'We could not verify you',
    body: 'A trained person looked at your case and did not approve it.',
    actions: ['Try again', 'Get help'],
    staff: 'Rejected by {reviewer} on {day}: {reason}.',
  },
} as const satisfies Record<string, Sentence>

/** A person decides. `duplicate_identity` reads as `under_review`: another text would reveal that the document is known. */
export const reviewSentences = {
  under_review: { ...underReview, staff: 'A reviewer has to decide.' },
  duplicate_identity: {
    ...underReview,
    staff: 'Another verified account has this document. Never tell the person.',
  },
  alternative_route: {
    group: 'review',
    title: 'A person will help you',
    body: 'You chose to go on without a selfie. A person will write to you.',
    actions: ['Back to account'],
    staff: 'The person went on without a selfie. There is no evidence of a face.',
  },
} as const satisfies Record<string, Sentence>
