import { type SentenceCode, sentences } from '../../../../contract/src/sentences.ts'

type CodesOf<Group extends string> = {
  [Code in SentenceCode]: (typeof sentences)[Code]['group'] extends Group ? Code : never
}[SentenceCode]

/** The codes that this page can be told; the outcome of the check is the platform's to tell. */
export type PersonCode = Exclude<
  CodesOf<'retake' | 'technical'>,
  'verified' | 'test_finished' | 'checking' | 'nothing_sent'
>

/** Title and body of a code in one language. */
export type PersonSentences = Readonly<Record<PersonCode, readonly [title: string, body: string]>>

const told = Object.entries(sentences).filter(
  ([code, { group }]) =>
    (group === 'retake' || group === 'technical') &&
    !['verified', 'test_finished', 'checking', 'nothing_sent'].includes(code),
)

/** English, from the product's own list. The build drops what staff read (see `vite.capture.config.ts`). */
export const englishSentences = Object.fromEntries(
  told.map(([code, { title, body }]) => [code, [title, body]]),
) as unknown as PersonSentences
