import { type Sentence, type SentenceCode, sentences } from '../../contract/src/sentences.ts'

export type Values = Record<string, string | number>

const day = (text: string): string => {
  const at = new Date(text)
  return Number.isNaN(at.getTime())
    ? text
    : at.toLocaleDateString('en-GB', {
        day: 'numeric',
        month: 'long',
        year: 'numeric',
        ...(text.length === 10 ? { timeZone: 'UTC' } : {}),
      })
}
const clock = (text: string): string => {
  const at = new Date(text)
  return Number.isNaN(at.getTime())
    ? text
    : at.toLocaleString('en-GB', { hour: '2-digit', minute: '2-digit', day: 'numeric', month: 'long' })
}

/** Fills a sentence's places: dates long, times short, and plain words where the server gave no value. */
const fill = (text: string, values: Values): string =>
  text.replace(/\{([\w ]+)\}/g, (_whole, name: string) => {
    const value = values[name]
    if (value === undefined) return plain[name] ?? '…'
    if (name === 'date') return day(String(value))
    if (name === 'time') return clock(String(value))
    return String(value)
  })

/** What stands for a value that a page does not have. */
const plain: Record<string, string> = {
  document: 'document',
  organization: 'The organization',
  app: 'This application',
  fields: 'details',
  field: 'value',
  time: 'a while',
  'help contact': 'the help desk',
  'reason sentence': '',
  'by reason': 'Try again',
  country: 'this country',
  countries: 'other countries',
  documents: 'other documents',
  chosen: 'one document',
  found: 'another',
  side: 'other side',
  result: 'see above',
  'first field': 'details',
}

export const isKnown = (code: string): code is SentenceCode => code in sentences

/** The product's sentence for a code, with its places filled. */
export const sentence = (
  code: string,
  values: Values = {},
): { title: string; body: string; actions: string[]; group: Sentence['group'] } => {
  const found: Sentence = isKnown(code) ? sentences[code] : sentences.interrupted
  return {
    title: fill(found.title, values),
    body: fill(found.body, values),
    actions: found.actions.map((action) => fill(action, values)),
    group: found.group,
  }
}

export { clock, day }
