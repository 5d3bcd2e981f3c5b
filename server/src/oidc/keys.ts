import { randomUUID } from 'node:crypto'
import type { Executor } from '@veridoor/foundation'
import { desc, gt, isNull, or, sql } from 'drizzle-orm'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import type { StorageDeps } from './adapter.ts'
import { certificateOf } from './certificate.ts'
import { signingKeys } from './schema.ts'

const algorithms = ['RS256', 'ES256'] as const
/** No token lives longer: after this time nobody needs a retired key to check one. */
const RETIRED_KEY_MS = 90 * 86_400_000

/** What a private key is encrypted for. */
const aadOf = (kid: string): string => `signing-key:${kid}`

const makeKey = async ({ cipher, clock }: StorageDeps, algorithm: string): Promise<typeof signingKeys.$inferInsert> => {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true, modulusLength: 2048 })
  const kid = randomUUID()
  const jwk = { ...(await exportJWK(privateKey)), kid, alg: algorithm, use: 'sig' }
  return { kid, algorithm, privateKey: cipher.encrypt(JSON.stringify(jwk), aadOf(kid)), createdAt: clock.now() }
}

/** One node at a time makes keys. */
const lockKeys = (ex: Executor) =>
  ex.execute(sql`select pg_advisory_xact_lock(hashtextextended('veridoor:signing-keys', 0))`)

const isUsable = ({ clock }: StorageDeps) =>
  or(isNull(signingKeys.retiredAt), gt(signingKeys.retiredAt, new Date(clock.now().getTime() - RETIRED_KEY_MS)))
/** Keys that sign come first, and newer ones before older ones. */
const order = [sql`${signingKeys.retiredAt} is not null`, desc(signingKeys.createdAt), signingKeys.kid]

const usableRows = (ex: Executor, deps: StorageDeps) =>
  ex
    .select()
    .from(signingKeys)
    .where(isUsable(deps))
    .orderBy(...order)

/** The ids of the keys that `loadKeys` gives, in its order. */
export const keyIds = async (deps: StorageDeps): Promise<string[]> => {
  const rows = await deps.db
    .select({ kid: signingKeys.kid })
    .from(signingKeys)
    .where(isUsable(deps))
    .orderBy(...order)
  return rows.map(({ kid }) => kid)
}

const makeMissingKeys = (deps: StorageDeps): Promise<void> =>
  deps.db.transaction(async (tx) => {
    await lockKeys(tx)
    const current = (await usableRows(tx, deps)).filter(({ retiredAt }) => retiredAt === null)
    for (const algorithm of algorithms)
      if (!current.some((row) => row.algorithm === algorithm))
        await tx.insert(signingKeys).values(await makeKey(deps, algorithm))
  })

/** Keys that sign or still check tokens, newest first: the first of an algorithm signs. The first start makes them, on one node. */
export const loadKeys = async (deps: StorageDeps): Promise<JWK[]> => {
  let rows = await usableRows(deps.db, deps)
  const isMissing = (algorithm: string): boolean =>
    !rows.some((row) => row.algorithm === algorithm && row.retiredAt === null)
  if (algorithms.some(isMissing)) {
    await makeMissingKeys(deps)
    rows = await usableRows(deps.db, deps)
  }
  return rows.map((row) => JSON.parse(deps.cipher.decrypt(row.privateKey, aadOf(row.kid))) as JWK)
}

/** Public parts as a JWK set (RFC 7517, section 5). */
export const publicKeySet = (keys: readonly JWK[]): { keys: JWK[] } => ({
  keys: keys.map(({ kty, use, alg, kid, n, e, crv, x, y }) =>
    kty === 'RSA' ? ({ kty, use, alg, kid, n, e } as JWK) : ({ kty, use, alg, kid, crv, x, y } as JWK),
  ),
})

/** Makes new keys of all algorithms; the old ones stay published. Running nodes follow within a second (`key-ring.ts`). */
export const rotateKeys = (deps: StorageDeps): Promise<void> =>
  deps.db.transaction(async (tx) => {
    await lockKeys(tx)
    await tx.update(signingKeys).set({ retiredAt: deps.clock.now() }).where(isNull(signingKeys.retiredAt))
    for (const algorithm of algorithms) await tx.insert(signingKeys).values(await makeKey(deps, algorithm))
  })

/** A key as an X.509 certificate, PEM. */
export type Certificate = {
  readonly keyId: string
  readonly algorithm: string
  readonly pem: string
  /** It signs access tokens and ID tokens by default now. */
  readonly isCurrent: boolean
}

/** Certificates of the keys that sign or still check tokens, the current one first, for clients that check them offline. */
export const certificatesOf = (keys: readonly JWK[]): Certificate[] => {
  const current = keys.find(({ alg }) => alg === 'RS256')
  return keys
    .toSorted((a, b) => Number(b === current) - Number(a === current))
    .map((key) => ({
      keyId: String(key.kid),
      algorithm: String(key.alg),
      pem: certificateOf(key),
      isCurrent: key === current,
    }))
}
