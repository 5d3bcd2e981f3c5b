import { ApiError, OwnUserName, PhoneNumber, readField, type SignUpFields } from '@veridoor/contract'
import { networkKey } from '@veridoor/foundation'
import { eq } from 'drizzle-orm'
import { enforceRateLimit } from '../budgets/index.ts'
import { findOrganization } from '../organizations/index.ts'
import { sendConfirmation } from './confirm-email.ts'
import { type AccountsDeps, callerFrom, type Origin, type SignInResult } from './deps.ts'
import { rememberDevice } from './known-devices.ts'
import { hashPassword } from './passwords.ts'
import { writeIdentity } from './save-identity.ts'
import { users } from './schema.ts'
import { openSession } from './sessions.ts'
import { asConflict, insertUser } from './store.ts'

const rule = { limit: 20, windowMs: 3_600_000 } as const

type Asked = { readonly [K in keyof SignUpFields]: string }

/**
 * What the application asks for, of what was sent: the rest is not taken, so that it learns no more than it said.
 * @throws {ApiError} INVALID_INPUT naming what is needed and missing
 */
const askedOf = (input: Asked & { fields: SignUpFields }): Asked => {
  const { fields } = input
  const missing = (Object.keys(fields) as (keyof SignUpFields)[]).filter(
    (field) => fields[field] === 'required' && input[field].trim() === '',
  )
  if (missing.length > 0)
    throw new ApiError('INVALID_INPUT', { fields: missing.map((path) => ({ path, message: 'This is needed.' })) })
  const taken = (field: keyof SignUpFields): string => (fields[field] === 'off' ? '' : input[field])
  return {
    email: taken('email'),
    displayName: taken('displayName'),
    realName: taken('realName'),
    phone: taken('phone'),
  }
}

/**
 * Opens an account in the application's organization, signs the person in, and asks them by mail to confirm their address.
 * An address that belongs to another account is not told to whoever signs up: its owner gets a message, and this account keeps it as a
 * claim that blocks nobody and lapses after a day.
 * @throws {ApiError} INVALID_INPUT when something is missing that the application asks for, or the name is reserved; CONFLICT when the name
 *   is taken in the organization; TOO_MANY_REQUESTS; BUSY
 */
export const signUp = async (
  deps: AccountsDeps,
  input: Origin & {
    application: string
    organization: string
    username: string
    displayName: string
    email: string
    realName: string
    phone: string
    password: string
    /** What the application asks for. */
    fields: SignUpFields
  },
): Promise<SignInResult> => {
  const { db, audit } = deps
  const at = deps.clock.now()
  await enforceRateLimit(db, `sign-up:${networkKey(input.address)}`, rule, at)
  const asked = askedOf(input)
  const username = readField('username', OwnUserName, input.username)
  const phone = readField('phone', PhoneNumber, asked.phone)
  const passwordHash = await hashPassword(deps, input.password)
  const row = await asConflict(() =>
    db.transaction(async (tx) => {
      const { application, organization } = input
      const made = await insertUser(
        tx,
        { application, organization, name: username, ...asked, passwordHash, isEmailClaimed: true },
        at,
      )
      await tx
        .update(users)
        .set({ lastSignInAt: at, ...(phone ? { extra: { phone } } : {}) })
        .where(eq(users.id, made.id))
      if (asked.realName) await writeIdentity(deps, tx, made, { realName: asked.realName })
      await audit.append(tx, {
        organization: input.organization,
        actor: `${input.organization}/${username}`,
        action: 'signup',
        target: `${input.organization}/${username}`,
        address: input.address,
      })
      await sendConfirmation(deps, tx, made)
      return made
    }),
  )
  const token = await openSession(deps, row, input.application, input, ['pwd'])
  const device = await rememberDevice(deps, db, input.device, row.id)
  const organization = await findOrganization(deps.organizations.db, row.organization)
  const session = {
    application: input.application,
    address: input.address,
    signedInAt: deps.clock.now(),
    methods: ['pwd'],
  }
  return { token, device, caller: callerFrom(row, organization, session) }
}
