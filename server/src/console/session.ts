import { fastifyCookie } from '@fastify/cookie'
import { ApiError, SignUpFields } from '@veridoor/contract'
import { cookieName, cookieOptions, newToken } from '@veridoor/foundation'
import {
  type AccountsDeps,
  BUILT_IN,
  type Caller,
  confirmEmail,
  DEVICE_DAYS,
  emailCodeSignIn,
  findUserById,
  passkeySignIn,
  requestEmail,
  resetByLink,
  SESSION_DAYS,
  signIn,
  signOut,
  signUp,
  startPasskeySignIn,
} from '../accounts/index.ts'
import { applicationOf, findApplication, findOrganization } from '../organizations/index.ts'
import { type Context, os, requireCaller } from './context.ts'

/** The cookie with the token of a session. */
const COOKIE = 'veridoor_session'
/** Binds the question for a passkey to the browser that asked for it. */
const PASSKEY_COOKIE = 'veridoor_passkey'
/** By which a browser is recognised that somebody signed in with. */
const DEVICE_COOKIE = 'veridoor_device'
/** Binds a code that is sent by mail to the browser that asked for it. */
const CODE_COOKIE = 'veridoor_code'
type Assertion = Parameters<typeof passkeySignIn>[1]['response']

/** The name of the session cookie; over https one that only this host can set. */
export const sessionCookie = (isSecure: boolean): string => cookieName(COOKIE, isSecure)

/** The session token in a request's `Cookie` header. */
export const sessionTokenOf = (cookies: string | undefined, isSecure: boolean): string | undefined =>
  cookies === undefined ? undefined : fastifyCookie.parse(cookies)[sessionCookie(isSecure)]

const COOKIE_SECONDS = SESSION_DAYS * 86_400
const DEFAULT_APPLICATION = 'app-built-in'

const setCookie = (context: Context, token: string): void => {
  const { secureCookies } = context.rooms
  context.reply.setCookie(sessionCookie(secureCookies), token, cookieOptions(secureCookies, COOKIE_SECONDS))
}

const setDevice = (context: Context, device: string): void => {
  const { secureCookies } = context.rooms
  const name = cookieName(DEVICE_COOKIE, secureCookies)
  context.reply.setCookie(name, device, cookieOptions(secureCookies, DEVICE_DAYS * 86_400))
}

/** Opens the browser's session and makes the browser known. */
const completeSignIn = (context: Context, result: { token: string; device: string; caller: Caller }) => {
  setCookie(context, result.token)
  setDevice(context, result.device)
  return toSessionView(context, result.caller)
}

const readCookie = (context: Context, name: string): string | undefined =>
  context.request.cookies[cookieName(name, context.rooms.secureCookies)]

/** A short-lived cookie that binds a question to the browser that asked it. */
const bindBrowser = (context: Context, name: string, browser: string, maxAgeSec: number): void => {
  const { secureCookies } = context.rooms
  context.reply.setCookie(cookieName(name, secureCookies), browser, cookieOptions(secureCookies, maxAgeSec, 'strict'))
}

const applicationFor = async (context: Context, name: string | undefined) => {
  const application = await findApplication(context.rooms.organizations.db, name ?? DEFAULT_APPLICATION)
  if (!application) throw new ApiError('NOT_FOUND')
  return application
}

const toSessionView = async (context: Context, caller: Caller) => {
  const { accounts, organizations } = context.rooms
  const user = await findUserById(accounts, caller.userId)
  const organization = await findOrganization(organizations.db, caller.organization)
  const application = await applicationOf(organizations.db, caller.organization, caller.application)
  if (!user || !organization) throw new ApiError('NOT_SIGNED_IN')
  return {
    user: {
      organization: user.organization,
      name: user.name,
      displayName: user.displayName,
      email: user.email,
      isAdmin: caller.isAdmin,
      isGlobalAdmin: caller.isGlobalAdmin,
      mustChangePassword: user.mustChangePassword,
      needsSecondFactor: caller.needsSecondFactor === true,
    },
    application: { name: application?.name ?? '', displayName: application?.displayName ?? organization.displayName },
    organization: {
      name: organization.name,
      displayName: organization.displayName,
      helpContact: organization.helpContact,
    },
  }
}

const clientOf = (context: Context) => ({
  address: context.request.ip,
  userAgent: context.request.headers['user-agent'] ?? '',
  device: readCookie(context, DEVICE_COOKIE),
})

const sendEmail = (
  context: Context,
  kind: 'password' | 'code',
  application: { name: string; organization: string },
  username: string,
  browser: string,
): Promise<void> =>
  requestEmail(context.rooms.accounts, {
    email: kind,
    organization: application.organization,
    application: application.name,
    username,
    address: context.request.ip,
    device: readCookie(context, DEVICE_COOKIE),
    browser,
  })

/**
 * The people who may sign in to an application with a password: those of its organization while passwords are on, and always the
 * administrators of the installation, so that no setting locks everybody out.
 */
const signInOrganizations = (application: { organization: string; enablePassword: boolean }) => [
  ...(application.enablePassword ? [{ organization: application.organization, globalAdminsOnly: false }] : []),
  ...(application.enablePassword && application.organization === BUILT_IN
    ? []
    : [{ organization: BUILT_IN, globalAdminsOnly: true }]),
]

/**
 * Signs a person in to an application with a password, for `/v1` and for Casdoor's clients.
 * @throws {ApiError} SIGN_IN_REFUSED, SECOND_STEP_NEEDED, SECOND_STEP_REFUSED, TOO_MANY_REQUESTS, FORBIDDEN
 */
export const enter = async (
  accounts: AccountsDeps,
  application: { name: string; organization: string; enablePassword: boolean },
  input: {
    username: string
    password: string
    code?: string | undefined
    address: string
    userAgent: string
    device?: string | undefined
  },
): Promise<{ token: string; device: string; caller: Caller }> => {
  let lastError = new ApiError('SIGN_IN_REFUSED')
  for (const accepted of signInOrganizations(application)) {
    try {
      return await signIn(accounts, { ...input, application: application.name, ...accepted })
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'SIGN_IN_REFUSED')) throw error
      lastError = error
    }
  }
  throw lastError
}

/** What works before signing in, and signing in and out itself. */
export const session = {
  page: os.session.page.handler(async ({ context, input }) => {
    const application = await applicationFor(context, input.application)
    const organization = await findOrganization(context.rooms.organizations.db, application.organization)
    if (!organization) throw new ApiError('NOT_FOUND')
    const { name, displayName, logo, homepageUrl, enableSignUp, enablePassword, enableEmailCode } = application
    return {
      application: {
        name,
        displayName,
        logo,
        homepageUrl,
        enableSignUp,
        enablePassword,
        enableEmailCode,
        signUpFields: SignUpFields.parse(application.signUpFields),
        colour: application.colour || organization.colour,
      },
      organization: {
        name: organization.name,
        displayName: organization.displayName,
        logo: organization.logo,
        helpContact: organization.helpContact,
      },
    }
  }),

  read: os.session.read.handler(({ context }) => toSessionView(context, requireCaller(context))),

  signIn: os.session.signIn.handler(async ({ context, input }) => {
    const application = await applicationFor(context, input.application)
    return completeSignIn(context, await enter(context.rooms.accounts, application, { ...input, ...clientOf(context) }))
  }),

  /** The same answer whether there is such an account or not. */
  forgotPassword: os.session.forgotPassword.handler(async ({ context, input }) => {
    const application = await applicationFor(context, input.application)
    if (!application.enablePassword) throw new ApiError('FORBIDDEN')
    await sendEmail(context, 'password', application, input.username, '')
    return { done: true as const }
  }),

  resetPassword: os.session.resetPassword.handler(async ({ context, input }) => {
    const { device } = await resetByLink(context.rooms.accounts, { ...input, ...clientOf(context) })
    setDevice(context, device)
    return { done: true as const }
  }),

  confirmEmail: os.session.confirmEmail.handler(async ({ context, input }) => {
    await confirmEmail(context.rooms.accounts, input.token, context.request.ip)
    return { done: true as const }
  }),

  /** The same answer whether there is such an account or not. */
  startEmailCode: os.session.startEmailCode.handler(async ({ context, input }) => {
    const application = await applicationFor(context, input.application)
    if (!application.enableEmailCode) throw new ApiError('FORBIDDEN')
    const browser = newToken()
    await sendEmail(context, 'code', application, input.username, browser)
    bindBrowser(context, CODE_COOKIE, browser, 600)
    return { done: true as const }
  }),

  emailCodeSignIn: os.session.emailCodeSignIn.handler(async ({ context, input }) => {
    const application = await applicationFor(context, input.application)
    if (!application.enableEmailCode) throw new ApiError('FORBIDDEN')
    const result = await emailCodeSignIn(context.rooms.accounts, {
      ...input,
      ...clientOf(context),
      application: application.name,
      organization: application.organization,
      browser: readCookie(context, CODE_COOKIE) ?? '',
    })
    context.reply.clearCookie(cookieName(CODE_COOKIE, context.rooms.secureCookies), { path: '/' })
    return completeSignIn(context, result)
  }),

  startPasskey: os.session.startPasskey.handler(async ({ context }) => {
    const browser = newToken()
    const options = await startPasskeySignIn(context.rooms.accounts, browser, context.request.ip)
    bindBrowser(context, PASSKEY_COOKIE, browser, 300)
    return { ...options }
  }),

  passkeySignIn: os.session.passkeySignIn.handler(async ({ context, input }) => {
    const application = await applicationFor(context, input.application)
    const result = await passkeySignIn(context.rooms.accounts, {
      ...clientOf(context),
      application: application.name,
      organization: application.organization,
      browser: readCookie(context, PASSKEY_COOKIE) ?? '',
      response: input.response as Assertion,
    })
    return completeSignIn(context, result)
  }),

  signOut: os.session.signOut.handler(async ({ context }) => {
    if (context.token) await signOut(context.rooms.accounts, context.token)
    context.reply.clearCookie(sessionCookie(context.rooms.secureCookies), { path: '/' })
    return { done: true as const }
  }),

  signUp: os.session.signUp.handler(async ({ context, input }) => {
    const application = await applicationFor(context, input.application)
    if (!application.enableSignUp) throw new ApiError('FORBIDDEN')
    const result = await signUp(context.rooms.accounts, {
      ...input,
      ...clientOf(context),
      application: application.name,
      organization: application.organization,
      fields: SignUpFields.parse(application.signUpFields),
    })
    return completeSignIn(context, result)
  }),
}
