import type { CommonSettings } from '@veridoor/providers'
import type { Parts } from './parts.ts'
import type { VerificationRow } from './store.ts'

const DAY_MS = 86_400_000

/** The settings of a check's provider; undefined when it was deleted or its settings cannot be read. */
export const settingsOf = async (
  parts: Parts,
  row: Pick<VerificationRow, 'id' | 'providerOwner' | 'providerName'>,
): Promise<CommonSettings | undefined> => {
  const provider = await parts.organizations.findProvider(row.providerOwner, row.providerName)
  if (!provider) return undefined
  try {
    return parts.organizations.openProvider(provider).settings
  } catch (error) {
    parts.log.warn('verification.provider_not_ready', { verification: row.id, error })
    return undefined
  }
}

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
  return new Date(Math.max(endedAt.getTime(), linkEndsAt?.getTime() ?? 0) + days * DAY_MS)
}
