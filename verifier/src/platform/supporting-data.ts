import { z } from 'zod'
import { keyOf, type VerifierDeps } from '../deps.ts'
import type { Session } from '../schema.ts'
import type { V4Result } from '../v4/result.ts'
import { PlatformRefusal } from './refuse.ts'

/** File of what was sent as `PREPARED_DATA`, or said in `performNetverify`, beside the pictures and under their key, so that it goes with them. */
export const DATA_PART = 'data'

const word = z.string().trim().max(255).optional()
/** Of what a client says about a person (wire contract, 4.7) only what a document shows too: nothing else is compared, so nothing else is kept. */
const PreparedData = z.object({
  firstName: word,
  lastName: word,
  dateOfBirth: word,
  id: z.object({ idNumber: word, expiryDate: word }).optional(),
})
export type PreparedData = z.infer<typeof PreparedData>

/** @throws {PlatformRefusal} 400 for what is no object, or has members of other kinds than the wire's */
export const readPreparedData = (body: unknown): PreparedData => {
  const read = PreparedData.safeParse(body)
  if (read.success) return read.data
  const names = read.error.issues.map(({ path }) => path.join('.')).filter((name) => name !== '')
  throw new PlatformRefusal(400, names.length > 0 ? `not valid: ${names.join(', ')}` : 'the body is not an object')
}

/** The data of a session, where its client sent any. */
export const preparedDataOf = async (deps: VerifierDeps, session: Session): Promise<PreparedData | null> => {
  const mayHave = session.platform ? session.platform.hasData : session.source === 'API'
  const key = mayHave ? keyOf(deps, session) : null
  const bytes = key && (await deps.pictures.read(session.id, DATA_PART, key))
  return bytes ? PreparedData.parse(JSON.parse(bytes.toString())) : null
}

const bare = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '')
/** Without accents; what zones write as two letters counts as the one that is printed. */
const foldName = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/ß/g, 'SS')
    .replace(/Æ/g, 'AE')
    .replace(/Œ/g, 'OE')
    .replace(/Ø/g, 'O')
    .replace(/Ł/g, 'L')
    .replace(/Đ/g, 'D')
    .replace(/[AOU]E|AA/g, (two) => two.charAt(0))
    .split(/[^\p{L}\p{N}]+/u)
    .filter((token) => token !== '')

const isWithin = (said: readonly string[], read: readonly string[]): boolean => {
  let from = 0
  return said.every((token) => {
    const at = read.indexOf(token, from)
    from = at + 1
    return at >= 0
  })
}

/**
 * Whether the document says something else than the client: `sure` where a number or a date differs, `unsure` where a name does, which
 * may be one name written in two ways. What was not read for sure is not compared.
 */
export const differenceOf = (said: PreparedData, document: V4Result['document']): 'sure' | 'unsure' | null => {
  const read = (name: string): string | undefined => {
    const value = document[name]
    return typeof value === 'string' && value !== 'N/A' ? value : undefined
  }
  const differs = (own: string | undefined, name: string): boolean => {
    const other = read(name)
    return Boolean(own) && other !== undefined && bare(own ?? '') !== bare(other)
  }
  if (
    differs(said.dateOfBirth, 'dob') ||
    differs(said.id?.idNumber, 'number') ||
    differs(said.id?.expiryDate, 'expiry')
  )
    return 'sure'
  const isOther = (own: string | undefined, name: string): boolean => {
    const other = read(name)
    return Boolean(own) && other !== undefined && !isWithin(foldName(own ?? ''), foldName(other))
  }
  return isOther(said.lastName, 'lastName') || isOther(said.firstName, 'firstName') ? 'unsure' : null
}
