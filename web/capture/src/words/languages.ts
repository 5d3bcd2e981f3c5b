import type { Dictionary } from './dictionary.ts'

type Entry = { name: string; direction: 'ltr' | 'rtl'; load: () => Promise<Dictionary> }

/** Languages in their own names. Each is a file of its own, and only the one on the screen is fetched. */
export const languages = {
  en: { name: 'English', direction: 'ltr', load: async () => (await import('./english.ts')).english },
  de: { name: 'Deutsch', direction: 'ltr', load: async () => (await import('./de.ts')).de },
  fr: { name: 'Français', direction: 'ltr', load: async () => (await import('./fr.ts')).fr },
  es: { name: 'Español', direction: 'ltr', load: async () => (await import('./es.ts')).es },
  pt: { name: 'Português', direction: 'ltr', load: async () => (await import('./pt.ts')).pt },
  zh: { name: '简体中文', direction: 'ltr', load: async () => (await import('./zh.ts')).zh },
  ar: { name: 'العربية', direction: 'rtl', load: async () => (await import('./ar.ts')).ar },
} as const satisfies Record<string, Entry>

/** A language that the page speaks, by its code in ISO 639-1. */
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
