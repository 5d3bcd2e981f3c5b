import type { Adapter, CommonSettings } from '@veridoor/providers'
import { findProvider, openProvider } from '../organizations/index.ts'
import type { Deps } from './deps.ts'
import type { VerificationRow } from './store.ts'

/** What must be known of a check to open its provider. */
export type AtProvider = Pick<VerificationRow, 'id' | 'providerOwner' | 'providerName'>

/** The opened provider of a check; undefined when it was deleted or its settings cannot be read. */
export const openProviderOf = async (
  deps: Deps,
  row: AtProvider,
): Promise<{ adapter: Adapter; settings: CommonSettings } | undefined> => {
  const provider = await findProvider(deps.organizations.db, row.providerOwner, row.providerName)
  if (!provider) return undefined
  try {
    return openProvider(deps.organizations, provider)
  } catch (error) {
    deps.log.warn('verification.provider_not_ready', { verification: row.id, error })
    return undefined
  }
}
