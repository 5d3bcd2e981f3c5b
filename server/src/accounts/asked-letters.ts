import { randomUUID } from 'node:crypto'
import { Refusal } from '@veridoor/contract'
import { digest, type JobKind } from '@veridoor/foundation'
import { z } from 'zod'
import { limitRate } from '../organizations/index.ts'
import { sendCode } from './email-code.ts'
import { sendPasswordLink } from './forgotten-password.ts'
import { knownDevice } from './known-devices.ts'
import type { Parts } from './parts.ts'
import { findBySignInName, findRowById } from './store.ts'

/** What people ask for by a name or address, before they have shown who they are. */
export const askedLetterJob = {
  queue: 'account-letter',
  payload: z.object({
    letter: z.enum(['password', 'code']),
    /** Of the account, or of none: an unknown name gets a job as well. */
    userId: z.uuid(),
    application: z.string(),
    /** What the letters are counted by: a digest. */
    budget: z.string(),
    /** Digest of the browser that asked. */
    browser: z.string(),
  }),
} satisfies JobKind<z.ZodType>

/** By one address, whatever is asked for: this one is told. */
const addressRule = { limit: 20, windowMs: 900_000 } as const
/** To one account: nobody is told. A known device has a budget of its own, so that strangers cannot use up the owner's. */
const accountRule = { limit: 5, windowMs: 3_600_000 } as const

/**
 * Asks for a letter. The same answer, after the same work, whether there is such an account or not: whatever depends on that
 * is left to the job.
 * @throws {Refusal} TOO_MANY_REQUESTS, by the asker's address only
 */
export const askForLetter = async (
  parts: Parts,
  input: {
    letter: 'password' | 'code'
    organization: string
    application: string
    username: string
    address: string
    device: string | undefined
    /** Binds a code to the browser that asks. */
    browser: string
  },
): Promise<void> => {
  await limitRate(parts.db, `letter:${input.address}`, addressRule, parts.clock.now())
  const row = await findBySignInName(parts.db, input.organization, input.username)
  const known = await knownDevice(parts, input.device, row?.id)
  const userId = row?.id ?? randomUUID()
  await parts.jobs.send(askedLetterJob, {
    letter: input.letter,
    userId,
    application: input.application,
    budget: known ?? digest(`account:${userId}`),
    browser: digest(input.browser),
  })
}

/** Writes a letter that was asked for, if there is somebody to write to and it is not one too many. */
export const writeAskedLetter = async (parts: Parts, asked: z.infer<typeof askedLetterJob.payload>): Promise<void> => {
  const row = await findRowById(parts.db, asked.userId)
  if (!row || row.isForbidden || row.email === '') return
  try {
    await limitRate(parts.db, `${asked.letter}-letter:${asked.budget}`, accountRule, parts.clock.now())
  } catch (error) {
    if (error instanceof Refusal) return
    throw error
  }
  if (asked.letter === 'password') await sendPasswordLink(parts, row, asked.application)
  else await sendCode(parts, row, asked.browser)
}
