import { hash, verify } from '@node-rs/argon2'

// OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** With a salt of its own. Spellings of one text in Unicode (NFKC) are one password. */
export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFKC'), cost)

let decoy: Promise<string> | undefined

/**
 * Compares in the same time whether there is such a person or not: without a stored hash a decoy is computed, so that
 * the time to answer does not tell which names exist.
 */
export const checkPassword = async (stored: string | undefined, password: string): Promise<boolean> => {
  decoy ??= hashPassword('no account has this password')
  const known = stored !== undefined && stored !== ''
  const fits = await verify(known ? stored : await decoy, password.normalize('NFKC')).catch(() => false)
  return known && fits
}
