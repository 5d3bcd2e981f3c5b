import { hash, verify } from '@node-rs/argon2'

// OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** As the schemas of all wires have it. */
const MAX_PASSWORD = 1000

/** With a salt of its own. Spellings of one text in Unicode (NFKC) are one password. */
export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFKC'), cost)

let decoy: Promise<string> | undefined

/**
 * Compares in the same time whether there is such a person or not: without a stored hash a decoy is computed, so that
 * the time to answer does not tell which names exist.
 */
export const checkPassword = async (stored: string | undefined, password: string): Promise<boolean> => {
  decoy ??= hashPassword('no account has this password')
  // What is longer than a password may be costs no more than one that is.
  const known = stored !== undefined && stored !== '' && password.length <= MAX_PASSWORD
  const typed = password.slice(0, MAX_PASSWORD).normalize('NFKC')
  const fits = await verify(known ? stored : await decoy, typed).catch(() => false)
  return known && fits
}
