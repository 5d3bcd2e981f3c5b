import type { Sentence } from './sentence.ts'

/** Why a field cannot be changed. */
export const fieldSentences = {
  field_sealed: {
    group: 'field',
    title: 'This is sealed',
    body: 'These details were verified on {date} and cannot be changed by anyone.',
    actions: ['Why?', 'Get help'],
    staff: 'Verified on {date}. Verified details cannot be changed, not even by staff.',
  },
  field_fixed_while_open: {
    group: 'field',
    title: 'A check is open',
    body: 'You can change your details when the check {reference} has ended, or cancel it.',
    actions: ['Continue the check', 'Cancel it'],
    staff: 'The check {reference} is open. Details can change when it has ended.',
  },
  field_not_yours: {
    group: 'field',
    title: 'You cannot change this',
    body: '{organization} manages this field.',
    actions: ['Get help'],
    staff: '{organization} manages this field.',
  },
} as const satisfies Record<string, Sentence>
