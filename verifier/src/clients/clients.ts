import { randomBytes } from 'node:crypto'
import { type EnvelopeCipher, type Executor, keyedDigest, newToken, timingSafeEqualText } from '@veridoor/foundation'
import { and, asc, eq, ne } from 'drizzle-orm'
import { type Client, clients } from '../session/schema.ts'
import { type ClientSettings, defaultSettings } from './client-settings.ts'

const digestOf = (cipher: EnvelopeCipher, secret: string): string =>
  keyedDigest(cipher.derive('api client secret'), secret)

/** The client of a token and its secret, or null. The same work for an unknown token and a wrong secret. */
export const authenticatePair = async (
  ex: Executor,
  cipher: EnvelopeCipher,
  pair: { token: string; secret: string },
): Promise<Client | null> => {
  const client = await findClient(ex, pair.token)
  const fits = timingSafeEqualText(client?.secretDigest ?? '', digestOf(cipher, pair.secret))
  return client && fits && !client.disabledAt ? client : null
}

/**
 * What an access token of the Platform speaks for: the client and the secret it was given for, so that a new secret ends the
 * tokens of the old one.
 */
export const accessSubject = (client: Client): string => `${client.token}:${client.secretDigest.slice(0, 16)}`

/** The client an access token's subject names. Undefined when it is disabled, or its secret is another one by now. */
export const clientOfSubject = async (ex: Executor, subject: string): Promise<Client | undefined> => {
  const [client] = await ex
    .select()
    .from(clients)
    .where(eq(clients.token, subject.slice(0, subject.lastIndexOf(':'))))
  return client && !client.disabledAt && timingSafeEqualText(subject, accessSubject(client)) ? client : undefined
}

/**
 * The first client, from the environment. Its secret follows the environment at each start; its settings only at the first one:
 * after that they are the portal's. A client that stood in the environment before is the portal's altogether: it goes on until
 * somebody disables it or gives it another secret there.
 */
export const seedClient = async (
  ex: Executor,
  cipher: EnvelopeCipher,
  { token, secret, ...settings }: { token: string; secret: string } & Partial<ClientSettings>,
  now: Date,
): Promise<void> => {
  const secretDigest = digestOf(cipher, secret)
  await ex
    .insert(clients)
    .values({
      ...defaultSettings,
      ...settings,
      token,
      secretDigest,
      fromEnvironment: true,
      createdAt: now,
    })
    .onConflictDoUpdate({ target: clients.token, set: { secretDigest, fromEnvironment: true } })
  await ex
    .update(clients)
    .set({ fromEnvironment: false })
    .where(and(ne(clients.token, token), eq(clients.fromEnvironment, true)))
}

/** A client by its token, disabled or not; undefined when nobody has that token. */
export const findClient = async (ex: Executor, token: string): Promise<Client | undefined> => {
  // No token holds one, and the database takes none.
  if (token.includes('\0')) return undefined
  const [row] = await ex.select().from(clients).where(eq(clients.token, token))
  return row
}

/** All clients, disabled ones too, the oldest first. */
export const listClients = (ex: Executor): Promise<Client[]> =>
  ex.select().from(clients).orderBy(asc(clients.createdAt), asc(clients.token))

/** A new client. Its secret is handed out here, once: what is kept is a digest. */
export const createClient = async (
  ex: Executor,
  cipher: EnvelopeCipher,
  settings: ClientSettings,
  now: Date,
): Promise<{ token: string; secret: string }> => {
  const pair = { token: randomBytes(16).toString('hex'), secret: newToken() }
  await ex
    .insert(clients)
    .values({ ...settings, token: pair.token, secretDigest: digestOf(cipher, pair.secret), createdAt: now })
  return pair
}

/** Another secret; the old one ends at once. Null for a client whose secret is the environment's. */
export const rotateSecret = async (ex: Executor, cipher: EnvelopeCipher, token: string): Promise<string | null> => {
  const secret = newToken()
  const changed = await ex
    .update(clients)
    .set({ secretDigest: digestOf(cipher, secret) })
    .where(and(eq(clients.token, token), eq(clients.fromEnvironment, false)))
    .returning({ token: clients.token })
  return changed.length > 0 ? secret : null
}

/** Sets what `change` names and nothing else; for a token that nobody has nothing happens. */
export const changeClient = async (
  ex: Executor,
  token: string,
  change: Partial<ClientSettings> & { disabledAt?: Date | null },
): Promise<void> => {
  await ex.update(clients).set(change).where(eq(clients.token, token))
}

/** Notes for the operator how a client calls. */
export const noteClient = async (
  ex: Executor,
  token: string,
  note: Partial<Pick<Client, 'unnamedAgent' | 'unnamedAgentAt' | 'personalReferenceAt'>>,
): Promise<void> => {
  await ex.update(clients).set(note).where(eq(clients.token, token))
}
