import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import type { Dictionary } from './dictionary.ts'
import { en, type WordKey } from './en.ts'
import { dropUnfilled, format, type Values } from './format.ts'
import { type Language, languageOf, languages } from './languages.ts'
import { englishSentences, isPersonCode } from './sentences.ts'

export type Words = {
  readonly language: Language
  choose(language: Language): void
  say(key: WordKey, values?: Values): string
  /** Title and body of a code; a general one for a code of tomorrow. Sentences whose values are not known here are left out. */
  sentence(code: string, values?: Values): { title: string; body: string }
}

const KEY = 'veridoor-capture-language'
const Context = createContext<Words | null>(null)

const firstLanguage = (): Language =>
  languageOf([
    sessionStorage.getItem(KEY),
    new URL(window.location.href).searchParams.get('locale'),
    ...navigator.languages,
  ])

/** The page's language: chosen here, else asked for in the address, else the browser's. */
export const WordsProvider = ({ children }: { children: ReactNode }) => {
  const [language, setLanguage] = useState(firstLanguage)
  const [loaded, setLoaded] = useState<{ language: Language; dictionary: Dictionary } | null>(
    language === 'en' ? { language, dictionary: { words: en, sentences: englishSentences } } : null,
  )
  useEffect(() => {
    let isWanted = true
    languages[language].load().then(
      (dictionary) => isWanted && setLoaded({ language, dictionary }),
      // Offline while changing the language: the one on the screen stays.
      () =>
        isWanted &&
        setLoaded((now) => now ?? { language: 'en', dictionary: { words: en, sentences: englishSentences } }),
    )
    return () => {
      isWanted = false
    }
  }, [language])
  useEffect(() => {
    if (!loaded) return
    document.documentElement.lang = loaded.language
  }, [loaded])

  const words = useMemo<Words | null>(() => {
    if (!loaded) return null
    const { dictionary } = loaded
    return {
      language: loaded.language,
      choose(chosen) {
        sessionStorage.setItem(KEY, chosen)
        setLanguage(chosen)
      },
      say: (key, values) => format(dictionary.words[key], values, loaded.language),
      sentence(code, values) {
        const [title, body] = dictionary.sentences[isPersonCode(code) ? code : 'interrupted']
        const fill = (text: string): string => format(text, values, loaded.language)
        return { title: fill(title), body: dropUnfilled(fill(body)) }
      },
    }
  }, [loaded])
  return words ? <Context value={words}>{children}</Context> : null
}

export const useWords = (): Words => {
  const words = useContext(Context)
  if (!words) throw new Error('Words are used outside of their provider')
  return words
}
