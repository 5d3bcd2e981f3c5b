/** Text that is markup already. Only `html` makes it. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Value = Html | string | number | null | undefined | false | readonly Value[]

const escaped: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const textOf = (value: Value): string => {
  if (value === null || value === undefined || value === false) return ''
  if (value instanceof Html) return value.text
  if (typeof value === 'object') return value.map(textOf).join('')
  return String(value).replace(/[&<>"']/g, (character) => escaped[character] ?? character)
}

/** Markup with values that are escaped; attributes have to stand in double quotes. Null and false leave nothing. */
export const html = (texts: TemplateStringsArray, ...values: Value[]): Html =>
  new Html(texts.map((text, index) => text + textOf(values[index])).join(''))
