import { z } from 'zod'
import { fieldLabel } from './field-labels.ts'

type RawIssue = z.core.$ZodRawIssue
type Issue<Code extends RawIssue['code']> = Extract<RawIssue, { code: Code }>
/** `name` in the middle of a sentence, `Name` at its start. */
type Label = { readonly name: string; readonly Name: string }

const plural = (count: number | bigint, unit: string): string => `${count} ${unit}${Number(count) === 1 ? '' : 's'}`

const isAbsent = (input: unknown): boolean => input === undefined || input === null || input === ''

const typeSentences: Readonly<Record<string, string>> = {
  string: 'must be text',
  number: 'must be a number',
  int: 'must be a whole number',
  bigint: 'must be a whole number',
  nan: 'must be a number',
  boolean: 'must be true or false',
  array: 'must be a list',
  tuple: 'must be a list',
  set: 'must be a list',
  object: 'must be an object',
  record: 'must be an object',
  map: 'must be an object',
  date: 'must be a date',
  file: 'must be a file',
  null: 'must be empty',
  undefined: 'must be left out',
  never: 'must be left out',
}

const enter = (label: Label): string => `Enter the ${label.name}.`

const invalidType = (issue: Issue<'invalid_type'>, label: Label): string => {
  const isTyped = ['string', 'number', 'int', 'date'].includes(issue.expected)
  if (isAbsent(issue.input)) return isTyped ? enter(label) : `${label.Name} is required.`
  return `${label.Name} ${typeSentences[issue.expected] ?? 'has the wrong type'}.`
}

const unitOf = (origin: string): string | undefined =>
  ({ string: 'character', array: 'item', set: 'item', map: 'entry', file: 'byte' })[origin]

const moment = (origin: string, value: number | bigint): string =>
  origin === 'date' ? new Date(Number(value)).toISOString() : String(value)

const tooSmall = (issue: Issue<'too_small'>, label: Label): string => {
  const { minimum, origin, exact, inclusive } = issue
  const unit = unitOf(origin)
  if (unit && exact) return `${label.Name} must have exactly ${plural(minimum, unit)}.`
  if (origin === 'string' && Number(minimum) === 1) return enter(label)
  if (unit && Number(minimum) === 1) return `Give at least one of the ${label.name}.`
  if (unit) return `${label.Name} must have at least ${plural(minimum, unit)}.`
  const bound = moment(origin, minimum)
  return inclusive === false ? `${label.Name} must be more than ${bound}.` : `${label.Name} must be ${bound} or more.`
}

const tooBig = (issue: Issue<'too_big'>, label: Label): string => {
  const { maximum, origin, exact, inclusive } = issue
  const unit = unitOf(origin)
  if (unit && exact) return `${label.Name} must have exactly ${plural(maximum, unit)}.`
  if (unit) return `${label.Name} must have ${plural(maximum, unit)} or fewer.`
  const bound = moment(origin, maximum)
  return inclusive === false ? `${label.Name} must be less than ${bound}.` : `${label.Name} must be ${bound} or less.`
}

const formatSentences: Readonly<Record<string, (label: Label) => string>> = {
  email: () => 'Enter an email address, like name@example.com.',
  url: ({ Name }) => `${Name} must be a web address, like https://example.com.`,
  uuid: ({ Name }) => `${Name} is not valid.`,
  guid: ({ Name }) => `${Name} is not valid.`,
  datetime: ({ Name }) => `${Name} must be a date and time, like 2026-05-03T10:00:00Z.`,
  date: ({ Name }) => `${Name} must be a date, like 2026-05-03.`,
  time: ({ Name }) => `${Name} must be a time, like 10:00.`,
  regex: ({ Name }) => `${Name} has characters that are not allowed.`,
  base64: ({ Name }) => `${Name} must be Base64 text.`,
  base64url: ({ Name }) => `${Name} must be Base64url text.`,
  json_string: ({ Name }) => `${Name} must be JSON text.`,
  ipv4: ({ Name }) => `${Name} must be an IP address.`,
  ipv6: ({ Name }) => `${Name} must be an IP address.`,
}

const invalidFormat = (issue: Issue<'invalid_format'>, label: Label): string => {
  if (isAbsent(issue.input)) return enter(label)
  return formatSentences[issue.format]?.(label) ?? `${label.Name} is not in the right format.`
}

/** More than these are not read by anybody. */
const MOST_CHOICES = 12

const invalidValue = (issue: Issue<'invalid_value'>, label: Label): string => {
  const choices = issue.values.filter((value) => value !== '').map(String)
  if (choices.length === 0 || choices.length > MOST_CHOICES)
    return `Choose one of the allowed values for the ${label.name}.`
  return choices.length === 1
    ? `${label.Name} must be ${choices[0]}.`
    : `${label.Name} must be one of: ${choices.join(', ')}.`
}

const unrecognizedKeys = (issue: Issue<'unrecognized_keys'>): string => {
  const names = issue.keys.filter((key) => /^[\w.-]{1,60}$/.test(key)).slice(0, MOST_CHOICES)
  return names.length === 0 ? 'Remove the unknown fields.' : `Remove the unknown fields: ${names.join(', ')}.`
}

/** A choice of several forms says what is wrong with the one form that is not a fixed value: "an email address, or nothing". */
const invalidUnion = (issue: Issue<'invalid_union'>, label: Label): string => {
  const forms = issue.errors.map((issues) => issues[0]).filter((first) => first !== undefined)
  const form = forms.find(({ code }) => code !== 'invalid_value')
  const values = forms.flatMap((first) => (first.code === 'invalid_value' ? [...first.values] : []))
  if (form?.path.length === 0) {
    const again = { ...form, input: issue.input } as RawIssue
    // Inside of the choice the field's own name is not known: the sentence is made again unless the schema gave one of its own.
    return form.message === fieldError({ ...again, path: [] }) ? sentenceFor(again, label) : form.message
  }
  if (form === undefined && values.length > 0) return invalidValue({ ...issue, code: 'invalid_value', values }, label)
  return `${label.Name} has a value that is not allowed.`
}

const sentences: { readonly [Code in RawIssue['code']]: (issue: Issue<Code>, label: Label) => string } = {
  invalid_type: invalidType,
  too_small: tooSmall,
  too_big: tooBig,
  invalid_format: invalidFormat,
  invalid_value: invalidValue,
  unrecognized_keys: unrecognizedKeys,
  invalid_union: invalidUnion,
  not_multiple_of: ({ divisor }, { Name }) =>
    Number(divisor) === 1 ? `${Name} must be a whole number.` : `${Name} must be a multiple of ${divisor}.`,
  invalid_key: (_issue, { Name }) => `${Name} has a key that is not allowed.`,
  invalid_element: (_issue, { Name }) => `${Name} has an item that is not allowed.`,
  custom: (_issue, { name }) => `Check the ${name}.`,
}

/** All codes that a schema can answer with: a test renders each of them. */
export const issueCodes = Object.keys(sentences) as RawIssue['code'][]

const sentenceFor = (issue: RawIssue, label: Label): string =>
  (sentences[issue.code] as (issue: RawIssue, label: Label) => string)(issue, label)

const titleOf = ({ schema, inst }: { schema?: unknown; inst?: unknown }): string | undefined => {
  const owner = schema ?? inst
  const title = owner === undefined ? undefined : z.globalRegistry.get(owner as z.ZodType)?.title
  return typeof title === 'string' ? title : undefined
}

/**
 * What is wrong with a field, as a sentence for the person who fills it in: with the field's label, and never with the value that was
 * sent. A schema's own message (`.regex(…, 'Three capital letters.')`) stands before it.
 */
export const fieldError = (issue: RawIssue): string => {
  const name = fieldLabel(issue.path ?? [], titleOf(issue as { schema?: unknown; inst?: unknown }))
  return sentenceFor(issue, { name, Name: name.charAt(0).toUpperCase() + name.slice(1) })
}

// Every process and page that imports this package reads these sentences in place of the validator's own words.
z.config({ customError: fieldError })
