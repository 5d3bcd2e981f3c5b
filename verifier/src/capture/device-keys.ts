import { digest, isUuid, newToken } from '@veridoor/foundation'
import type { FastifyRequest } from 'fastify'
import type { DeviceKey } from '../session/devices.ts'
import type { Session } from '../session/schema.ts'

/** Seconds: longer than any check, so that a closed tab finds its way back. */
const KEEP_SEC = 86_400

/** The keys that this device holds, from its cookies. */
export const keysOf = (request: FastifyRequest): DeviceKey[] =>
  (request.headers.cookie ?? '').split(';').flatMap((pair) => {
    const [, session, key] = /^\s*capture_([0-9a-f-]{36})=([\w-]{43})\s*$/.exec(pair) ?? []
    return session && isUuid(session) && key ? [{ session, digest: digest(key) }] : []
  })

/** A new key for a device: its digest to be kept, and the HttpOnly cookie, which no script reads and no other site sends. */
export const newKey = (session: string, isSecure: boolean): { digest: string; cookie: string } => {
  const key = newToken()
  const cookie = `capture_${session}=${key}; Path=/capture/api; Max-Age=${KEEP_SEC}; HttpOnly; SameSite=Strict`
  return { digest: digest(key), cookie: isSecure ? `${cookie}; Secure` : cookie }
}

/** What a device is to a check; null for a device that the check is not open on. */
export const roleOf = (keys: readonly DeviceKey[], session: Session): 'doing' | 'following' | null => {
  const own = keys.find((key) => key.session === session.id)?.digest
  if (!own) return null
  return own === session.device ? 'doing' : own === session.follower ? 'following' : null
}
