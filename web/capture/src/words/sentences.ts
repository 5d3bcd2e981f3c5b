import { retakeSentences } from '../../../../contract/src/sentences/retake.ts'
import { technicalSentences } from '../../../../contract/src/sentences/technical.ts'

/** Told by the account page, once the result is there. */
const toldElsewhere = ['verified', 'test_finished', 'checking', 'nothing_sent'] as const

/** The codes that this page can be told; the outcome of the check is told by the account page. */
export type PersonCode = Exclude<
  keyof typeof retakeSentences | keyof typeof technicalSentences,
  (typeof toldElsewhere)[number]
>

/** Title and body of a code in one language. */
export type PersonSentences = Readonly<Record<PersonCode, readonly [title: string, body: string]>>

/** English, from the product's own list. The build drops what staff read (see `vite.capture.config.ts`). */
export const englishSentences = Object.fromEntries(
  Object.entries({ ...retakeSentences, ...technicalSentences })
    .filter(([code]) => !toldElsewhere.some((other) => other === code))
    .map(([code, { title, body }]) => [code, [title, body]]),
) as unknown as PersonSentences
