import { eq } from 'drizzle-orm'
import { limitRate } from '../organizations/index.ts'
import { askToConfirm } from './confirm-email.ts'
import { rememberDevice } from './known-devices.ts'
import { callerFrom, type Entered, type Origin, type Parts } from './parts.ts'
import { users } from './schema.ts'
import { openSession } from './sessions.ts'
import { asConflict, insertUser } from './store.ts'

const rule = { limit: 20, windowMs: 3_600_000 } as const

/**
 * Opens an account in the application's organization, signs the person in, and asks them by mail to confirm their address.
 * @throws {Refusal} CONFLICT when name or e-mail is taken in the organization; TOO_MANY_REQUESTS
 */
export const signUp = async (
  parts: Parts,
  input: Origin & {
    application: string
    organization: string
    username: string
    displayName: string
    email: string
    password: string
  },
): Promise<Entered> => {
  const { db, audit } = parts
  const at = parts.clock.now()
  await limitRate(db, `sign-up:${input.address}`, rule, at)
  const row = await asConflict(() =>
    db.transaction(async (tx) => {
      const made = await insertUser(tx, { ...input, name: input.username }, at)
      await tx.update(users).set({ lastSignInAt: at }).where(eq(users.id, made.id))
      await audit.append(tx, {
        organization: input.organization,
        actor: `${input.organization}/${input.username}`,
        action: 'signup',
        target: `${input.organization}/${input.username}`,
        address: input.address,
      })
      await askToConfirm(parts, tx, made)
      return made
    }),
  )
  const token = await openSession(parts, row, input.application, input, ['pwd'])
  const device = await rememberDevice(parts, db, input.device, row.id)
  return { token, device, caller: callerFrom(row, input.application, input.address, parts.clock.now(), ['pwd']) }
}
