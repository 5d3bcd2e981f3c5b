const isDay = (year: string, month: string, day: string): boolean => {
  const date = `${year}-${month}-${day}`
  const made = new Date(`${date}T00:00:00Z`)
  return (
    !Number.isNaN(made.getTime()) &&
    made.toISOString().slice(0, 10) === date &&
    Number(year) >= 1880 &&
    Number(year) <= 2120
  )
}

/** Issuers' ways to say that there is no such date: words of the standard, and nothing but one digit. */
const NO_DATE = /^(?:none|unavl|unavail|unk|n\/?a|null|0*|9*|-*)$/i

/**
 * A date of a record as `YYYY-MM-DD`. The standard has MMDDCCYY in the United States from version 2 on, and CCYYMMDD in Canada, in Mexico
 * and in version 1 (annex D.12.3). Many issuers have the other order; as no month is 19 or 20, only one of them is ever a day.
 *
 * @returns undefined where the record has no such date, null where it is none that exists
 */
export const toDate = (text: string | undefined): string | null | undefined => {
  if (text === undefined || NO_DATE.test(text.trim())) return undefined
  const digits = /^\d{8}(?!\d)/.exec(text.replace(/[-/. ]/g, ''))?.[0]
  if (!digits) return null
  const part = (from: number, to: number): string => digits.slice(from, to)
  const orders = [
    [part(0, 4), part(4, 6), part(6, 8)],
    [part(4, 8), part(0, 2), part(2, 4)],
  ] as const
  for (const [year, month, day] of orders) if (isDay(year, month, day)) return `${year}-${month}-${day}`
  return null
}
