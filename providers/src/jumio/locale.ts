import { locales } from '@veridoor/jumio'

/** The locale nearest to what was asked: exact, then the language alone, then left to the provider. */
export const localeOf = (wanted: string, refused: readonly string[] = []): string | undefined => {
  if (wanted === '') return undefined
  const known = locales.filter((locale) => !refused.includes(locale))
  const exact = known.find((locale) => locale.toLowerCase() === wanted.toLowerCase())
  return exact ?? known.find((locale) => locale === wanted.split('-')[0]?.toLowerCase())
}
