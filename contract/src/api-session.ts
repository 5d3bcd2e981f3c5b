import { z } from 'zod'
import { base, doneResponse } from './api-base.ts'
import { letterSession, passkeySession } from './api-security.ts'
import { IdentityClaim } from './identity.ts'
import { SignUpFields } from './sign-up-fields.ts'
import { DisplayName, Email, LineOfText, OneTimeCode, OwnUserName, PhoneNumber, SignInName } from './text/fields.ts'

const SessionView = z.object({
  user: z.object({
    organization: z.string(),
    name: z.string(),
    displayName: z.string(),
    email: z.string(),
    isAdmin: z.boolean(),
    /** Administrator of the whole installation: a user of organization `built-in` with isAdmin. */
    isGlobalAdmin: z.boolean(),
    mustChangePassword: z.boolean(),
    /** An administrator whose rights rest until they sign in with a second factor or a passkey. */
    needsSecondFactor: z.boolean(),
  }),
  application: z.object({ name: z.string(), displayName: z.string() }),
  organization: z.object({ name: z.string(), displayName: z.string(), helpContact: z.string() }),
})

const SignInPage = z.object({
  application: z.object({
    name: z.string(),
    displayName: z.string(),
    logo: z.string(),
    homepageUrl: z.string(),
    enableSignUp: z.boolean(),
    enablePassword: z.boolean(),
    enableEmailCode: z.boolean(),
    signUpFields: SignUpFields,
    /** The application's, else its organization's; empty: the product's own. */
    colour: z.string(),
  }),
  organization: z.object({ name: z.string(), displayName: z.string(), logo: z.string(), helpContact: z.string() }),
})

/** Signing in, by whichever way, and signing up. */
export const session = {
  page: base
    .route({
      method: 'GET',
      path: '/sign-in-page',
      summary: 'Reads what the sign-in page of an application shows.',
      tags: ['session'],
    })
    .input(z.object({ application: LineOfText(100).optional() }))
    .output(SignInPage),
  read: base
    .route({ method: 'GET', path: '/session', summary: 'Reads who is signed in.', tags: ['session'] })
    .output(SessionView),
  signIn: base
    .route({ method: 'POST', path: '/session', summary: 'Signs in with a password.', tags: ['session'] })
    .input(
      z.object({
        application: LineOfText(100).optional(),
        username: SignInName.meta({ personal: true }),
        password: z.string().min(1).max(1000).meta({ secret: true }),
        /** After SECOND_STEP_NEEDED: the authenticator app's code, or a recovery code. */
        code: OneTimeCode.meta({ secret: true }).optional(),
      }),
    )
    .output(SessionView),
  forgotPassword: letterSession.forgotPassword,
  resetPassword: letterSession.resetPassword,
  confirmEmail: letterSession.confirmEmail,
  startEmailCode: letterSession.startEmailCode,
  emailCodeSignIn: base
    .route({
      method: 'POST',
      path: '/session/email-code/complete',
      summary: 'Signs in with the code from the email.',
      tags: ['session'],
    })
    .input(letterSession.emailCode)
    .output(SessionView),
  startPasskey: passkeySession.start,
  passkeySignIn: base
    .route({ method: 'POST', path: '/session/passkey', summary: 'Signs in with a passkey.', tags: ['session'] })
    .input(z.object({ application: passkeySession.application, response: passkeySession.response }))
    .output(SessionView),
  signOut: base
    .route({ method: 'DELETE', path: '/session', summary: 'Signs out.', tags: ['session'] })
    .output(doneResponse),
  signUp: base
    .route({ method: 'POST', path: '/accounts', summary: 'Signs up.', successStatus: 201, tags: ['session'] })
    .input(
      z.object({
        application: LineOfText(100).optional(),
        username: OwnUserName,
        displayName: DisplayName.default(''),
        /** Which of these are needed, the application says (`signUpFields` of the sign-in page). */
        email: Email.default('').meta({ personal: true }),
        realName: IdentityClaim.shape.realName.default(''),
        phone: PhoneNumber.default('').meta({ personal: true }),
        password: z.string().min(10).max(1000).meta({ secret: true }),
      }),
    )
    .output(SessionView),
}
