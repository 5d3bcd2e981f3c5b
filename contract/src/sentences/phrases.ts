import { countryName } from '../countries.ts'
import { documentTypeLabels } from '../documents/index.ts'

const lowerFirst = (text: string): string =>
  /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
const alternatives = new Intl.ListFormat('en-GB', { type: 'disjunction' })
const conjunction = new Intl.ListFormat('en-GB', { type: 'conjunction' })
/** More names than this are counted, not listed. */
const MAX_LISTED = 8

/** `passport`, `ID card`; `document` for a kind that has no name here. */
export const documentPhrase = (type: string): string => {
  const name = documentTypeLabels[type as keyof typeof documentTypeLabels] as string | undefined
  return name === undefined ? 'document' : lowerFirst(name)
}

/** `a passport from Germany`; without the country where it is not known. */
export const documentFromCountry = (type: string, country: string): string => {
  const phrase = documentPhrase(type)
  const article = /^[aeiou]/i.test(phrase) ? 'an' : 'a'
  return `${article} ${phrase}${country === '' ? '' : ` from ${countryName(country)}`}`
}

/** `a passport, an ID card or a driving licence`. */
export const documentAlternatives = (types: readonly string[]): string =>
  types.length === 0 ? 'another document' : alternatives.format(types.map((type) => documentFromCountry(type, '')))

/** `Austria, France or Germany`; `any country` for an empty list, which accepts all. */
export const countryAlternatives = (codes: readonly string[]): string => {
  if (codes.length === 0) return 'any country'
  const names = codes.map((code) => countryName(code)).sort((a, b) => a.localeCompare(b, 'en'))
  const more = names.length - MAX_LISTED
  return more > 1
    ? alternatives.format([...names.slice(0, MAX_LISTED), `${more} other countries`])
    : alternatives.format(names)
}

/** `ID card number and real name`. */
export const fieldList = (names: readonly string[]): string => conjunction.format(names.map(lowerFirst))
