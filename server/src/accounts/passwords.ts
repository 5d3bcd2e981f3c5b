import { hash, verify } from '@node-rs/argon2'
import type { Budgets } from '../budgets/index.ts'

// OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** As the schemas of all wires have it. */
const MAX_PASSWORD = 1000

/** Hashing takes memory and time, so it waits its turn in the queue of the `hashing` budget. */
type HashingDeps = { readonly budgets: Budgets }

/**
 * With a salt of its own. Spellings of one text in Unicode (NFKC) are one password.
 * @throws {ApiError} BUSY when too many are waiting
 */
export const hashPassword = (deps: HashingDeps, password: string): Promise<string> =>
  deps.budgets.run('hashing', {}, () => hash(password.normalize('NFKC'), cost))

let decoy: Promise<string> | undefined

/**
 * Does the same work whether there is such an account or not: without a stored hash a decoy is verified, so that the time to answer
 * does not tell which names exist.
 * @throws {ApiError} BUSY when too many are waiting
 */
export const checkPassword = async (
  deps: HashingDeps,
  stored: string | undefined,
  password: string,
): Promise<boolean> => {
  decoy ??= hash('no account has this password', cost)
  const wanted = await decoy
  // What is longer than a password may be costs no more than one that is.
  const isKnown = stored !== undefined && stored !== '' && password.length <= MAX_PASSWORD
  const typed = password.slice(0, MAX_PASSWORD).normalize('NFKC')
  const fits = await deps.budgets.run('hashing', {}, () => verify(isKnown ? stored : wanted, typed).catch(() => false))
  return isKnown && fits
}
