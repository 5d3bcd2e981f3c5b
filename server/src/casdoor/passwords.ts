import { type Caller, changePassword, findUser, setPassword as setAccountPassword } from '../accounts/index.ts'
import { stringField } from './body.ts'
import type { Call } from './call.ts'
import type { Deps } from './deps.ts'
import { CasdoorError, type Envelope, notSignedIn, ok, unauthorized } from './envelope.ts'
import { actorOf, requireAdministrator, requireOrganization } from './principal.ts'

/** As on our own pages. */
const MIN_LENGTH = 10
const MAX_LENGTH = 1_000

/** @throws {CasdoorError} for a new password that is too short or too long */
export const assertPassword = (password: string): void => {
  if (password.length < MIN_LENGTH || password.length > MAX_LENGTH)
    throw new CasdoorError(`A password must have at least ${MIN_LENGTH} characters`, 'INVALID_INPUT')
}

/**
 * The person whose password an administrator or an application sets. A verified person chooses their own: with a password of somebody
 * else's choice that person could act under a verified name.
 */
const assertMaySetPassword = async (deps: Deps, caller: Caller, owner: string, name: string): Promise<void> => {
  const user = await findUser(deps.accounts, requireOrganization(caller, owner), name)
  if (!user) throw new CasdoorError(`The user: ${owner}/${name} doesn't exist`, 'NOT_FOUND')
  if (user.isAdmin && caller.userId === '') throw unauthorized()
}

/**
 * POST /api/set-password. A person gives their old password. An administrator, or an application that manages people, may leave it out
 * for people who are not verified: they have to choose another one at the next sign-in, and are told by email.
 */
export const setPassword = async (deps: Deps, call: Call): Promise<Envelope> => {
  const { principal, body } = call
  if (!principal) throw notSignedIn()
  const owner = stringField(body, 'userOwner')
  const name = stringField(body, 'userName')
  const current = stringField(body, 'oldPassword')
  const next = stringField(body, 'newPassword')
  assertPassword(next)
  if (principal.kind === 'person' && owner === principal.caller.organization && name === principal.caller.name) {
    await changePassword(deps.accounts, principal.caller, principal.token, current, next)
    return ok(null)
  }
  const caller = requireAdministrator(call)
  await assertMaySetPassword(deps, caller, owner, name)
  await setAccountPassword(deps.accounts, actorOf(caller), owner, name, {
    next,
    ...(current === '' ? {} : { current }),
  })
  return ok(null)
}
