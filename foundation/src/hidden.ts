import { inspect } from 'node:util'

/**
 * A value that must not be printed. Every way of turning it into text gives `[hidden]`; only `reveal()` gives it out,
 * so each place that does is found by a search for that word.
 */
class Hidden<T> {
  readonly #value: T
  constructor(value: T) {
    this.#value = value
  }
  reveal(): T {
    return this.#value
  }
  toString(): string {
    return '[hidden]'
  }
  toJSON(): string {
    return '[hidden]'
  }
  [inspect.custom](): string {
    return '[hidden]'
  }
}

/** A key, password or token. */
export class Secret extends Hidden<string> {}

/** Something about a person: a name, a number, a date. */
export class Personal<T = string> extends Hidden<T> {}
