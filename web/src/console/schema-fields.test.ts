import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defaultsOf, groupsOf, toFields } from './schema-fields.ts'

const schema = z.toJSONSchema(
  z.object({
    token: z.string().meta({ title: 'Token', group: 'Connection' }),
    key: z.string().meta({ title: 'Key', group: 'Connection', secret: true }),
    region: z
      .enum(['a', 'b'])
      .default('a')
      .meta({ title: 'Region', group: 'Connection', labels: { a: 'Here' } }),
    level: z
      .int()
      .default(2)
      .meta({ title: 'Level', group: 'Check', options: [1, 2] }),
    limit: z.int().nullable().default(null).meta({ title: 'Limit', group: 'Check' }),
    kinds: z
      .array(z.enum(['x', 'y']))
      .default(['x'])
      .meta({ title: 'Kinds', group: 'Check' }),
    address: z
      .union([z.literal(''), z.string()])
      .default('')
      .meta({ title: 'Address', group: 'Connection' }),
  }),
  { io: 'input' },
) as Record<string, unknown>

describe('a settings form', () => {
  const fields = toFields(schema)
  const fieldNamed = (name: string) => fields.find((field) => field.name === name)

  it('is drawn from the schema alone', () => {
    expect(fields.map((field) => [field.name, field.kind])).toEqual([
      ['token', 'text'],
      ['key', 'text'],
      ['region', 'select'],
      ['level', 'select'],
      ['limit', 'number'],
      ['kinds', 'many'],
      ['address', 'text'],
    ])
    expect(groupsOf(fields).map((entry) => entry.group)).toEqual(['Connection', 'Check'])
  })

  it('knows what is secret, what may be empty, and what each choice is called', () => {
    expect(fieldNamed('key')?.secret).toBe(true)
    expect(fieldNamed('token')?.secret).toBe(false)
    expect(fieldNamed('limit')?.nullable).toBe(true)
    expect(fieldNamed('region')?.options).toEqual([
      { value: 'a', label: 'Here' },
      { value: 'b', label: 'b' },
    ])
  })

  it('begins with the defaults', () => {
    expect(defaultsOf(fields)).toMatchObject({ token: '', region: 'a', level: 2, limit: null, kinds: ['x'] })
  })
})
