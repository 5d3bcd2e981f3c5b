import { type Clock, type Database, digest, type EnvelopeCipher } from '@veridoor/foundation'
import { and, eq, isNull, lt } from 'drizzle-orm'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import { errors } from 'oidc-provider'
import { oidcArtifacts } from './schema.ts'

export type AdapterParts = { readonly db: Database; readonly cipher: EnvelopeCipher; readonly clock: Clock }

const digestOf = (value: string | undefined): string | null => (value === undefined ? null : digest(value))

/** The protocol's storage on PostgreSQL: any number of nodes see the same codes, tokens and sessions. */
export const createAdapter =
  ({ db, cipher, clock }: AdapterParts, findClient: (id: string) => Promise<AdapterPayload | undefined>) =>
  (model: string): Adapter => {
    const rowOf = (idDigest: string): string => `oidc:${model}:${idDigest}`
    const open = (row: typeof oidcArtifacts.$inferSelect | undefined): AdapterPayload | undefined => {
      if (!row || (row.expiresAt && row.expiresAt <= clock.now())) return undefined
      const payload = JSON.parse(cipher.decrypt(row.payload, rowOf(row.idDigest))) as AdapterPayload
      return row.consumedAt ? { ...payload, consumed: Math.floor(row.consumedAt.getTime() / 1000) } : payload
    }
    const findBy = async (column: 'idDigest' | 'uidDigest' | 'userCodeDigest', value: string) => {
      const [row] = await db
        .select()
        .from(oidcArtifacts)
        .where(and(eq(oidcArtifacts.model, model), eq(oidcArtifacts[column], digest(value))))
      return open(row)
    }
    return {
      async upsert(id, payload, expiresIn) {
        const idDigest = digest(id)
        const values = {
          grantDigest: digestOf(payload.grantId),
          uidDigest: digestOf(payload.uid),
          userCodeDigest: digestOf(payload.userCode),
          payload: cipher.encrypt(JSON.stringify(payload), rowOf(idDigest)),
          expiresAt: expiresIn ? new Date(clock.now().getTime() + expiresIn * 1000) : null,
        }
        await db
          .insert(oidcArtifacts)
          .values({ model, idDigest, ...values })
          .onConflictDoUpdate({ target: [oidcArtifacts.model, oidcArtifacts.idDigest], set: values })
      },
      find: (id) => (model === 'Client' ? findClient(id) : findBy('idDigest', id)),
      findByUid: (uid) => findBy('uidDigest', uid),
      findByUserCode: (userCode) => findBy('userCodeDigest', userCode),
      /** Of two that use a code or refresh token at the same moment, one gets it (RFC 6749, section 4.1.2). */
      async consume(id) {
        const taken = await db
          .update(oidcArtifacts)
          .set({ consumedAt: clock.now() })
          .where(
            and(
              eq(oidcArtifacts.model, model),
              eq(oidcArtifacts.idDigest, digest(id)),
              isNull(oidcArtifacts.consumedAt),
            ),
          )
          .returning({ id: oidcArtifacts.idDigest })
        if (taken.length === 0) throw new errors.InvalidGrant('already used')
      },
      async destroy(id) {
        await db
          .delete(oidcArtifacts)
          .where(and(eq(oidcArtifacts.model, model), eq(oidcArtifacts.idDigest, digest(id))))
      },
      async revokeByGrantId(grantId) {
        await db
          .delete(oidcArtifacts)
          .where(and(eq(oidcArtifacts.model, model), eq(oidcArtifacts.grantDigest, digest(grantId))))
      },
    }
  }

/** Removes what is over. */
export const sweepArtifacts = async ({ db, clock }: AdapterParts): Promise<void> => {
  await db.delete(oidcArtifacts).where(lt(oidcArtifacts.expiresAt, clock.now()))
}
