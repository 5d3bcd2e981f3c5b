import type { Dictionary } from './dictionary.ts'
import { en } from './en.ts'
import { englishSentences } from './sentences.ts'

export const english: Dictionary = { words: en, sentences: englishSentences }
