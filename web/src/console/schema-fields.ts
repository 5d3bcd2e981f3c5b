/** What a settings form needs of a JSON Schema. The schema comes from the provider type; nothing here knows one by name. */
export type FieldSpec = {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly group: string
  readonly secret: boolean
  readonly kind: 'text' | 'number' | 'switch' | 'select' | 'many' | 'list'
  readonly options: readonly { value: string; label: string }[]
  readonly nullable: boolean
  readonly fallback: unknown
}

type Schema = Record<string, unknown> & {
  type?: string
  enum?: unknown[]
  items?: Schema
  anyOf?: Schema[]
  default?: unknown
}

/** A nullable or alternative schema is drawn as its first real part. */
const unwrap = (schema: Schema): { schema: Schema; nullable: boolean } => {
  const parts = schema.anyOf ?? []
  const real = parts.filter((part) => part.type !== 'null')
  return { schema: { ...(real.at(-1) ?? {}), ...schema }, nullable: real.length < parts.length }
}

const kindOf = (schema: Schema, given: unknown[] | undefined): FieldSpec['kind'] => {
  if (given || schema.enum) return 'select'
  if (schema.type === 'boolean') return 'switch'
  if (schema.type === 'integer' || schema.type === 'number') return 'number'
  if (schema.type === 'array') return schema.items?.enum ? 'many' : 'list'
  return 'text'
}

/** The fields of a settings schema, in its order. */
export const toFields = (configSchema: Record<string, unknown>): FieldSpec[] =>
  Object.entries((configSchema.properties ?? {}) as Record<string, Schema>).map(([name, property]) => {
    const { schema, nullable } = unwrap(property)
    const given = Array.isArray(schema.options) ? (schema.options as unknown[]) : undefined
    const labels = (schema.labels ?? {}) as Record<string, string>
    const values = given ?? schema.enum ?? schema.items?.enum ?? []
    return {
      name,
      title: String(schema.title ?? name),
      description: String(schema.description ?? ''),
      group: String(schema.group ?? 'Settings'),
      secret: schema.secret === true,
      kind: kindOf(schema, given),
      options: values.map((value) => ({ value: String(value), label: labels[String(value)] ?? String(value) })),
      nullable,
      fallback: schema.default,
    }
  })

export const groupsOf = (fields: readonly FieldSpec[]): { group: string; fields: FieldSpec[] }[] => {
  const groups: { group: string; fields: FieldSpec[] }[] = []
  for (const field of fields) {
    const found = groups.find((entry) => entry.group === field.group)
    if (found) found.fields.push(field)
    else groups.push({ group: field.group, fields: [field] })
  }
  return groups
}

/** What a new provider's form begins with. */
export const defaultsOf = (fields: readonly FieldSpec[]): Record<string, unknown> =>
  Object.fromEntries(
    fields.map((field) => [
      field.name,
      field.fallback ?? (field.kind === 'many' || field.kind === 'list' ? [] : field.nullable ? null : ''),
    ]),
  )
