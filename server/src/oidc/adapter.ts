import { type Clock, type Database, digest, type EnvelopeCipher, timingSafeEqualText } from '@veridoor/foundation'
import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import { errors } from 'oidc-provider'
import { forgetInRequest, oncePerRequest, recallInRequest, rememberInRequest } from './request-cache.ts'
import { oidcArtifacts } from './schema.ts'

/** What the storage of the protocol needs. */
export type StorageDeps = { readonly db: Database; readonly cipher: EnvelopeCipher; readonly clock: Clock }

/** How artifacts are bound to what the storage itself does not hold. */
export type AdapterOptions = {
  readonly findClient: (clientId: string) => Promise<AdapterPayload | undefined>
  /** The stored value behind an access token as it is shown (`access-token.ts`). */
  readonly openAccessToken: (shown: string) => Promise<string>
}

type Row = typeof oidcArtifacts.$inferSelect

/** What the payload of an artifact is encrypted for. */
const aadOf = (model: string, idDigest: string): string => `oidc:${model}:${idDigest}`

/** The payload of a stored artifact. @throws when it was altered, or copied from another row */
export const decryptArtifact = (
  cipher: EnvelopeCipher,
  row: Pick<Row, 'model' | 'idDigest' | 'payload'>,
): AdapterPayload => JSON.parse(cipher.decrypt(row.payload, aadOf(row.model, row.idDigest))) as AdapterPayload

const digestOf = (value: string | undefined): string | null => (value === undefined ? null : digest(value))

/** A token of an application for itself ends with the credential that it was given out for: the payload keeps its digest. */
type CredentialBound = AdapterPayload & { readonly credentialDigest?: string }
const credentialOf = (client: AdapterPayload | undefined): string =>
  digest(JSON.stringify([client?.client_secret ?? null, client?.jwks ?? null, client?.jwks_uri ?? null]))

/** Milliseconds by which the end of a session may lag behind: it slides with use, and is not written each time. */
const SLIDE_MS = 3_600_000
/** What is used together with its grant and its session: the protocol library asks for all three. */
const WITH_COMPANIONS: ReadonlySet<string> = new Set(['AuthorizationCode', 'AccessToken', 'RefreshToken'])

const grantKey = (idDigest: string | null): string => `grant:${idDigest}`
const sessionKey = (uidDigest: string | null): string => `protocol session:${uidDigest}`
const savedKey = (idDigest: string): string => `saved session:${idDigest}`

/** The members of a session that matter for whether it must be written: all but its own times. */
const contentOf = ({ exp: _exp, iat: _iat, ...rest }: AdapterPayload): string =>
  JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)))

const storedArtifacts = ({ db, cipher, clock }: StorageDeps, model: string) => {
  const isRow = (idDigest: string) => and(eq(oidcArtifacts.model, model), eq(oidcArtifacts.idDigest, idDigest))
  const toPayload = (row: Row | undefined): AdapterPayload | undefined => {
    if (!row || (row.expiresAt && row.expiresAt <= clock.now())) return undefined
    const payload = decryptArtifact(cipher, row)
    return row.consumedAt ? { ...payload, consumed: Math.floor(row.consumedAt.getTime() / 1000) } : payload
  }
  /** One statement for a code or token with its grant and its session, which are remembered for this request. */
  const findWithCompanions = async (idDigest: string): Promise<AdapterPayload | undefined> => {
    const digestIn = (column: 'grantDigest' | 'uidDigest') =>
      sql`(${db.select({ value: oidcArtifacts[column] }).from(oidcArtifacts).where(isRow(idDigest))})`
    const rows = await db
      .select()
      .from(oidcArtifacts)
      .where(
        or(
          isRow(idDigest),
          and(eq(oidcArtifacts.model, 'Grant'), eq(oidcArtifacts.idDigest, digestIn('grantDigest'))),
          and(eq(oidcArtifacts.model, 'Session'), eq(oidcArtifacts.uidDigest, digestIn('uidDigest'))),
        ),
      )
    for (const row of rows) {
      if (row.model === 'Grant') rememberInRequest(grantKey(row.idDigest), toPayload(row))
      if (row.model === 'Session') rememberInRequest(sessionKey(row.uidDigest), toPayload(row))
    }
    return toPayload(rows.find((row) => row.model === model))
  }
  return {
    async findBy(column: 'idDigest' | 'uidDigest' | 'userCodeDigest', value: string) {
      if (column === 'idDigest' && WITH_COMPANIONS.has(model)) return findWithCompanions(digest(value))
      const [row] = await db
        .select()
        .from(oidcArtifacts)
        .where(and(eq(oidcArtifacts.model, model), eq(oidcArtifacts[column], digest(value))))
      const payload = toPayload(row)
      if (row && payload && model === 'Session')
        rememberInRequest(savedKey(row.idDigest), { content: contentOf(payload), expiresAt: row.expiresAt })
      return payload
    },
    /** Whether a session is stored as it is, and its end is not far behind. */
    async isSaved(id: string, payload: AdapterPayload, expiresIn: number | undefined): Promise<boolean> {
      if (model !== 'Session' || expiresIn === undefined) return false
      const saved = await recallInRequest<{ content: string; expiresAt: Date | null }>(savedKey(digest(id)))
      const end = clock.now().getTime() + expiresIn * 1000
      return saved?.content === contentOf(payload) && end - (saved.expiresAt?.getTime() ?? 0) < SLIDE_MS
    },
    async upsert(id: string, payload: AdapterPayload, expiresIn: number | undefined): Promise<void> {
      const idDigest = digest(id)
      const values = {
        grantDigest: digestOf(payload.grantId),
        // A code or token names the session that it ends with.
        uidDigest: digestOf(payload.uid ?? (payload.sessionUid as string | undefined)),
        userCodeDigest: digestOf(payload.userCode),
        accountId: payload.accountId ?? null,
        payload: cipher.encrypt(JSON.stringify(payload), aadOf(model, idDigest)),
        expiresAt: expiresIn ? new Date(clock.now().getTime() + expiresIn * 1000) : null,
      }
      await db
        .insert(oidcArtifacts)
        .values({ model, idDigest, ...values })
        .onConflictDoUpdate({ target: [oidcArtifacts.model, oidcArtifacts.idDigest], set: values })
    },
    /** Of two that use a code or refresh token at the same moment, one gets it (RFC 6749, section 4.1.2). */
    async consume(id: string): Promise<void> {
      const taken = await db
        .update(oidcArtifacts)
        .set({ consumedAt: clock.now() })
        .where(and(isRow(digest(id)), isNull(oidcArtifacts.consumedAt)))
        .returning({ id: oidcArtifacts.idDigest })
      if (taken.length === 0) throw new errors.InvalidGrant('already used')
    },
    async destroy(id: string): Promise<void> {
      await db.delete(oidcArtifacts).where(isRow(digest(id)))
    },
    async revokeByGrantId(grantId: string): Promise<void> {
      await db
        .delete(oidcArtifacts)
        .where(and(eq(oidcArtifacts.model, model), eq(oidcArtifacts.grantDigest, digest(grantId))))
    },
  }
}

/** The protocol's storage on PostgreSQL: any number of nodes see the same codes, tokens and sessions. */
export const createAdapter =
  (deps: StorageDeps, { findClient, openAccessToken }: AdapterOptions) =>
  (model: string): Adapter => {
    const stored = storedArtifacts(deps, model)
    const find = async (id: string): Promise<AdapterPayload | undefined> => {
      if (model === 'Client') return findClient(id)
      if (model === 'AccessToken') return stored.findBy('idDigest', await openAccessToken(id))
      if (model !== 'ClientCredentials') return stored.findBy('idDigest', id)
      const payload = (await stored.findBy('idDigest', await openAccessToken(id))) as CredentialBound | undefined
      const client = payload?.clientId === undefined ? undefined : await findClient(payload.clientId)
      return client && timingSafeEqualText(payload?.credentialDigest ?? '', credentialOf(client)) ? payload : undefined
    }
    return {
      async upsert(id, payload, expiresIn) {
        if (await stored.isSaved(id, payload, expiresIn)) return
        if (model === 'Grant') forgetInRequest(grantKey(digest(id)))
        if (model === 'Session') forgetInRequest(sessionKey(digestOf(payload.uid)))
        const bound =
          model === 'ClientCredentials' && payload.clientId !== undefined
            ? { ...payload, credentialDigest: credentialOf(await findClient(payload.clientId)) }
            : payload
        await stored.upsert(id, bound, expiresIn)
      },
      find: (id) => (model === 'Grant' ? oncePerRequest(grantKey(digest(id)), () => find(id)) : find(id)),
      findByUid: (uid) =>
        model === 'Session'
          ? oncePerRequest(sessionKey(digest(uid)), () => stored.findBy('uidDigest', uid))
          : stored.findBy('uidDigest', uid),
      findByUserCode: (userCode) => stored.findBy('userCodeDigest', userCode),
      consume: (id) => stored.consume(id),
      async destroy(id) {
        if (model === 'Grant') forgetInRequest(grantKey(digest(id)))
        await stored.destroy(id)
      },
      revokeByGrantId: (grantId) => stored.revokeByGrantId(grantId),
    }
  }

const BATCH = 1000

/** Removes artifacts that have expired, in batches: a flood of them must not hold one long transaction. */
export const sweepArtifacts = async ({ db, clock }: StorageDeps): Promise<void> => {
  for (;;) {
    const expired = db
      .select({ idDigest: oidcArtifacts.idDigest })
      .from(oidcArtifacts)
      .where(lt(oidcArtifacts.expiresAt, clock.now()))
      .limit(BATCH)
    const gone = await db
      .delete(oidcArtifacts)
      .where(and(lt(oidcArtifacts.expiresAt, clock.now()), inArray(oidcArtifacts.idDigest, expired)))
      .returning({ idDigest: oidcArtifacts.idDigest })
    if (gone.length < BATCH) return
  }
}
