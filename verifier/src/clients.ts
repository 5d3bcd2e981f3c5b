import { type Executor, keyedDigest, type SecretBox, sameText } from '@veridoor/foundation'
import { eq } from 'drizzle-orm'
import { type Client, clients, type LivenessMode } from './schema.ts'

const digestOf = (box: SecretBox, secret: string): string => keyedDigest(box.derive('api client secret'), secret)

/** The client of a Basic header, or null. The same work for an unknown token and a wrong secret. */
export const authenticate = async (
  ex: Executor,
  box: SecretBox,
  header: string | undefined,
): Promise<Client | null> => {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '') ?? []
  if (!encoded) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const split = text.indexOf(':')
  if (split < 1) return null
  const [client] = await ex
    .select()
    .from(clients)
    .where(eq(clients.token, text.slice(0, split)))
  const fits = sameText(client?.secretDigest ?? '', digestOf(box, text.slice(split + 1)))
  return client && fits ? client : null
}

/** The first client, from the environment; its secret follows the environment at each start. */
export const seedClient = async (
  ex: Executor,
  box: SecretBox,
  client: { token: string; secret: string; name: string; retentionDays: number; liveness: LivenessMode },
  now: Date,
): Promise<void> => {
  const secretDigest = digestOf(box, client.secret)
  const { liveness } = client
  await ex
    .insert(clients)
    .values({
      token: client.token,
      secretDigest,
      name: client.name,
      retentionDays: client.retentionDays,
      liveness,
      createdAt: now,
    })
    .onConflictDoUpdate({
      target: clients.token,
      set: { secretDigest, name: client.name, retentionDays: client.retentionDays, liveness },
    })
}
