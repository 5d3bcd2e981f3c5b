/** Where a sentence belongs: a start that was refused, a photo to take again, a verdict, progress, or a field that cannot change. */
export type SentenceGroup = 'start' | 'retake' | 'claims' | 'not_verified' | 'review' | 'technical' | 'field'

/**
 * One sentence of the catalogue. The person reads title, body and actions (the first action is the main button); staff read
 * `staff`. `{name}` marks a value; `PlaceholderTypes` says what each name stands for.
 */
export type Sentence = {
  readonly group: SentenceGroup
  readonly title: string
  readonly body: string
  readonly actions: readonly string[]
  readonly staff: string
}
