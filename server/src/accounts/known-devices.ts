import { digest, type Executor, newToken } from '@veridoor/foundation'
import { and, desc, eq, gt, inArray, lt } from 'drizzle-orm'
import type { AccountsDeps } from './deps.ts'
import { knownDevices } from './schema.ts'

/** A browser that nobody signed in with for this long is a stranger again. */
export const DEVICE_DAYS = 180
const DAY_MS = 86_400_000
/** More than anybody uses; the ones used longest ago give way. */
const MOST = 50

/** The cookie alone names no account, and the table's value no cookie. */
export const deviceDigest = (device: string, userId: string): string => digest(`device:${device}:${userId}`)

/**
 * The digest of a browser that this account was signed in with before, else undefined. Asks the database for an unknown
 * account too, so that the time to answer does not tell which names exist.
 */
export const knownDevice = async (
  deps: AccountsDeps,
  device: string | undefined,
  userId: string | undefined,
): Promise<string | undefined> => {
  const wanted = deviceDigest(device || 'none', userId ?? 'nobody')
  const since = new Date(deps.clock.now().getTime() - DEVICE_DAYS * DAY_MS)
  const rows = await deps.db
    .select({ deviceDigest: knownDevices.deviceDigest })
    .from(knownDevices)
    .where(and(eq(knownDevices.deviceDigest, wanted), gt(knownDevices.lastSeenAt, since)))
  return device ? rows[0]?.deviceDigest : undefined
}

/** Remembers the browser of somebody who has shown who they are. @returns what the browser has to show next time */
export const rememberDevice = async (
  deps: AccountsDeps,
  ex: Executor,
  device: string | undefined,
  userId: string,
): Promise<string> => {
  // Only values of our own making: a short one could be guessed, and shared by many.
  const own = device && /^[\w-]{43}$/.test(device) ? device : newToken()
  const lastSeenAt = deps.clock.now()
  await ex
    .insert(knownDevices)
    .values({ deviceDigest: deviceDigest(own, userId), userId, lastSeenAt })
    .onConflictDoUpdate({ target: knownDevices.deviceDigest, set: { lastSeenAt } })
  const tooMany = ex
    .select({ deviceDigest: knownDevices.deviceDigest })
    .from(knownDevices)
    .where(eq(knownDevices.userId, userId))
    .orderBy(desc(knownDevices.lastSeenAt))
    .offset(MOST)
  await ex.delete(knownDevices).where(inArray(knownDevices.deviceDigest, tooMany))
  return own
}

/** From now on every browser is a stranger to this account. */
export const forgetDevices = async (ex: Executor, userId: string): Promise<void> => {
  await ex.delete(knownDevices).where(eq(knownDevices.userId, userId))
}

/** Forgets browsers that nobody signed in with for `DEVICE_DAYS`. */
export const sweepDevices = async (deps: AccountsDeps): Promise<void> => {
  const since = new Date(deps.clock.now().getTime() - DEVICE_DAYS * DAY_MS)
  await deps.db.delete(knownDevices).where(lt(knownDevices.lastSeenAt, since))
}
