import { ApiError, explained } from '@veridoor/contract'
import { type Picture, ProviderError } from '@veridoor/providers'
import type { Caller } from '../accounts/index.ts'
import { enforceRateLimit } from '../budgets/index.ts'
import { auditOf, type Deps, LOOK_ACTION } from './deps.ts'
import { assertMayAdminister } from './may.ts'
import { openProviderOf } from './open-provider.ts'
import { refusalOfFault } from './provider-faults.ts'
import { findById, type VerificationRow } from './store.ts'

/** Whether the operator lets reviewers look, and the provider's type can show. */
export const canShowPictures = async (deps: Deps, row: VerificationRow): Promise<boolean> => {
  if (!row.providerReference || row.erasedAt || row.state === 'waiting' || row.state === 'created') return false
  const opened = await openProviderOf(deps, row)
  return opened?.settings.showPictures === true && opened.adapter.fetchPictures !== undefined
}

const refusedBecause = (message: string): ApiError =>
  new ApiError('PICTURES_CLOSED', { fields: [{ path: 'pictures', message }] })

const recordLook = (
  deps: Deps,
  caller: Caller,
  row: VerificationRow,
  { reason, result }: { reason: string; result: 'ok' | 'failed' },
): Promise<void> =>
  deps.db.transaction((tx) =>
    deps.audit.append(tx, {
      ...auditOf(row),
      actor: caller.actor,
      action: LOOK_ACTION,
      reasons: [reason],
      result,
      address: caller.address,
    }),
  )

/** @throws {ApiError} NOT_FOUND, PICTURES_CLOSED, PROVIDER_OUTAGE */
const fetchPictures = async (deps: Deps, row: VerificationRow): Promise<readonly Picture[]> => {
  const opened = await openProviderOf(deps, row)
  if (!opened || !row.providerReference) throw new ApiError('NOT_FOUND')
  try {
    return (await opened.adapter.fetchPictures?.(row.providerReference)) ?? []
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    if (error.fault === 'not_found') throw refusedBecause('The provider does not have these pictures any more.')
    throw new ApiError('PROVIDER_OUTAGE', { ...explained(refusalOfFault(error)), cause: error })
  }
}

/**
 * Shows the pictures of one check to an administrator of the person's organization. They come from the provider at that moment
 * and are kept nowhere here. The look is recorded before anything is fetched, so that none goes unseen; one that showed nothing is
 * followed by a line that says so.
 *
 * @throws {ApiError} NOT_FOUND, FORBIDDEN, PICTURES_CLOSED when they are not to be shown or gone, TOO_MANY_REQUESTS, PROVIDER_OUTAGE
 */
export const lookAtPictures = async (
  deps: Deps,
  caller: Caller,
  id: string,
  reason: string,
): Promise<readonly Picture[]> => {
  const { db, clock } = deps
  const row = await findById(db, id)
  if (!row) throw new ApiError('NOT_FOUND')
  assertMayAdminister(caller, row)
  if (!(await canShowPictures(deps, row)))
    throw refusedBecause('The provider has none, or its settings keep them closed.')
  await enforceRateLimit(db, `pictures:${caller.userId}`, { limit: 30, windowMs: 600_000 }, clock.now())
  await recordLook(deps, caller, row, { reason, result: 'ok' })
  try {
    const pictures = await fetchPictures(deps, row)
    // Nothing was seen: such a look does not stand for one when the reviewer approves.
    if (pictures.length === 0) await recordLook(deps, caller, row, { reason, result: 'failed' })
    return pictures
  } catch (error) {
    await recordLook(deps, caller, row, { reason, result: 'failed' })
    throw error
  }
}
