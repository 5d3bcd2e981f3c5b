import type { Dictionary } from './dictionary.ts'
import { en } from './en.ts'
import { englishSentences } from './sentences.ts'

/** Languages in their own names. All but English are fetched when they are chosen. */
export const languages = {
  en: { name: 'English', load: async (): Promise<Dictionary> => ({ words: en, sentences: englishSentences }) },
  de: { name: 'Deutsch', load: async (): Promise<Dictionary> => (await import('./de.ts')).de },
} as const satisfies Record<string, { name: string; load: () => Promise<Dictionary> }>

export type Language = keyof typeof languages

const isLanguage = (code: string): code is Language => Object.hasOwn(languages, code)

/** The first of the wished locales that the page speaks: `zh_CN`, `pt-BR` and `de-AT` are read by their language. */
export const languageOf = (wishes: readonly (string | null | undefined)[]): Language => {
  for (const wish of wishes) {
    const [code = ''] = (wish ?? '').toLowerCase().split(/[-_]/)
    if (isLanguage(code)) return code
  }
  return 'en'
}
