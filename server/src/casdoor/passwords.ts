import { changePassword, findUser, setPassword as setAccountPassword } from '../accounts/index.ts'
import type { Call, Deps } from './deps.ts'
import { type Envelope, Failure, ok, signInFirst, unauthorized } from './envelope.ts'
import { textIn } from './kept.ts'
import { administratorOf, within } from './principal.ts'

/** As on our own pages. */
const SHORTEST = 10

/** @throws {Failure} for a password that is too short for a new one */
export const assertPassword = (password: string): void => {
  if (password.length < SHORTEST || password.length > 1000)
    throw new Failure(`A password has ${SHORTEST} signs or more`, 'INVALID_INPUT')
}

/**
 * POST /api/set-password. A person gives their old password. An administrator, or an application for the people of its organization, may
 * leave it out: then the person chooses another one at the next sign-in. An application sets no administrator's.
 */
export const setPassword = async (deps: Deps, call: Call): Promise<Envelope> => {
  const { principal: asker, body } = call
  if (!asker) throw signInFirst()
  const owner = textIn(body, 'userOwner')
  const name = textIn(body, 'userName')
  const current = textIn(body, 'oldPassword')
  const next = textIn(body, 'newPassword')
  assertPassword(next)
  if (asker.kind === 'person' && owner === asker.caller.organization && name === asker.caller.name) {
    await changePassword(deps.accounts, asker.caller, asker.token, current, next)
    return ok(null)
  }
  const caller = administratorOf(call)
  const user = await findUser(deps.accounts, within(caller, owner), name)
  if (!user) throw new Failure(`The user: ${owner}/${name} doesn't exist`, 'NOT_FOUND')
  if (user.isAdmin && caller.userId === '') throw unauthorized()
  await setAccountPassword(deps.accounts, { name: caller.actor, address: caller.address }, owner, name, {
    next,
    ...(current === '' ? {} : { current }),
  })
  return ok(null)
}
