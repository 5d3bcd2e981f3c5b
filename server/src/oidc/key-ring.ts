import type { JWK } from 'jose'

/** Keys are looked up anew at most this often, in milliseconds: within it a running node follows a rotation. */
const LOOK_AGAIN_MS = 5000

export type KeyRing = Awaited<ReturnType<typeof createKeyRing>>

/**
 * The signing keys as this node knows them. Whoever rotates them, here or on another node, each running one follows within seconds:
 * it signs with the new ones and takes what others signed with them. Key ids that nobody knows bring one look in five seconds: who makes
 * them up must not keep the database busy.
 *
 * @param load all keys that sign or still check tokens, newest first
 */
export const createKeyRing = async (load: () => Promise<readonly JWK[]>) => {
  let keys = await load()
  let lookedAt = Date.now()
  let lookedForStrangerAt = 0
  let looking: Promise<void> | undefined

  /** The list stays the same object while the keys stay the same. */
  const look = async (): Promise<void> => {
    const found = await load()
    if (found.map(({ kid }) => kid).join() !== keys.map(({ kid }) => kid).join()) keys = found
  }

  return {
    /** Newest first, at most five seconds old; where the database does not answer, those known before. */
    async recent(): Promise<readonly JWK[]> {
      if (Date.now() - lookedAt > LOOK_AGAIN_MS) {
        lookedAt = Date.now()
        looking = look()
          .catch(() => undefined)
          .finally(() => {
            looking = undefined
          })
      }
      await looking
      return keys
    },
    /** The key of an id, which another node may have begun to use this moment. */
    async find(kid: string): Promise<JWK | undefined> {
      const known = (await this.recent()).find((jwk) => jwk.kid === kid)
      if (known || Date.now() - lookedForStrangerAt < LOOK_AGAIN_MS) return known
      lookedForStrangerAt = Date.now()
      return (await this.now()).find((jwk) => jwk.kid === kid)
    },
    /** As they are now. @throws when the database does not answer */
    async now(): Promise<readonly JWK[]> {
      await look()
      return keys
    },
  }
}

/**
 * What is made from the keys, made anew when they change.
 *
 * @param make called at once, and again at most once per change
 */
export const followKeys = async <Made>(ring: KeyRing, make: (keys: readonly JWK[]) => Made) => {
  let of = await ring.recent()
  let made = make(of)
  return async (): Promise<Made> => {
    const keys = await ring.recent()
    if (keys !== of) {
      of = keys
      made = make(keys)
    }
    return made
  }
}
