import { object, type Shape, text, time, upper } from './normalize.ts'

const yesOrNo: Shape = {
  kind: 'text',
  as: 'lower',
  read: (word) => ({ true: 'yes', false: 'no', 'n/a': 'na' })[word] ?? word,
}

/** `userConsent` of both generations (wire contract, 4.4). */
export const consentShape = object({
  userIp: text,
  userLocation: object({ country: upper, state: text }),
  consent: object({ obtained: yesOrNo, obtainedAt: time }),
})
