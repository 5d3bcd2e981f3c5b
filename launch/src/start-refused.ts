/** Veridoor cannot start: one sentence says what happened and what to do next. Nothing secret is in it. */
export class StartError extends Error {
  constructor(sentence: string, cause?: unknown) {
    super(sentence, { cause })
    this.name = 'StartRefused'
  }
}
