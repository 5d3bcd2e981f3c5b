import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import type { Dictionary } from './dictionary.ts'
import type { WordKey } from './en.ts'
import { dropUnfilled, format, type Values } from './format.ts'
import { type Language, languageOf, languages } from './languages.ts'
import type { PersonCode } from './sentences.ts'

export type Words = {
  readonly language: Language
  choose(language: Language): void
  say(key: WordKey, values?: Values): string
  /** Title and body of a code; a general one for a code of tomorrow. Sentences whose values are not known here are left out. */
  sentence(code: string, values?: Values): { title: string; body: string }
}

const KEY = 'veridoor-capture-language'
const AGAIN_MS = 2_000
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
  const [loaded, setLoaded] = useState<{ language: Language; dictionary: Dictionary } | null>(null)
  useEffect(() => {
    let isWanted = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const load = (): void => {
      languages[language].load().then(
        (dictionary) => isWanted && setLoaded({ language, dictionary }),
        // Offline: a language on the screen stays until the other one comes; the first one is worth waiting for.
        () => {
          if (isWanted) timer = setTimeout(load, AGAIN_MS)
        },
      )
    }
    load()
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [language])
  useEffect(() => {
    if (!loaded) return
    document.documentElement.lang = loaded.language
    document.documentElement.dir = languages[loaded.language].direction
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
        const known = Object.hasOwn(dictionary.sentences, code) ? (code as PersonCode) : 'interrupted'
        const [title, body] = dictionary.sentences[known]
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
