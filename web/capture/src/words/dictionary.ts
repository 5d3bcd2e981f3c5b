import type { WordKey } from './en.ts'
import type { PersonSentences } from './sentences.ts'

/** One language of the page: every word and every sentence; a missing one does not compile. */
export type Dictionary = {
  readonly words: Readonly<Record<WordKey, string>>
  readonly sentences: PersonSentences
}
