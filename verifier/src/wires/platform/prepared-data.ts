import { z } from 'zod'
import { PreparedData } from '../../session/prepared-data.ts'
import { PlatformError } from './error.ts'

const Word = z.string().trim().max(255).optional()
/** `PREPARED_DATA` (wire contract, 4.7): of what a client says about a person only what a document shows, too. */
const Sent = z.object({
  firstName: Word,
  lastName: Word,
  dateOfBirth: Word,
  id: z.object({ idNumber: Word, expiryDate: Word }).optional(),
})

/** @throws {PlatformError} 400 for a body that is no object, or has members of other types than the wire's */
export const readPreparedData = (body: unknown): PreparedData => {
  const sent = Sent.safeParse(body)
  if (sent.success) {
    const { id, ...names } = sent.data
    return { ...names, number: id?.idNumber, expiry: id?.expiryDate }
  }
  const names = sent.error.issues.map(({ path }) => path.join('.')).filter((name) => name !== '')
  throw new PlatformError(400, names.length > 0 ? `not valid: ${names.join(', ')}` : 'the body is not an object')
}

/** `PREPARED_DATA` as it goes back: what was kept of it, in the wire's own members. @param bytes the kept file */
export const preparedDataAnswer = (bytes: Buffer): object => {
  const { number, expiry, ...names } = PreparedData.parse(JSON.parse(bytes.toString('utf8')))
  const hasDocument = number !== undefined || expiry !== undefined
  return { ...names, ...(hasDocument ? { id: { idNumber: number, expiryDate: expiry } } : {}) }
}
