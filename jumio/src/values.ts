import { z } from 'zod'

/** The literal that stands for "not available", and fillers of machine zones: never data (section 2.3). */
export const isPlaceholder = (value: string): boolean => /^(n\/a|<*)$/i.test(value.trim())

/** A string that may be a placeholder: absent then. */
export const available = (value: string | undefined | null): string | undefined =>
  value === undefined || value === null || isPlaceholder(value) ? undefined : value.trim()

/** Strict: only true, or "true" in any case. Never JavaScript's truthiness, for which "false" is true. */
export const toBoolean = (value: unknown): boolean =>
  value === true || (typeof value === 'string' && value.trim().toLowerCase() === 'true')

/** One thing, several, or none, as the wire has it: always an array here. */
export const listOf = <T>(value: T | T[] | undefined | null): T[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]

/** Text on the wire: numbers and booleans are accepted where strings are documented. */
export const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String)
/** An optional text: `null` counts as absent. */
export const OptionalText = Text.nullish().transform((value) => value ?? undefined)

/** JSON inside a form value, or the object itself; broken JSON counts as absent and leads to review, not to a crash. */
export const parseEmbedded = (value: unknown): unknown => {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

/** References are UUID text; compared without case (section 2.3). */
export const sameReference = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase()

/** Locales Jumio documents, with hyphens. */
export const locales =
  'ar bg cs da de el en en-GB es es-MX et fi fr he hr hu hy id it ja ka km ko lt ms nl no pl pt pt-BR ro ru sk sv sw th tr vi zh-CN zh-HK'.split(
    ' ',
  )

/** Codes for staff are words; anything else from the wire is not repeated. */
export const staffWord = (value: string | undefined | null): string =>
  value && /^[A-Za-z_]{1,60}$/.test(value) ? value : 'unknown'
