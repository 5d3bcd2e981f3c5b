/** What a settings form needs of a JSON Schema. The schema comes from the provider type; no type is known here by name. */
export type FieldSpec = {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly group: string
  readonly secret: boolean
  readonly kind: 'text' | 'number' | 'switch' | 'select' | 'many' | 'list'
  readonly options: readonly { value: string; label: string }[]
  readonly nullable: boolean
  /** It has no default: without it the provider cannot work. */
  readonly essential: boolean
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
      essential: schema.default === undefined && !nullable,
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

/** The current value of a field in a few words, for the title of a folded section. */
export const valueText = (field: FieldSpec, value: unknown): string => {
  const labelOf = (one: unknown): string =>
    field.options.find((option) => option.value === String(one))?.label ?? String(one)
  if (field.secret) return value === '' || value === undefined ? '' : 'set'
  if (field.kind === 'switch') return value === true ? 'on' : 'off'
  if (Array.isArray(value)) return value.map(labelOf).join(', ')
  if (value === null) return 'no limit'
  return value === '' || value === undefined ? '' : labelOf(value)
}

const MAX_VALUES = 3

/** What a folded section says of its values: those that differ from the default first. */
export const summaryOf = (fields: readonly FieldSpec[], config: Readonly<Record<string, unknown>>): string => {
  const isDefault = (field: FieldSpec): boolean =>
    JSON.stringify(config[field.name] ?? '') === JSON.stringify(field.fallback ?? '')
  const told = [...fields]
    .sort((one, other) => Number(isDefault(one)) - Number(isDefault(other)))
    .map((field) => ({ title: field.title, text: valueText(field, config[field.name]) }))
    .filter(({ text }) => text !== '')
  return told
    .slice(0, MAX_VALUES)
    .map(({ title, text }) => `${title}: ${text}`)
    .join(' · ')
}

/** What a new provider's form begins with. */
export const defaultsOf = (fields: readonly FieldSpec[]): Record<string, unknown> =>
  Object.fromEntries(
    fields.map((field) => [
      field.name,
      field.fallback ?? (field.kind === 'many' || field.kind === 'list' ? [] : field.nullable ? null : ''),
    ]),
  )
