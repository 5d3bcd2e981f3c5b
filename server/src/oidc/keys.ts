import { randomUUID } from 'node:crypto'
import { and, desc, eq, gt, isNull, or, sql } from 'drizzle-orm'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import type { AdapterParts } from './adapter.ts'
import { certificateOf } from './certificate.ts'
import { signingKeys } from './schema.ts'

const algorithms = ['RS256', 'ES256'] as const
/** No token of ours lives longer; after this time nobody needs a retired key to check one. */
const KEPT_MS = 90 * 86_400_000

const rowOf = (kid: string): string => `signing-key:${kid}`

const makeKey = async (
  { cipher, clock }: AdapterParts,
  algorithm: string,
): Promise<typeof signingKeys.$inferInsert> => {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true, modulusLength: 2048 })
  const kid = randomUUID()
  const jwk = { ...(await exportJWK(privateKey)), kid, alg: algorithm, use: 'sig' }
  return { kid, algorithm, privateKey: cipher.encrypt(JSON.stringify(jwk), rowOf(kid)), createdAt: clock.now() }
}

/** Keys that sign or still check tokens, newest first: the first of an algorithm signs. Made at the first start, by one node. */
export const loadKeys = (deps: AdapterParts): Promise<JWK[]> =>
  deps.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('veridoor:signing-keys', 0))`)
    for (const algorithm of algorithms) {
      const [current] = await tx
        .select({ kid: signingKeys.kid })
        .from(signingKeys)
        .where(and(eq(signingKeys.algorithm, algorithm), isNull(signingKeys.retiredAt)))
      if (!current) await tx.insert(signingKeys).values(await makeKey(deps, algorithm))
    }
    const rows = await tx
      .select()
      .from(signingKeys)
      .where(
        or(isNull(signingKeys.retiredAt), gt(signingKeys.retiredAt, new Date(deps.clock.now().getTime() - KEPT_MS))),
      )
      .orderBy(sql`${signingKeys.retiredAt} is not null`, desc(signingKeys.createdAt))
    return rows.map((row) => JSON.parse(deps.cipher.decrypt(row.privateKey, rowOf(row.kid))) as JWK)
  })

/** Public halves as a JWK set (RFC 7517, section 5). */
export const publicKeySet = (keys: readonly JWK[]): { keys: JWK[] } => ({
  keys: keys.map(({ kty, use, alg, kid, n, e, crv, x, y }) =>
    kty === 'RSA' ? ({ kty, use, alg, kid, n, e } as JWK) : ({ kty, use, alg, kid, crv, x, y } as JWK),
  ),
})

/** New keys for all algorithms; the old ones stay published. Running nodes follow within seconds (`key-ring.ts`). */
export const rotateKeys = (deps: AdapterParts): Promise<void> =>
  deps.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('veridoor:signing-keys', 0))`)
    await tx.update(signingKeys).set({ retiredAt: deps.clock.now() }).where(isNull(signingKeys.retiredAt))
    for (const algorithm of algorithms) await tx.insert(signingKeys).values(await makeKey(deps, algorithm))
  })

/** What Casdoor's clients call the key that signs now. */
const CURRENT = 'cert-built-in'

/**
 * Certificates of the keys that sign or still check tokens, for clients that check them offline. `cert-built-in` is the one that signs
 * access tokens and id tokens by default (RS256); each other one is named by its key id.
 */
export const certificatesOf = (keys: readonly JWK[]): { name: string; algorithm: string; pem: string }[] => {
  const current = keys.find(({ alg }) => alg === 'RS256')
  return keys
    .toSorted((a, b) => Number(b === current) - Number(a === current))
    .map((key) => ({
      name: key === current ? CURRENT : String(key.kid),
      algorithm: String(key.alg),
      pem: certificateOf(key),
    }))
}
