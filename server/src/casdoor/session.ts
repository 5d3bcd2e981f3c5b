import { ApiError } from '@veridoor/contract'
import { isCrossOrigin } from '@veridoor/foundation'
import type { FastifyReply } from 'fastify'
import { signOut as endSession } from '../accounts/index.ts'
import { applicationOf, findApplication } from '../organizations/index.ts'
import type { Call, Deps } from './deps.ts'
import { failed, ok, send } from './envelope.ts'
import { textIn } from './kept.ts'

const COOKIE_SECONDS = 90 * 86_400

/** The name of the cookie that our pages use: one session, whichever door it was opened at. */
const COOKIE = 'veridoor_session'

/** The second step in Casdoor's words: asked for by an answer without a session, given with the password in one more call. */
const secondSteps = [{ enabled: true, isPreferred: true, mfaType: 'app' }]
const codeIn = (body: Call['body']): string | undefined =>
  textIn(body, 'passcode') || textIn(body, 'recoveryCode') || undefined

/** What a refusal means to a client that knows Casdoor's answers; undefined where it means nothing special. */
const answerTo = (error: unknown) => {
  if (!(error instanceof ApiError)) return undefined
  if (error.code === 'SECOND_STEP_NEEDED') return ok('NextMfa', { data2: secondSteps })
  if (error.code === 'SIGN_IN_REFUSED') return failed('Name or password is not right', 'SIGN_IN_REFUSED')
  return undefined
}

/**
 * POST /api/login with `type: "login"`: a session, and `org/name`. Names and e-mails sign in, document numbers do not. Codes and
 * tokens are given out by the authorization endpoint only, where the person sees who asks.
 */
export const login = async (deps: Deps, call: Call, reply: FastifyReply): Promise<FastifyReply> => {
  const { body, request } = call
  // Another site's form must not put a browser into an account of that site's choice: what is done there would be done for it.
  if (isCrossOrigin(request.headers, deps.url)) throw new ApiError('ORIGIN_REFUSED')
  const text = (key: string): string => textIn(body, key)
  const type = text('type') || 'login'
  if (type !== 'login')
    return send(reply, failed('Codes and tokens come from /login/oauth/authorize: send the person there', 'NOT_HOSTED'))
  const application = await findApplication(deps.organizations.db, text('application') || 'app-built-in')
  if (!application) return send(reply, failed(`The application: ${text('application')} does not exist`, 'NOT_FOUND'))
  const organization = text('organization')
  if (organization && organization !== application.organization && organization !== 'built-in')
    return send(reply, failed('The organization does not use this application', 'SIGN_IN_REFUSED'))
  try {
    const { token, caller } = await deps.enter(application.name, {
      username: text('username'),
      password: text('password'),
      code: codeIn(body),
      address: request.ip,
      userAgent: request.headers['user-agent'] ?? '',
    })
    reply.setCookie(COOKIE, token, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: deps.secureCookies,
      maxAge: COOKIE_SECONDS,
    })
    return send(reply, ok(`${caller.organization}/${caller.name}`))
  } catch (error) {
    const answer = answerTo(error)
    if (!answer) throw error
    return send(reply, answer)
  }
}

/**
 * GET or POST /api/sso-logout, and /api/logout where nothing of the end-session protocol is asked: ends the session. `data2` is where
 * the application would have the person go.
 */
export const signOut = async (deps: Deps, call: Call, reply: FastifyReply): Promise<FastifyReply> => {
  const { principal: asker } = call
  // A picture in another site's page must not sign anybody out.
  if (asker?.kind !== 'person' || isCrossOrigin(call.request.headers, deps.url)) return send(reply, ok(null))
  await endSession(deps.accounts, asker.token)
  reply.clearCookie(COOKIE, { path: '/' })
  const { organization, name } = asker.caller
  const application = await applicationOf(deps.organizations.db, organization, asker.caller.application)
  return send(reply, ok(`${organization}/${name}`, { data2: application?.homepageUrl || null }))
}
