/** What a message's placeholders stand for, by name. */
export type Values = Readonly<Record<string, string | number>>

const closing = (text: string, open: number): number => {
  let depth = 0
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1
    if (text[at] === '}') depth -= 1
    if (depth === 0) return at
  }
  throw new Error('A bracket is not closed')
}

const choose = (body: string, count: number, language: string): string => {
  const forms = new Map<string, string>()
  for (let at = 0; ; ) {
    const open = body.indexOf('{', at)
    if (open < 0) break
    const end = closing(body, open)
    forms.set(body.slice(at, open).trim(), body.slice(open + 1, end))
    at = end + 1
  }
  const form = forms.get(new Intl.PluralRules(language).select(count)) ?? forms.get('other') ?? ''
  // Latin digits in every language, as on the documents and on the other screen.
  return form.replaceAll('#', new Intl.NumberFormat(language, { numberingSystem: 'latn' }).format(count))
}

/**
 * Fills in a message: the part of ICU MessageFormat that this page needs, `{name}` and `{name, plural, one {…} other {…}}`.
 * A placeholder without a value stays as it is, so that callers can tell.
 */
export const format = (message: string, values: Values = {}, language = 'en'): string => {
  let out = ''
  for (let at = 0; ; ) {
    const open = message.indexOf('{', at)
    if (open < 0) return out + message.slice(at)
    const end = closing(message, open)
    const inside = message.slice(open + 1, end)
    const [, name = inside, plural] = /^(\w+)\s*,\s*plural\s*,\s*([\s\S]*)$/.exec(inside) ?? []
    const value = values[name]
    out += message.slice(at, open)
    out +=
      value === undefined
        ? `{${inside}}`
        : plural === undefined
          ? String(value)
          : choose(plural, Number(value), language)
    at = end + 1
  }
}

/** Leaves out the sentences of a text whose values nobody gave: "It was valid until {date}." says nothing without a date. */
export const dropUnfilled = (text: string): string =>
  // No look-behind: Safari before 16.4 cannot read a script that has one, and its page stays blank.
  (text.match(/[^.!?؟。！？]+[.!?؟。！？]*\s*/gu) ?? [])
    .filter((sentence) => !sentence.includes('{'))
    .join('')
    .trim()
