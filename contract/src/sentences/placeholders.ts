/**
 * What each placeholder of a sentence stands for. Dates and times are ISO 8601 and are written out when the sentence is read, in the
 * reader's time zone; all other texts are English phrases that fit into the sentence.
 */
export type PlaceholderTypes = {
  /** The application's display name. */
  app: string
  /** The organization's display name. */
  organization: string
  /** Names of fields, as a list: `ID card number and real name`. */
  fields: string
  /** `YYYY-MM-DD` or a time; read as `24 November 2026`. */
  date: string
  /** A time; read as `24 November, 14:32`. */
  time: string
  /** A time; read as `24 November`, with the year when it is not this one. */
  day: string
  /** How long to wait; read as `45 seconds` or `14 minutes`. */
  seconds: number
  /** How long to wait; read as `14 minutes`. */
  minutes: number
  /** Checks a month. */
  limit: number
  /** The reference that person and staff share: `VD-7KQ2-M4XR`. */
  reference: string
  /** A kind of document: `passport`. */
  document: string
  /** Kinds of documents, as alternatives: `a passport or an ID card`. */
  documents: string
  /** A country's name. */
  country: string
  /** Names of countries, as alternatives. */
  countries: string
  /** A document with its article and country: `a passport from Germany`. */
  chosen: string
  found: string
  /** `front`, `back` or `other side`. */
  side: string
  /** How a test verification ended, in words. */
  result: string
  /** Who decided a case. */
  reviewer: string
  /** Why, in the reviewer's words. */
  reason: string
}
export type PlaceholderName = keyof PlaceholderTypes

/** The names in the braces of a text. */
export type PlaceholdersOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholdersOf<Rest>
  : never

/** How values are written: the reader's time zone when `timeZone` is left out; `now` decides whether a year is written. */
export type ReadingOptions = { readonly timeZone?: string; readonly now?: Date }

const parse = (text: string): Date | null => {
  const at = new Date(text)
  return Number.isNaN(at.getTime()) ? null : at
}

/** `24 November 2026`. A date without a time has no time zone and is never shifted. */
export const formatDate = (text: string, { timeZone }: ReadingOptions = {}): string => {
  const zone = text.length === 10 ? 'UTC' : timeZone
  return (
    parse(text)?.toLocaleDateString('en-GB', {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      ...(zone ? { timeZone: zone } : {}),
    }) ?? text
  )
}

/** `24 November, 14:32`; the zone is named when it is not the reader's own. */
export const formatTime = (text: string, { timeZone }: ReadingOptions = {}): string => {
  const at = parse(text)
  if (!at) return text
  const zone = timeZone ? { timeZone } : {}
  const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', ...zone })
  const clock = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', ...zone })
  return `${day}, ${clock}${timeZone ? ` ${timeZone}` : ''}`
}

/** `3 May`, or `3 May 2025` when the year is not the current one. */
export const formatDay = (text: string, { timeZone, now = new Date() }: ReadingOptions = {}): string => {
  const at = parse(text)
  if (!at) return text
  const isThisYear = at.getUTCFullYear() === now.getUTCFullYear()
  return at.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
    ...(timeZone ? { timeZone } : {}),
  })
}

/** `45 seconds`, `14 minutes`, `3 hours`: rounded up, so that nobody comes back too early. */
export const formatWait = (seconds: number): string => {
  const unit = (count: number, name: string): string => `${count} ${name}${count === 1 ? '' : 's'}`
  if (seconds <= 90 && seconds % 60 !== 0) return unit(Math.max(1, Math.ceil(seconds)), 'second')
  if (seconds <= 90 * 60) return unit(Math.max(1, Math.ceil(seconds / 60)), 'minute')
  return unit(Math.ceil(seconds / 3600), 'hour')
}

/** One value as it is read. */
export const formatValue = (name: string, value: string | number, options: ReadingOptions = {}): string => {
  if (name === 'date') return formatDate(String(value), options)
  if (name === 'time') return formatTime(String(value), options)
  if (name === 'day') return formatDay(String(value), options)
  if (name === 'seconds') return formatWait(Number(value))
  if (name === 'minutes') return formatWait(Number(value) * 60)
  return String(value)
}
