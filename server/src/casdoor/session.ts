import { Refusal } from '@veridoor/contract'
import type { FastifyReply } from 'fastify'
import { failed, ok, send } from './envelope.ts'
import type { Call, Parts } from './parts.ts'

const COOKIE_SECONDS = 90 * 86_400

/** The name of the cookie that our pages use: one session, whichever door it was opened at. */
const COOKIE = 'veridoor_session'

/**
 * POST /api/login with `type: "login"`: a session, and `org/name`. Names and e-mails sign in, document numbers do not. Codes and
 * tokens are given out by the authorization endpoint only, where the person sees who asks.
 */
export const login = async (parts: Parts, call: Call, reply: FastifyReply): Promise<FastifyReply> => {
  const { body, request } = call
  const text = (key: string): string => (typeof body[key] === 'string' ? (body[key] as string) : '')
  const type = text('type') || 'login'
  if (type !== 'login')
    return send(reply, failed('Codes and tokens come from /login/oauth/authorize: send the person there', 'NOT_HOSTED'))
  const application = await parts.organizations.findApplication(text('application') || 'app-built-in')
  if (!application) return send(reply, failed(`The application: ${text('application')} does not exist`, 'NOT_FOUND'))
  const organization = text('organization')
  if (organization && organization !== application.organization && organization !== 'built-in')
    return send(reply, failed('The organization does not use this application', 'SIGN_IN_REFUSED'))
  try {
    const { token, caller } = await parts.enter(application.name, {
      username: text('username'),
      password: text('password'),
      address: request.ip,
      userAgent: request.headers['user-agent'] ?? '',
    })
    reply.setCookie(COOKIE, token, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: parts.secureCookies,
      maxAge: COOKIE_SECONDS,
    })
    return send(reply, ok(`${caller.organization}/${caller.name}`))
  } catch (error) {
    if (error instanceof Refusal && error.code === 'SIGN_IN_REFUSED')
      return send(reply, failed('Name or password is not right', 'SIGN_IN_REFUSED'))
    throw error
  }
}

/** GET or POST /api/sso-logout: ends the session. (`/api/logout` is the end-session address of OpenID Connect.) */
export const ssoLogout = async (parts: Parts, call: Call, reply: FastifyReply): Promise<FastifyReply> => {
  const { asker } = call
  if (asker?.kind !== 'person') return send(reply, ok(null))
  await parts.accounts.signOut(asker.token)
  reply.clearCookie(COOKIE, { path: '/' })
  return send(reply, ok(`${asker.caller.organization}/${asker.caller.name}`))
}
