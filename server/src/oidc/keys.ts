import { randomUUID } from 'node:crypto'
import { and, desc, eq, gt, isNull, or, sql } from 'drizzle-orm'
import { exportJWK, exportSPKI, generateKeyPair, importJWK, type JWK } from 'jose'
import type { AdapterParts } from './adapter.ts'
import { signingKeys } from './schema.ts'

const algorithms = ['RS256', 'ES256'] as const
/** No token of ours lives longer; after this time nobody needs a retired key to check one. */
const KEPT_MS = 90 * 86_400_000

const rowOf = (kid: string): string => `signing-key:${kid}`

const makeKey = async ({ box, clock }: AdapterParts, algorithm: string): Promise<typeof signingKeys.$inferInsert> => {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true, modulusLength: 2048 })
  const kid = randomUUID()
  const jwk = { ...(await exportJWK(privateKey)), kid, alg: algorithm, use: 'sig' }
  return { kid, algorithm, privateKey: box.seal(JSON.stringify(jwk), rowOf(kid)), createdAt: clock.now() }
}

/** Keys that sign or still check tokens, newest first: the first of an algorithm signs. Made at the first start, by one node. */
export const loadKeys = (parts: AdapterParts): Promise<JWK[]> =>
  parts.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('veridoor:signing-keys', 0))`)
    for (const algorithm of algorithms) {
      const [current] = await tx
        .select({ kid: signingKeys.kid })
        .from(signingKeys)
        .where(and(eq(signingKeys.algorithm, algorithm), isNull(signingKeys.retiredAt)))
      if (!current) await tx.insert(signingKeys).values(await makeKey(parts, algorithm))
    }
    const rows = await tx
      .select()
      .from(signingKeys)
      .where(
        or(isNull(signingKeys.retiredAt), gt(signingKeys.retiredAt, new Date(parts.clock.now().getTime() - KEPT_MS))),
      )
      .orderBy(sql`${signingKeys.retiredAt} is not null`, desc(signingKeys.createdAt))
    return rows.map((row) => JSON.parse(parts.box.open(row.privateKey, rowOf(row.kid))) as JWK)
  })

/** New keys for all algorithms; the old ones stay published. Nodes sign with them from their next start on. */
export const rotateKeys = (parts: AdapterParts): Promise<void> =>
  parts.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('veridoor:signing-keys', 0))`)
    await tx.update(signingKeys).set({ retiredAt: parts.clock.now() }).where(isNull(signingKeys.retiredAt))
    for (const algorithm of algorithms) await tx.insert(signingKeys).values(await makeKey(parts, algorithm))
  })

/** Public halves of the keys that sign or still check tokens, for clients that check them offline. The first is the current one. */
export const certificatesOf = (keys: readonly JWK[]): Promise<{ name: string; algorithm: string; pem: string }[]> =>
  Promise.all(
    keys.map(async ({ kty, alg, kid, n, e, crv, x, y }, index) => {
      const publicJwk: JWK = kty === 'RSA' ? { kty, alg, n, e } : { kty, alg, crv, x, y }
      const key = await importJWK(publicJwk)
      if (key instanceof Uint8Array) throw new Error('a signing key is not a key pair')
      return { name: index === 0 ? 'cert-built-in' : String(kid), algorithm: String(alg), pem: await exportSPKI(key) }
    }),
  )
