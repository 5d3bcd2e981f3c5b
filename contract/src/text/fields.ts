import { z } from 'zod'
import { ApiError } from '../errors.ts'
import { canonicalLine, canonicalLines, characterProblem, dropInvisible, isOneScript } from './characters.ts'
import { canonicalEmail, emailProblem } from './email.ts'
import {
  canonicalSignInName,
  canonicalUserName,
  isReservedName,
  objectNameProblem,
  userNameProblem,
} from './user-names.ts'

/**
 * One schema for each kind of text, for every wire: `/v1`, Casdoor's, sign-up, import and the rooms behind them. Each brings a value to
 * its one form and says in a sentence what is wrong with it. Lengths are in characters, after that.
 */
type Rule = {
  readonly max: number
  readonly canonical: (text: string) => string
  readonly problem?: (text: string) => string | undefined
}

const textField = ({ max, canonical, problem }: Rule) =>
  z
    .string()
    .overwrite(canonical)
    .max(max)
    .check((context) => {
      if (context.value.length > max) return
      const message = problem?.(context.value)
      if (message) context.issues.push({ code: 'custom', message, input: context.value })
    })

const line = (text: string): string => canonicalLine(text)
const lineWithEmoji = (text: string): string => canonicalLine(text, true)

/** Words of two alphabets are written to be mistaken; names in two scripts beside each other are not. */
const realNameProblem = (name: string): string | undefined => {
  if (name === '') return undefined
  if (!/\p{L}/u.test(name)) return 'Enter your name as it is printed on your document.'
  const problem = characterProblem(name)
  return problem ?? (name.split(/[\s\p{P}]+/u).every(isOneScript) ? undefined : 'Write each word in one alphabet.')
}

const documentNumberProblem = (number: string): string | undefined => {
  if (number === '') return undefined
  const isNumber = /^[\p{L}\p{Nd}\p{M} \-./<()º°_*]+$/u.test(number) && /[\p{L}\p{Nd}]/u.test(number)
  return isNumber ? characterProblem(number) : 'Enter the document number with letters, digits, spaces and - . / only.'
}

/** A person's name as on their document; empty when not given. */
export const RealName = textField({ max: 200, canonical: line, problem: realNameProblem })
/** A document number as it is printed, full-width characters as usual ones; empty when not given. */
export const DocumentNumber = textField({
  max: 100,
  canonical: (text) =>
    text.length > 1000 ? text : canonicalLine(text.normalize('NFKC').replace(/[\u2010-\u2015\u2212]/g, '-')),
  problem: documentNumberProblem,
})
/** What is shown for a person or an object; empty when not given. */
export const DisplayName = textField({ max: 100, canonical: lineWithEmoji, problem: characterProblem })
/** An e-mail address in its one form; empty when not given (RFC 5321, 4.5.3.1: 254 characters). */
export const Email = textField({ max: 254, canonical: canonicalEmail, problem: emailProblem })

/** The name of a new account (RFC 8265, UsernameCaseMapped). */
export const NewUserName = textField({ max: 100, canonical: canonicalUserName, problem: userNameProblem }).min(1)
/** The name that somebody chooses for themself: none that looks like the operator's. */
export const OwnUserName = textField({
  max: 100,
  canonical: canonicalUserName,
  problem: (name) =>
    userNameProblem(name) ?? (isReservedName(name) ? 'This name is reserved. Choose another one.' : undefined),
}).min(1)
/** A user name or e-mail address as somebody types it to sign in. */
export const SignInName = textField({
  max: 254,
  canonical: (text) => (text.includes('@') ? canonicalEmail(text) : canonicalSignInName(text)),
  problem: characterProblem,
}).min(1)
/** The name of a new organization, application or provider. */
export const ObjectName = textField({
  max: 100,
  canonical: (text) => (text.length > 1000 ? text : text.trim().normalize('NFC')),
  problem: objectNameProblem,
}).min(1)

/** A telephone number as people write it; empty when not given. Address books paste it with bidirectional marks. */
export const PhoneNumber = textField({
  max: 30,
  canonical: (text) =>
    text.length > 1000 ? text : canonicalLine(text.normalize('NFKC').replace(/[\u2010-\u2015\u2212]/g, '-')),
  problem: (phone) =>
    phone === '' || /^\+?[\d\s()./-]{4,}$/.test(phone)
      ? undefined
      : 'Enter a phone number with digits, spaces and + ( ) - / only.',
})

/** A code that somebody types or pastes: white space of every kind, invisible characters and hyphens are no part of it. */
export const canonicalCode = (text: string): string =>
  text.length > 1000
    ? text
    : dropInvisible(text.normalize('NFKC'))
        .replace(/[\s\p{Pd}\u2212]/gu, '')
        .toUpperCase()
export const OneTimeCode = textField({ max: 30, canonical: canonicalCode, problem: characterProblem })

/** A reason, note or other text of several lines. */
export const FreeText = (max: number) =>
  textField({ max, canonical: canonicalLines, problem: (text) => characterProblem(text, true) })
/** One line of text that nothing else is known of: a search, a contact, a label. */
export const LineOfText = (max: number) => textField({ max, canonical: lineWithEmoji, problem: characterProblem })

/**
 * A value in the form that its field has everywhere, for use cases that any wire may call.
 * @param before the stored value: one that comes back unchanged is taken, also where the rule was another one when it was saved
 * @throws {ApiError} INVALID_INPUT with the sentence
 */
export const readField = (path: string, schema: z.ZodType<string>, value: string, before?: string): string => {
  if (value === before) return value
  const result = z.object({ [path]: schema }).safeParse({ [path]: value })
  if (result.success) return (result.data as Record<string, string>)[path] ?? ''
  throw new ApiError('INVALID_INPUT', {
    fields: result.error.issues.map(({ message }) => ({ path, message })),
  })
}

/** Bytes of what is kept for other clients beside an object. */
const EXTRA_BYTES = 32_768
/**
 * Keys and values that are only kept and given back: bounded in size, number and depth.
 * @throws {ApiError} TOO_LARGE
 */
export const readExtra = (extra: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const depthOf = (value: unknown, left: number): boolean =>
    typeof value !== 'object' ||
    value === null ||
    (left > 0 && Object.values(value).every((one) => depthOf(one, left - 1)))
  if (Object.keys(extra).length > 500 || !depthOf(extra, 20) || JSON.stringify(extra).length > EXTRA_BYTES)
    throw new ApiError('TOO_LARGE')
  return { ...extra }
}
