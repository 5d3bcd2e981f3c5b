import { randomUUID } from 'node:crypto'
import { ApiError } from '@veridoor/contract'
import { digest, type JobKind, networkKey } from '@veridoor/foundation'
import { z } from 'zod'
import { enforceRateLimit } from '../budgets/index.ts'
import type { AccountsDeps } from './deps.ts'
import { sendCode } from './email-code.ts'
import { sendPasswordLink } from './forgotten-password.ts'
import { knownDevice } from './known-devices.ts'
import { findBySignInName, findRowById } from './store.ts'

/** What people ask for by a name or address, before they have shown who they are. */
export const requestedEmailJob = {
  queue: 'account-email',
  payload: z.object({
    email: z.enum(['password', 'code']),
    /** Of the account, or of none: an unknown name gets a job as well. */
    userId: z.uuid(),
    application: z.string(),
    /** What the emails are counted by: a digest. */
    budget: z.string(),
    /** Digest of the browser that requested. */
    browser: z.string(),
  }),
} satisfies JobKind<z.ZodType>

/** By one address, whatever is asked for: this one is told. */
const addressRule = { limit: 20, windowMs: 900_000 } as const
/** To one account: nobody is told. A known device has a budget of its own, so that strangers cannot use up the owner's. */
const accountRule = { limit: 5, windowMs: 3_600_000 } as const

/**
 * Requests an email. The same answer, after the same work, whether there is such an account or not: whatever depends on that
 * is left to the job.
 * @throws {ApiError} TOO_MANY_REQUESTS, by the asker's address only
 */
export const requestEmail = async (
  deps: AccountsDeps,
  input: {
    email: 'password' | 'code'
    organization: string
    application: string
    username: string
    address: string
    device: string | undefined
    /** Binds a code to the browser that asks. */
    browser: string
  },
): Promise<void> => {
  await enforceRateLimit(deps.db, `email:${networkKey(input.address)}`, addressRule, deps.clock.now())
  const row = await findBySignInName(deps.db, input.organization, input.username)
  const known = await knownDevice(deps, input.device, row?.id)
  const userId = row?.id ?? randomUUID()
  await deps.jobs.send(requestedEmailJob, {
    email: input.email,
    userId,
    application: input.application,
    budget: known ?? digest(`account:${userId}`),
    browser: digest(input.browser),
  })
}

/** Sends an email that was requested, if the account exists and its limit is not reached. */
export const sendRequestedEmail = async (
  deps: AccountsDeps,
  requested: z.infer<typeof requestedEmailJob.payload>,
): Promise<void> => {
  const row = await findRowById(deps.db, requested.userId)
  if (!row || row.isForbidden || row.email === '') return
  try {
    await enforceRateLimit(deps.db, `${requested.email}-email:${requested.budget}`, accountRule, deps.clock.now())
  } catch (error) {
    if (error instanceof ApiError) return
    throw error
  }
  if (requested.email === 'password') await sendPasswordLink(deps, row, requested.application)
  else await sendCode(deps, row, requested.browser)
}

/** Registers the queue of requested emails. */
export const declareAccountJobs = (deps: AccountsDeps): Promise<void> => deps.jobs.declare(requestedEmailJob)

/** Works on the queue of requested emails. */
export const workAccountJobs = (deps: AccountsDeps): Promise<void> =>
  deps.jobs.work(requestedEmailJob, (requested) => sendRequestedEmail(deps, requested))
