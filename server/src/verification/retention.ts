import type { CommonSettings } from '@veridoor/providers'
import type { Deps } from './deps.ts'
import { type AtProvider, openProviderOf } from './open-provider.ts'

const DAY_MS = 86_400_000
/** Results that are on their way when a link ends arrive within this time. */
export const GRACE_MS = 20 * 60_000

/** The settings of a check's provider; undefined when it was deleted or its settings cannot be read. */
export const settingsOf = async (deps: Deps, row: AtProvider): Promise<CommonSettings | undefined> =>
  (await openProviderOf(deps, row))?.settings

/**
 * When the provider is told to delete a check that has ended: the operator's days after its end; null where they want it kept.
 * @param linkEndsAt of a check that ended without a result: until then pictures may still be sent
 */
export const eraseAfterOf = (
  settings: Pick<CommonSettings, 'retentionDays'> | undefined,
  endedAt: Date,
  linkEndsAt: Date | null = null,
): Date | null => {
  const days = settings?.retentionDays ?? null
  if (days === null) return null
  const keptMs = days * DAY_MS
  return new Date(
    Math.max(endedAt.getTime() + keptMs, linkEndsAt ? linkEndsAt.getTime() + Math.max(keptMs, GRACE_MS) : 0),
  )
}
