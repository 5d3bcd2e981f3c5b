/** What a request says about one value: null, or what it must be (OpenID Connect Core, section 5.5.1). */
type Constraint = { readonly value?: unknown; readonly values?: unknown; readonly max_age?: unknown }

/** What is left of what we have, `absent` when we have nothing of it, `unmet` when what we have is not what was asked for. */
export type Narrowed = { readonly value: unknown } | 'absent' | 'unmet'

/** Members that say something about the request itself, not about what is inside. */
const ABOUT_THE_REQUEST = ['essential', 'purpose']

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The last moment of a time, or of a day (Identity Assurance, section 5.5.2). */
const lastMomentOf = (value: unknown): number =>
  Date.parse(/^\d{4}-\d\d-\d\d$/.test(String(value)) ? `${value}T23:59:59Z` : String(value))

/** Whether a value is what a request says that it must be. A constraint that makes no sense is never met. */
export const fits = (wanted: unknown, value: unknown, now: Date): boolean => {
  if (!isObject(wanted)) return true
  const { value: only, values, max_age: maxAge } = wanted as Constraint
  if (only !== undefined && only !== value) return false
  if (values !== undefined && !(Array.isArray(values) && values.includes(value))) return false
  if (maxAge === undefined) return true
  return typeof maxAge === 'number' && now.getTime() - lastMomentOf(value) <= maxAge * 1000
}

/** Whether a request for something that we do not have says what it must be, at any depth: that cannot be met. */
const isConstrained = (wanted: unknown): boolean => {
  if (Array.isArray(wanted)) return wanted.some(isConstrained)
  if (!isObject(wanted)) return false
  return (
    ['value', 'values', 'max_age'].some((name) => wanted[name] !== undefined) ||
    Object.values(wanted).some(isConstrained)
  )
}

/** Entries of ours that fit any entry of the request: filters are linked by OR, and are templates of what is told (section 5.4). */
const narrowList = (wanted: readonly unknown[], available: readonly unknown[], now: Date): Narrowed => {
  const each = available.map((entry) => {
    const tried = wanted.map((one) => narrow(one, entry, now))
    return tried.find((one) => typeof one === 'object') ?? (tried.includes('absent') ? 'absent' : 'unmet')
  })
  const told = each.flatMap((one) => (typeof one === 'object' ? [one.value] : []))
  if (told.length > 0) return { value: told }
  return each.includes('absent') ? 'absent' : 'unmet'
}

/**
 * What is told of `available`: members that were asked for, and nothing else; `unmet` as soon as one of them is not what the request says
 * that it must be (OpenID Connect for Identity Assurance 1.0, sections 5.4, 5.5 and 5.7.4).
 */
export const narrow = (wanted: unknown, available: unknown, now: Date): Narrowed => {
  if (available === undefined) return isConstrained(wanted) ? 'unmet' : 'absent'
  if (Array.isArray(available)) {
    if (wanted === null) return { value: available }
    return narrowList(Array.isArray(wanted) ? wanted : [wanted], available, now)
  }
  if (!isObject(available)) return fits(wanted, available, now) ? { value: available } : 'unmet'
  if (!isObject(wanted)) return { value: available }
  const told: Record<string, unknown> = {}
  for (const [name, inner] of Object.entries(wanted)) {
    if (ABOUT_THE_REQUEST.includes(name)) continue
    const one = narrow(inner, Object.hasOwn(available, name) ? available[name] : undefined, now)
    if (one === 'unmet') return 'unmet'
    if (one !== 'absent') told[name] = one.value
  }
  // Nothing is left of it: neither is it (section 5.7.5).
  return Object.keys(told).length === 0 ? 'absent' : { value: told }
}
