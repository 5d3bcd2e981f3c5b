import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import type { Dictionary } from './dictionary.ts'
import type { WordKey } from './en.ts'
import { dropUnfilled, format, type Values } from './format.ts'
import { type Language, languageOf, languages } from './languages.ts'
import type { PersonCode } from './sentences.ts'

/** The page's words in the language that is on the screen. */
export type Words = {
  readonly language: Language
  /** A language that was chosen and could not be loaded. */
  readonly missing: Language | null
  choose(language: Language): void
  say(key: WordKey, values?: Values): string
  /** Title and body of a code; a general one for a code of tomorrow. Sentences whose values are not known here are left out. */
  sentence(code: string, values?: Values): { title: string; body: string }
}

const KEY = 'veridoor-capture-language'
/** What everything is written in first. */
const FALLBACK: Language = 'en'
/** The language that the page was loaded anew for. */
const RELOADED = 'veridoor-capture-language-again'
const AGAIN_MS = 2_000
const Context = createContext<Words | null>(null)

const firstLanguage = (): Language =>
  languageOf([
    sessionStorage.getItem(KEY),
    new URL(window.location.href).searchParams.get('locale'),
    ...navigator.languages,
  ])

/**
 * Browsers remember that a script did not come and ask for it no more, so the page is loaded anew, as soon as the verifier answers:
 * until then there would be no page at all.
 */
const reloadInTime = async (signal: AbortSignal): Promise<void> => {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    if (signal.aborted) return
    const isThere = await fetch(window.location.pathname, { cache: 'no-store', signal }).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isThere && !signal.aborted) return window.location.reload()
  }
}

/** The page's language: chosen here, else asked for in the address, else the browser's. */
export const WordsProvider = ({ children }: { children: ReactNode }) => {
  const [language, setLanguage] = useState(firstLanguage)
  /** The language that was chosen and did not come. */
  const [missing, setMissing] = useState<Language | null>(null)
  const [loaded, setLoaded] = useState<{ language: Language; dictionary: Dictionary } | null>(null)
  const shown = loaded?.language ?? null
  useEffect(() => {
    if (language === shown) return
    let isWanted = true
    const stop = new AbortController()
    languages[language].load().then(
      (dictionary) => {
        if (!isWanted) return
        sessionStorage.removeItem(RELOADED)
        // The first one on the screen may stand in for one that is gone: then that is told.
        if (shown !== null) setMissing(null)
        setLoaded({ language, dictionary })
      },
      async () => {
        if (!isWanted) return
        // Whoever reads a language already keeps it, and is told.
        if (shown !== null && missing !== language) {
          sessionStorage.setItem(KEY, shown)
          setMissing(language)
          setLanguage(shown)
          return
        }
        // Loading the page anew did not help: the file is gone.
        if (shown === null && language !== FALLBACK && sessionStorage.getItem(RELOADED) === language) {
          setMissing(language)
          setLanguage(FALLBACK)
          return
        }
        sessionStorage.setItem(RELOADED, language)
        await reloadInTime(stop.signal)
      },
    )
    return () => {
      isWanted = false
      stop.abort()
    }
  }, [language, shown, missing])
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
      missing,
      choose(chosen) {
        sessionStorage.setItem(KEY, chosen)
        // Whoever keeps what is on the screen misses nothing.
        if (chosen === loaded.language) setMissing(null)
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
  }, [loaded, missing])
  if (words) return <Context value={words}>{children}</Context>
  return (
    <main className="screen" aria-busy="true">
      <span className="spinner first" />
    </main>
  )
}

/** The words around a component. @throws {Error} outside of their provider */
export const useWords = (): Words => {
  const words = useContext(Context)
  if (!words) throw new Error('Words are used outside of their provider')
  return words
}
