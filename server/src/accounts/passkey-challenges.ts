import { digest } from '@veridoor/foundation'
import { and, eq, gt } from 'drizzle-orm'
import type { AccountsDeps } from './deps.ts'
import { passkeyChallenges } from './schema.ts'

const LIFETIME_MS = 300_000

/**
 * Whom a challenge is for: a person who adds a passkey, or one browser that signs in. Part of what is stored, so that an answer
 * caught elsewhere fits no other's request.
 */
export type Holder = { readonly userId: string } | { readonly browser: string }

const digestOf = (holder: Holder, challenge: string): string =>
  digest('userId' in holder ? `person:${holder.userId}:${challenge}` : `browser:${holder.browser}:${challenge}`)

/** Keeps a challenge for five minutes, as a digest that only an answer of its holder fits. */
export const keepChallenge = async (deps: AccountsDeps, holder: Holder, challenge: string): Promise<void> => {
  await deps.db.insert(passkeyChallenges).values({
    challengeDigest: digestOf(holder, challenge),
    userId: 'userId' in holder ? holder.userId : null,
    expiresAt: new Date(deps.clock.now().getTime() + LIFETIME_MS),
  })
}

/** True once, within five minutes, for its holder only (WebAuthn 13.4.3: challenges against replay). */
export const takeChallenge = async (deps: AccountsDeps, holder: Holder, challenge: string): Promise<boolean> => {
  const taken = await deps.db
    .delete(passkeyChallenges)
    .where(
      and(
        eq(passkeyChallenges.challengeDigest, digestOf(holder, challenge)),
        gt(passkeyChallenges.expiresAt, deps.clock.now()),
      ),
    )
  return taken.rowCount === 1
}
