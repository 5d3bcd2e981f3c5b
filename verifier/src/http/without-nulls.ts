/** A request's body without its members that are null: many clients write what they do not set so, and the wire has no other meaning for it. */
export const withoutNulls = (body: unknown): unknown => {
  if (Array.isArray(body)) return body.map(withoutNulls)
  if (typeof body !== 'object' || body === null) return body
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => (value === null ? [] : [[name, withoutNulls(value)]])),
  )
}
