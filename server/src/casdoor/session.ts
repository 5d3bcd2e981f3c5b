import { ApiError } from '@veridoor/contract'
import { cookieName, isCrossOrigin } from '@veridoor/foundation'
import type { FastifyReply } from 'fastify'
import { signOut as endSession } from '../accounts/index.ts'
import { applicationOf, findApplication } from '../organizations/index.ts'
import { stringField } from './body.ts'
import type { Call } from './call.ts'
import type { Deps } from './deps.ts'
import { type Envelope, failed, ok, send } from './envelope.ts'

const COOKIE_SECONDS = 90 * 86_400

/** The cookie of our pages: a person has one session, whichever way it was opened. */
const COOKIE = 'veridoor_session'

/** The second step as Casdoor's clients know it: the answer without a session asks for it, and one more call sends code and password. */
const SECOND_STEPS = [{ enabled: true, isPreferred: true, mfaType: 'app' }]
const secondStepCode = (body: Call['body']): string | undefined =>
  stringField(body, 'passcode') || stringField(body, 'recoveryCode') || undefined

/** The envelope for an error that has an answer of its own at sign-in. */
const signInEnvelope = (error: unknown): Envelope | undefined => {
  if (!(error instanceof ApiError)) return undefined
  if (error.code === 'SECOND_STEP_NEEDED') return ok('NextMfa', { data2: SECOND_STEPS })
  if (error.code === 'SIGN_IN_REFUSED') return failed('Name or password is not right', 'SIGN_IN_REFUSED')
  return undefined
}

const signIn = async (
  deps: Deps,
  { body, request }: Call,
  application: string,
  reply: FastifyReply,
): Promise<Envelope> => {
  const { token, caller } = await deps.enter(application, {
    username: stringField(body, 'username'),
    password: stringField(body, 'password'),
    code: secondStepCode(body),
    address: request.ip,
    userAgent: request.headers['user-agent'] ?? '',
  })
  reply.setCookie(cookieName(COOKIE, deps.secureCookies), token, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: deps.secureCookies,
    maxAge: COOKIE_SECONDS,
  })
  return ok(`${caller.organization}/${caller.name}`)
}

/**
 * POST /api/login with `type: "login"`: opens a session and answers `organization/name`. Usernames and e-mail addresses sign in, document
 * numbers do not. Codes and tokens are only issued by the authorization endpoint, where the person sees which application asks.
 */
export const login = async (deps: Deps, call: Call, reply: FastifyReply): Promise<FastifyReply> => {
  const { body, request } = call
  // The form of another site must not sign a browser in to an account of that site's choice (login CSRF).
  if (isCrossOrigin(request.headers, deps.url)) throw new ApiError('ORIGIN_REFUSED')
  if ((stringField(body, 'type') || 'login') !== 'login')
    return send(reply, failed('Codes and tokens come from /login/oauth/authorize: send the person there', 'NOT_HOSTED'))
  const name = stringField(body, 'application') || 'app-built-in'
  const application = await findApplication(deps.organizations.db, name)
  if (!application) return send(reply, failed('This application does not exist', 'NOT_FOUND'))
  const organization = stringField(body, 'organization')
  if (organization && organization !== application.organization && organization !== 'built-in')
    return send(reply, failed('The organization does not use this application', 'SIGN_IN_REFUSED'))
  try {
    return send(reply, await signIn(deps, call, application.name, reply))
  } catch (error) {
    const envelope = signInEnvelope(error)
    if (!envelope) throw error
    return send(reply, envelope)
  }
}

/**
 * GET or POST /api/sso-logout, and /api/logout when the call has no parameter of the end-session protocol: ends the session. `data2` is the
 * home page of the application.
 */
export const signOut = async (deps: Deps, call: Call, reply: FastifyReply): Promise<FastifyReply> => {
  const { principal } = call
  // An image in a page of another site must not sign anybody out.
  if (principal?.kind !== 'person' || isCrossOrigin(call.request.headers, deps.url)) return send(reply, ok(null))
  await endSession(deps.accounts, principal.token)
  reply.clearCookie(cookieName(COOKIE, deps.secureCookies), { path: '/' })
  const { organization, name } = principal.caller
  const application = await applicationOf(deps.organizations.db, organization, principal.caller.application)
  return send(reply, ok(`${organization}/${name}`, { data2: application?.homepageUrl || null }))
}
