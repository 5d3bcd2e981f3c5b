import { fieldSentences } from './field.ts'
import {
  formatValue,
  type PlaceholderName,
  type PlaceholdersOf,
  type PlaceholderTypes,
  type ReadingOptions,
} from './placeholders.ts'
import { retakeSentences } from './retake.ts'
import type { Sentence, SentenceGroup } from './sentence.ts'
import { startSentences } from './start.ts'
import { technicalSentences } from './technical.ts'
import { claimSentences, notVerifiedSentences, reviewSentences } from './verdict.ts'

export {
  formatDate,
  formatDay,
  formatTime,
  formatWait,
  type PlaceholderTypes,
  type ReadingOptions,
} from './placeholders.ts'
export type { Sentence, SentenceGroup } from './sentence.ts'

/** The sentences of the product by code: what people read, and what staff read about the same. */
export const sentences = {
  ...startSentences,
  ...retakeSentences,
  ...claimSentences,
  ...notVerifiedSentences,
  ...reviewSentences,
  ...technicalSentences,
  ...fieldSentences,
} as const satisfies Record<string, Sentence>

type Sentences = typeof sentences
export type SentenceCode = keyof Sentences

/** Fails to compile where a sentence has a placeholder that `PlaceholderTypes` does not know. */
type ValuesFor<Name extends string> = { readonly [N in Name]: N extends PlaceholderName ? PlaceholderTypes[N] : never }
type PersonText<S extends Sentence> = S['title'] | S['body'] | S['actions'][number]

/** The values that the person's text of each code needs, read from the text itself. */
export type SentenceValues = { readonly [C in SentenceCode]: ValuesFor<PlaceholdersOf<PersonText<Sentences[C]>>> }
/** The values that the staff text of each code needs. */
export type StaffValues = { readonly [C in SentenceCode]: ValuesFor<PlaceholdersOf<Sentences[C]['staff']>> }

/** A sentence for the person: its code, and every value that its text needs. */
export type Reason = { [C in SentenceCode]: { readonly code: C; readonly values: SentenceValues[C] } }[SentenceCode]
/** A sentence for staff, with every value that its text needs. */
export type StaffReason = { [C in SentenceCode]: { readonly code: C; readonly values: StaffValues[C] } }[SentenceCode]
/** Codes whose text needs no value. */
export type PlainCode = { [C in SentenceCode]: keyof SentenceValues[C] extends never ? C : never }[SentenceCode]

type ValuesArgument<Values> = keyof Values extends never ? [values?: Values] : [values: Values]

/** A reason with its values: one that is missing does not compile. */
export const reason = <C extends SentenceCode>(
  code: C,
  ...[values]: ValuesArgument<SentenceValues[C]>
): Extract<Reason, { code: C }> => ({ code, values: values ?? {} }) as Extract<Reason, { code: C }>

export const isSentenceCode = (code: string): code is SentenceCode => Object.hasOwn(sentences, code)

type StoredValues = Readonly<Record<string, string | number>>

/** Drops the sentences of a text that have a value missing, so that nobody reads a template. */
const fill = (text: string, values: StoredValues, options: ReadingOptions): string =>
  (text.match(/[^.!?]+[.!?]*\s*/g) ?? [])
    .map((part) => ({
      isComplete: [...part.matchAll(/\{(\w+)\}/g)].every(([, name]) => values[name ?? ''] !== undefined),
      text: part.replace(/\{(\w+)\}/g, (_placeholder, name: string) => formatValue(name, values[name] ?? '', options)),
    }))
    .filter(({ isComplete }) => isComplete)
    .map((part) => part.text)
    .join('')
    .trim()

/** What stands in a title for a value that an old record does not have: a title cannot be left out. */
const titleWords: StoredValues = { side: 'other side', country: 'this country' }

/** A sentence as a person reads it. */
export type FilledSentence = {
  readonly title: string
  readonly body: string
  readonly actions: readonly string[]
  readonly group: SentenceGroup
}

/**
 * The sentence of a code from a record or an answer of the API, where neither code nor values are sure: an unknown code reads as
 * `interrupted`, and a part whose value is missing is left out.
 */
export const readSentence = (code: string, values: StoredValues = {}, options: ReadingOptions = {}): FilledSentence => {
  const { title, body, actions, group }: Sentence = sentences[isSentenceCode(code) ? code : 'interrupted']
  return {
    title: fill(title, { ...titleWords, ...values }, options),
    body: fill(body, values, options),
    actions: actions.map((action) => fill(action, values, options)),
    group,
  }
}

/** The staff text of a code from a record, with the same care for what is missing. */
export const readStaffSentence = (code: string, values: StoredValues = {}, options: ReadingOptions = {}): string =>
  fill(sentences[isSentenceCode(code) ? code : 'interrupted'].staff, values, options) ||
  `${readSentence(code, values, options).title}.`

/** What staff read of a reason. */
export const staffSentence = ({ code, values }: StaffReason, options: ReadingOptions = {}): string =>
  readStaffSentence(code, values, options)
