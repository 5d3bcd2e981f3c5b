/** What a request says about one value: null, or constraints on it (OpenID Connect Core 1.0, section 5.5.1). */
type Constraint = { readonly value?: unknown; readonly values?: unknown; readonly max_age?: unknown }

/** The requested part of what is available; `absent` when nothing of it is there, `unmet` when a constraint does not hold. */
export type Selection = { readonly value: unknown } | 'absent' | 'unmet'

/** Members that describe the request itself, not what it asks for. */
const ABOUT_THE_REQUEST = ['essential', 'purpose']

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The last moment of a time, or of a day (Identity Assurance 1.0, section 5.5.2). */
const lastMomentOf = (value: unknown): number =>
  Date.parse(/^\d{4}-\d\d-\d\d$/.test(String(value)) ? `${value}T23:59:59Z` : String(value))

/** Whether a value meets its constraint. A constraint that makes no sense is never met. */
export const meetsConstraint = (requested: unknown, value: unknown, now: Date): boolean => {
  if (!isObject(requested)) return true
  const { value: only, values, max_age: maxAge } = requested as Constraint
  if (only !== undefined && only !== value) return false
  if (values !== undefined && !(Array.isArray(values) && values.includes(value))) return false
  if (maxAge === undefined) return true
  return typeof maxAge === 'number' && now.getTime() - lastMomentOf(value) <= maxAge * 1000
}

/** Whether a request for something that is not there has a constraint, at any depth: that one cannot be met. */
const hasConstraint = (requested: unknown): boolean => {
  if (Array.isArray(requested)) return requested.some(hasConstraint)
  if (!isObject(requested)) return false
  return (
    ['value', 'values', 'max_age'].some((name) => requested[name] !== undefined) ||
    Object.values(requested).some(hasConstraint)
  )
}

/** Available entries that meet any entry of the request: filters are linked by OR, and say what is released (section 5.4). */
const selectEntries = (requested: readonly unknown[], available: readonly unknown[], now: Date): Selection => {
  const selections = available.map((entry) => {
    const tried = requested.map((filter) => select(filter, entry, now))
    return tried.find((selection) => typeof selection === 'object') ?? (tried.includes('absent') ? 'absent' : 'unmet')
  })
  const selected = selections.flatMap((selection) => (typeof selection === 'object' ? [selection.value] : []))
  if (selected.length > 0) return { value: selected }
  return selections.includes('absent') ? 'absent' : 'unmet'
}

/**
 * The requested members of `available`, and nothing else; `unmet` as soon as a constraint of one of them does not hold
 * (OpenID Connect for Identity Assurance 1.0, sections 5.4, 5.5 and 5.7.4).
 */
export const select = (requested: unknown, available: unknown, now: Date): Selection => {
  if (available === undefined) return hasConstraint(requested) ? 'unmet' : 'absent'
  if (Array.isArray(available)) {
    if (requested === null) return { value: available }
    return selectEntries(Array.isArray(requested) ? requested : [requested], available, now)
  }
  if (!isObject(available)) return meetsConstraint(requested, available, now) ? { value: available } : 'unmet'
  if (!isObject(requested)) return { value: available }
  const selected: Record<string, unknown> = {}
  for (const [name, inner] of Object.entries(requested)) {
    if (ABOUT_THE_REQUEST.includes(name)) continue
    const selection = select(inner, Object.hasOwn(available, name) ? available[name] : undefined, now)
    if (selection === 'unmet') return 'unmet'
    if (selection !== 'absent') selected[name] = selection.value
  }
  // An object of which nothing is left is absent as well (section 5.7.5).
  return Object.keys(selected).length === 0 ? 'absent' : { value: selected }
}
