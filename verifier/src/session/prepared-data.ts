import { z } from 'zod'
import { keyOf, type SessionDeps } from './deps.ts'
import type { Session } from './schema.ts'
import type { DocumentField, DocumentFields } from './verdict.ts'

/** File of what a client says about a person, beside the pictures and under their key, so that it is deleted with them. */
export const PREPARED_DATA_FILE = 'data'

const Word = z.string().trim().max(255).optional()
/** What a client says about a person and a document shows, too. Nothing else is compared, so nothing else is kept. */
export const PreparedData = z.object({
  firstName: Word,
  lastName: Word,
  dateOfBirth: Word,
  number: Word,
  expiry: Word,
})
export type PreparedData = z.infer<typeof PreparedData>

/** The data of a session, where its client sent any. */
export const preparedDataOf = async (deps: SessionDeps, session: Session): Promise<PreparedData | null> => {
  const key = session.hasPreparedData ? keyOf(deps, session) : null
  const bytes = key && (await deps.pictures.read(session.id, PREPARED_DATA_FILE, key))
  return bytes ? PreparedData.parse(JSON.parse(bytes.toString())) : null
}

const bare = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '')
/** Words of a name without accents; letters that a machine-readable zone writes as two count as the printed one. */
const wordsOf = (text: string): string[] =>
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
    .filter((word) => word !== '')

const areInOrder = (words: readonly string[], among: readonly string[]): boolean => {
  let from = 0
  return words.every((word) => {
    const found = among.indexOf(word, from)
    from = found + 1
    return found >= 0
  })
}

/**
 * Whether the document says something else than the client: `certain` where a number or a date differs, `possible` where a name does,
 * which may be one name written in two ways. Fields that were not read with certainty are not compared.
 */
export const differenceOf = (said: PreparedData, fields: DocumentFields): 'certain' | 'possible' | null => {
  const differs = (
    name: DocumentField & keyof PreparedData,
    isSame: (own: string, read: string) => boolean,
  ): boolean => {
    const [own, read] = [said[name], fields[name]]
    return Boolean(own) && typeof read === 'string' && !isSame(own ?? '', read)
  }
  const isSameValue = (own: string, read: string): boolean => bare(own) === bare(read)
  const isSameName = (own: string, read: string): boolean => areInOrder(wordsOf(own), wordsOf(read))
  if ((['dateOfBirth', 'number', 'expiry'] as const).some((name) => differs(name, isSameValue))) return 'certain'
  return (['lastName', 'firstName'] as const).some((name) => differs(name, isSameName)) ? 'possible' : null
}
