import type { JWK } from 'jose'

/** Milliseconds for which the keys are not looked up anew: a rotation counts everywhere within a second. */
const FRESH_MS = 1000
/** Milliseconds between two lookups for key ids that nobody knows: those who make them up must not keep the database busy. */
const UNKNOWN_KEY_MS = 1000

export type KeyRing = Awaited<ReturnType<typeof createKeyRing>>

/** Where the keys are stored. */
export type KeySource = {
  /** All keys that sign or still check tokens, newest first. */
  readonly load: () => Promise<readonly JWK[]>
  /** The key ids of the same keys in the same order: cheap, without a lock and without decrypting. */
  readonly keyIds: () => Promise<readonly string[]>
}

/**
 * The signing keys as this node knows them. Whoever rotates them, here or on another node, each running node follows within a second: it
 * signs with the new ones, publishes them, and takes what others signed with them.
 */
export const createKeyRing = async ({ load, keyIds }: KeySource) => {
  let keys = await load()
  let lookedAt = Date.now()
  let lookedForUnknownAt = 0
  let looking: Promise<void> | undefined

  /** The list stays the same object while the keys stay the same. */
  const look = async (): Promise<void> => {
    const ids = await keyIds()
    if (ids.join() !== keys.map(({ kid }) => kid).join()) keys = await load()
  }
  /** One lookup at a time, however many requests wait for it. Where the database does not answer, the known keys stay. */
  const lookOnce = (): Promise<void> => {
    lookedAt = Date.now()
    looking ??= look()
      .catch(() => undefined)
      .finally(() => {
        looking = undefined
      })
    return looking
  }
  const recent = async (): Promise<readonly JWK[]> => {
    if (looking || Date.now() - lookedAt >= FRESH_MS) await lookOnce()
    return keys
  }

  return {
    /** Newest first, at most a second old. */
    recent,
    /** As they are at this moment: one cheap lookup, shared by all who wait for it. */
    async current(): Promise<readonly JWK[]> {
      await lookOnce()
      return keys
    },
    /** The key of an id, which another node may have begun to use this moment. */
    async find(kid: string): Promise<JWK | undefined> {
      const known = (await recent()).find((jwk) => jwk.kid === kid)
      if (known || Date.now() - lookedForUnknownAt < UNKNOWN_KEY_MS) return known
      lookedForUnknownAt = Date.now()
      await lookOnce()
      return keys.find((jwk) => jwk.kid === kid)
    },
  }
}

/**
 * What is made from the keys, made anew when they change.
 *
 * @param make called at once, and again at most once per change
 */
export const followKeys = async <Made>(ring: KeyRing, make: (keys: readonly JWK[]) => Made) => {
  let known = await ring.recent()
  let made = make(known)
  return async (): Promise<Made> => {
    const keys = await ring.recent()
    if (keys !== known) {
      known = keys
      made = make(keys)
    }
    return made
  }
}
