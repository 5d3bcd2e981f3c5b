import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  verifyAuthenticationResponse,
} from '@simplewebauthn/server'
import { ApiError } from '@veridoor/contract'
import { networkKey } from '@veridoor/foundation'
import { eq } from 'drizzle-orm'
import { enforceRateLimit } from '../budgets/index.ts'
import { createSession } from './create-session.ts'
import type { AccountsDeps, Origin, SignInResult } from './deps.ts'
import { keepChallenge, takeChallenge } from './passkey-challenges.ts'
import { hostOf, originOf } from './passkeys.ts'
import { passkeys, users } from './schema.ts'
import { BUILT_IN } from './users.ts'

const rule = { limit: 120, windowMs: 900_000 } as const

/** The question to a browser, the same for everybody: no name is asked for, so none can be found out. */
export const startPasskeySignIn = async (deps: AccountsDeps, browser: string, address: string) => {
  await enforceRateLimit(deps.db, `passkey:${networkKey(address)}`, rule, deps.clock.now())
  const options = await generateAuthenticationOptions({ rpID: hostOf(deps), userVerification: 'required' })
  await keepChallenge(deps, { browser }, options.challenge)
  return options
}

/**
 * Opens a session for the holder of a passkey. Device and its PIN or finger are two factors: no code is asked on top.
 * @param input.organization whose people may sign in here, besides the installation's administrators
 * @throws {ApiError} PASSKEY_REFUSED; FORBIDDEN with account_suspended
 */
export const passkeySignIn = async (
  deps: AccountsDeps,
  input: Origin & { application: string; organization: string; browser: string; response: AuthenticationResponseJSON },
): Promise<SignInResult> => {
  const { response } = input
  const [found] = await deps.db
    .select({ passkey: passkeys, user: users })
    .from(passkeys)
    .innerJoin(users, eq(users.id, passkeys.userId))
    .where(eq(passkeys.id, response.id))
  const handle = Buffer.from(response.response.userHandle ?? '', 'base64url').toString()
  if (!found || handle !== found.user.id) throw new ApiError('PASSKEY_REFUSED')
  const { passkey, user } = found
  const checked = await verifyAuthenticationResponse({
    response,
    expectedChallenge: (challenge) => takeChallenge(deps, { browser: input.browser }, challenge),
    expectedOrigin: originOf(deps),
    expectedRPID: hostOf(deps),
    requireUserVerification: true,
    credential: {
      id: passkey.id,
      publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
      counter: passkey.counter,
    },
  }).catch((cause: unknown) => {
    throw new ApiError('PASSKEY_REFUSED', { cause })
  })
  const mayEnter = user.organization === input.organization || (user.isAdmin && user.organization === BUILT_IN)
  if (!checked.verified || !mayEnter) throw new ApiError('PASSKEY_REFUSED')
  if (user.isForbidden) throw new ApiError('FORBIDDEN', { reason: 'account_suspended' })
  await deps.db
    .update(passkeys)
    .set({ counter: checked.authenticationInfo.newCounter, lastUsedAt: deps.clock.now() })
    .where(eq(passkeys.id, passkey.id))
  return createSession(deps, user, input, ['pop', 'user'])
}
