import { Refusal } from '@veridoor/contract'
import { newToken } from '@veridoor/foundation'
import { type Accounts, BUILT_IN, type Caller, SESSION_DAYS } from '../accounts/index.ts'
import { type Context, os, recognised } from './context.ts'

export const COOKIE = 'veridoor_session'
/** Binds the question for a passkey to the browser that asked for it. */
const PASSKEY_COOKIE = 'veridoor_passkey'
type Assertion = Parameters<Accounts['passkeySignIn']>[0]['response']

/** The session token in a request's cookies. */
export const sessionTokenOf = (cookies: string | undefined): string | undefined =>
  cookies
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1)

const COOKIE_SECONDS = SESSION_DAYS * 86_400
const DEFAULT_APPLICATION = 'app-built-in'

const setCookie = (context: Context, token: string): void => {
  context.reply.setCookie(COOKIE, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: context.rooms.secureCookies,
    maxAge: COOKIE_SECONDS,
  })
}

const applicationFor = async (context: Context, name: string | undefined) => {
  const application = await context.rooms.organizations.findApplication(name ?? DEFAULT_APPLICATION)
  if (!application) throw new Refusal('NOT_FOUND')
  return application
}

const viewOf = async (context: Context, caller: Caller) => {
  const { accounts, organizations } = context.rooms
  const user = await accounts.findUserById(caller.userId)
  const organization = await organizations.findOrganization(caller.organization)
  const application = await organizations.applicationOf(caller.organization, caller.application)
  if (!user || !organization) throw new Refusal('NOT_SIGNED_IN')
  return {
    user: {
      organization: user.organization,
      name: user.name,
      displayName: user.displayName,
      email: user.email,
      isAdmin: caller.isAdmin,
      isGlobalAdmin: caller.isGlobalAdmin,
      mustChangePassword: user.mustChangePassword,
    },
    application: { name: application?.name ?? '', displayName: application?.displayName ?? organization.displayName },
    organization: {
      name: organization.name,
      displayName: organization.displayName,
      helpContact: organization.helpContact,
    },
  }
}

const from = (context: Context) => ({
  address: context.request.ip,
  userAgent: context.request.headers['user-agent'] ?? '',
})

/**
 * Whom a door lets in: the people of its organization while passwords are on, and always the administrators of the
 * installation, so that no setting locks everybody out.
 */
const doorsOf = (application: { organization: string; enablePassword: boolean }) => [
  ...(application.enablePassword ? [{ organization: application.organization, globalAdminsOnly: false }] : []),
  ...(application.enablePassword && application.organization === BUILT_IN
    ? []
    : [{ organization: BUILT_IN, globalAdminsOnly: true }]),
]

/**
 * Opens a session at the door of an application, whichever wire the request came by.
 * @throws {Refusal} SIGN_IN_REFUSED, SECOND_STEP_NEEDED, SECOND_STEP_REFUSED, TOO_MANY_REQUESTS, FORBIDDEN
 */
export const enter = async (
  accounts: Accounts,
  application: { name: string; organization: string; enablePassword: boolean },
  input: { username: string; password: string; code?: string | undefined; address: string; userAgent: string },
): Promise<{ token: string; caller: Caller }> => {
  let refusal = new Refusal('SIGN_IN_REFUSED')
  for (const door of doorsOf(application)) {
    try {
      return await accounts.signIn({ ...input, application: application.name, ...door })
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'SIGN_IN_REFUSED')) throw error
      refusal = error
    }
  }
  throw refusal
}

export const session = {
  page: os.session.page.handler(async ({ context, input }) => {
    const application = await applicationFor(context, input.application)
    const organization = await context.rooms.organizations.findOrganization(application.organization)
    if (!organization) throw new Refusal('NOT_FOUND')
    const { name, displayName, logo, homepageUrl, enableSignUp, enablePassword } = application
    return {
      application: { name, displayName, logo, homepageUrl, enableSignUp, enablePassword },
      organization: {
        name: organization.name,
        displayName: organization.displayName,
        logo: organization.logo,
        helpContact: organization.helpContact,
      },
    }
  }),

  read: os.session.read.handler(({ context }) => viewOf(context, recognised(context))),

  signIn: os.session.signIn.handler(async ({ context, input }) => {
    const application = await applicationFor(context, input.application)
    const { token, caller } = await enter(context.rooms.accounts, application, { ...input, ...from(context) })
    setCookie(context, token)
    return viewOf(context, caller)
  }),

  startPasskey: os.session.startPasskey.handler(async ({ context }) => {
    const browser = newToken()
    const options = await context.rooms.accounts.startPasskeySignIn(browser, context.request.ip)
    context.reply.setCookie(PASSKEY_COOKIE, browser, {
      path: '/v1/session/passkey',
      httpOnly: true,
      sameSite: 'strict',
      secure: context.rooms.secureCookies,
      maxAge: 300,
    })
    return { ...options }
  }),

  passkeySignIn: os.session.passkeySignIn.handler(async ({ context, input }) => {
    const application = await applicationFor(context, input.application)
    const { token, caller } = await context.rooms.accounts.passkeySignIn({
      ...from(context),
      application: application.name,
      organization: application.organization,
      browser: context.request.cookies[PASSKEY_COOKIE] ?? '',
      response: input.response as Assertion,
    })
    setCookie(context, token)
    return viewOf(context, caller)
  }),

  signOut: os.session.signOut.handler(async ({ context }) => {
    if (context.token) await context.rooms.accounts.signOut(context.token)
    context.reply.clearCookie(COOKIE, { path: '/' })
    return { done: true as const }
  }),

  signUp: os.session.signUp.handler(async ({ context, input }) => {
    const application = await applicationFor(context, input.application)
    if (!application.enableSignUp) throw new Refusal('FORBIDDEN')
    const { token, caller } = await context.rooms.accounts.signUp({
      ...input,
      ...from(context),
      application: application.name,
      organization: application.organization,
    })
    setCookie(context, token)
    return viewOf(context, caller)
  }),
}
