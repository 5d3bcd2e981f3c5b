import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { issueCodes } from './field-errors.ts'
import { api } from './index.ts'

const firstMessage = (schema: z.ZodType, value: unknown): string => {
  const result = schema.safeParse(value)
  if (result.success) throw new Error('The value was accepted.')
  return result.error.issues[0]?.message ?? ''
}
const field = (schema: z.ZodType, value: unknown, name = 'displayName') =>
  firstMessage(z.object({ [name]: schema }), { [name]: value })

/** One value for each code that a schema can answer with. */
const examples: Record<(typeof issueCodes)[number], [z.ZodType, unknown, string][]> = {
  invalid_type: [
    [z.string(), undefined, 'Enter the display name.'],
    [z.string(), null, 'Enter the display name.'],
    [z.string(), 7, 'Display name must be text.'],
    [z.number(), 'x', 'Display name must be a number.'],
    [z.int(), 1.5, 'Display name must be a whole number.'],
    [z.boolean(), 'yes', 'Display name must be true or false.'],
    [z.boolean(), undefined, 'Display name is required.'],
    [z.array(z.string()), 'x', 'Display name must be a list.'],
    [z.object({}), 'x', 'Display name must be an object.'],
    [z.never(), 'x', 'Display name must be left out.'],
    [z.date(), 'x', 'Display name must be a date.'],
    [z.map(z.string(), z.string()), 'x', 'Display name must be an object.'],
    [z.symbol(), 'x', 'Display name has the wrong type.'],
  ],
  too_small: [
    [z.string().min(1), '', 'Enter the display name.'],
    [z.string().min(10), 'short', 'Display name must have at least 10 characters.'],
    [z.string().length(3), 'ab', 'Display name must have exactly 3 characters.'],
    [z.array(z.string()).min(1), [], 'Give at least one of the display name.'],
    [z.array(z.string()).min(2), [], 'Display name must have at least 2 items.'],
    [z.number().min(1), 0, 'Display name must be 1 or more.'],
    [z.number().gt(1), 1, 'Display name must be more than 1.'],
    [z.date().min(new Date(0)), new Date(-1), 'Display name must be 1970-01-01T00:00:00.000Z or more.'],
  ],
  too_big: [
    [z.string().max(1), 'ab', 'Display name must have 1 character or fewer.'],
    [z.string().max(100), 'x'.repeat(101), 'Display name must have 100 characters or fewer.'],
    [z.array(z.string()).max(1), ['a', 'b'], 'Display name must have 1 item or fewer.'],
    [z.number().max(200), 201, 'Display name must be 200 or less.'],
    [z.number().lt(200), 200, 'Display name must be less than 200.'],
    [z.string().length(1), 'ab', 'Display name must have exactly 1 character.'],
  ],
  invalid_format: [
    [z.email(), 'x', 'Enter an email address, like name@example.com.'],
    [z.email(), '', 'Enter the display name.'],
    [z.url(), 'x', 'Display name must be a web address, like https://example.com.'],
    [z.uuid(), 'x', 'Display name is not valid.'],
    [z.iso.datetime(), 'x', 'Display name must be a date and time, like 2026-05-03T10:00:00Z.'],
    [z.iso.date(), 'x', 'Display name must be a date, like 2026-05-03.'],
    [z.string().regex(/^a$/), 'b', 'Display name has characters that are not allowed.'],
    [z.string().startsWith('a'), 'b', 'Display name is not in the right format.'],
    [z.base64(), '!', 'Display name must be Base64 text.'],
  ],
  not_multiple_of: [
    [z.number().multipleOf(5), 3, 'Display name must be a multiple of 5.'],
    [z.number().multipleOf(1), 1.5, 'Display name must be a whole number.'],
  ],
  unrecognized_keys: [
    [z.strictObject({}), { a: 1, b: 2 }, 'Remove the unknown fields: a, b.'],
    [z.strictObject({}), { '<b>': 1 }, 'Remove the unknown fields.'],
  ],
  invalid_union: [
    [z.union([z.email(), z.literal('')]), 'x', 'Enter an email address, like name@example.com.'],
    [z.union([z.string().max(2), z.literal('')]), 'xxx', 'Display name must have 2 characters or fewer.'],
    [z.union([z.enum(['A', 'B']), z.literal('')]), 'x', 'Display name must be one of: A, B.'],
    [z.union([z.string().regex(/^a$/, 'One a.'), z.literal('')]), 'x', 'One a.'],
    [
      z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]),
      {},
      'Display name has a value that is not allowed.',
    ],
  ],
  invalid_key: [[z.record(z.string().max(1), z.string()), { ab: 'x' }, 'Ab has a key that is not allowed.']],
  invalid_element: [
    [z.set(z.string()), new Set([1]), 'Display name must be text.'],
    [z.map(z.object({}), z.string()), new Map([[{}, 1]]), 'Display name has an item that is not allowed.'],
  ],
  invalid_value: [
    [z.enum(['a', 'b']), 'x', 'Display name must be one of: a, b.'],
    [z.literal('a'), 'x', 'Display name must be a.'],
    [
      z.enum(Array.from({ length: 20 }, (_unused, n) => `v${n}`)),
      'x',
      'Choose one of the allowed values for the display name.',
    ],
  ],
  custom: [
    [z.string().refine(() => false), 'x', 'Check the display name.'],
    [z.string().refine(() => false, 'Say why.'), 'x', 'Say why.'],
  ],
}

/** Words that only a validator uses. */
const VALIDATOR_WORDS = /expected|received|invalid|too small|too big|>=|<=|undefined|null|regex|literal/i

describe('what people read of a wrong field', () => {
  it.each(issueCodes)('%s is a plain sentence with the label of the field', (code) => {
    expect(examples[code].length).toBeGreaterThan(0)
    for (const [schema, value, sentence] of examples[code]) {
      expect(field(schema, value)).toBe(sentence)
      expect(sentence).not.toMatch(VALIDATOR_WORDS)
    }
  })

  it('names a row of a list, a nested field, and a field by the title of its own form', () => {
    expect(
      firstMessage(z.object({ redirectUris: z.array(z.url()) }), { redirectUris: ['https://a.example', 'b'] }),
    ).toBe('Row 2 of redirect URLs must be a web address, like https://example.com.')
    expect(
      firstMessage(z.object({ identity: z.object({ realName: z.string().max(2) }) }), {
        identity: { realName: 'Ada' },
      }),
    ).toBe('Real name must have 2 characters or fewer.')
    expect(field(z.string().min(1).meta({ title: 'API token' }), '', 'apiToken')).toBe('Enter the API token.')
    expect(field(z.string().max(1), 'ab', 'someNewField')).toBe('Some new field must have 1 character or fewer.')
  })

  it('never repeats the value that was sent', () => {
    for (const rows of Object.values(examples))
      for (const [schema] of rows) {
        const result = z.object({ displayName: schema }).safeParse({ displayName: 'CANARY-VALUE' })
        expect(JSON.stringify(result.error?.issues.map(({ message }) => message) ?? '')).not.toContain('CANARY-VALUE')
      }
  })

  it('is what every route of the API answers with: no input of a wrong type brings back validator words', () => {
    const wrong = [undefined, null, 7, '', 'x'.repeat(5_000), [], [7], {}, true]
    for (const endpoints of Object.values(api))
      for (const endpoint of Object.values(endpoints)) {
        const schema = endpoint['~orpc'].inputSchema as z.ZodObject | undefined
        if (!schema) continue
        for (const value of wrong) {
          const filled = Object.fromEntries(Object.keys(schema.shape).map((key) => [key, value]))
          const issues = schema.safeParse(filled).error?.issues ?? []
          for (const { message } of issues) {
            expect(message).not.toMatch(VALIDATOR_WORDS)
            expect(message).toMatch(/^[A-Z“].*\.$/)
          }
        }
      }
  })
})
