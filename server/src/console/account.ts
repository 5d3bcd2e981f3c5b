import { ApiError, SignUpFields } from '@veridoor/contract'
import { type Caller, countsAsVerified, missingFields, type User } from '../accounts/index.ts'
import { actorOf, type Context, os, type Rooms, recognised, signedIn } from './context.ts'

const SEALED = ['documentType', 'documentNumber', 'realName', 'documentCountry'] as const

/** What pages show of an identity: of the number only its end. `sealed` names the fields that nobody can change any more. */
export const identityView = (rooms: Rooms, user: User) => ({
  documentType: user.identity.documentType,
  documentNumberMasked: user.documentNumberMasked,
  realName: user.identity.realName,
  documentCountry: user.identity.documentCountry,
  sealed: user.verifiedAt ? [...SEALED] : [],
  isVerified: countsAsVerified(user, rooms.demonstration),
  isDemonstration: user.isDemonstration,
  verifiedAt: user.verifiedAt?.toISOString() ?? null,
})

const accountView = async (context: Context, caller: Caller) => {
  const { rooms } = context
  const user = await rooms.accounts.findUserById(caller.userId)
  if (!user) throw new ApiError('NOT_SIGNED_IN')
  const application = await rooms.organizations.applicationOf(user.organization, user.application)
  const organization = await rooms.organizations.findOrganization(user.organization)
  const [providerOwner, providerName] = (user.verifiedBy ?? '').split('/')
  const provider =
    providerOwner && providerName ? await rooms.organizations.findProvider(providerOwner, providerName) : undefined
  return {
    organization: user.organization,
    name: user.name,
    displayName: user.displayName,
    email: user.email,
    emailVerified: user.emailVerified,
    phone: user.phone,
    hasPassword: user.hasPassword,
    application: {
      name: application?.name ?? '',
      displayName: application?.displayName ?? '',
      homepageUrl: application?.homepageUrl ?? '',
      asksPhone: SignUpFields.parse(application?.signUpFields ?? {}).phone !== 'off',
    },
    identity: {
      ...identityView(rooms, user),
      verifiedBy: provider?.displayName ?? null,
      missing: missingFields(user.identity),
    },
    verification: await rooms.verification.latest(user.id),
    start: await rooms.verification.startState(user),
    helpContact: organization?.helpContact ?? '',
    isWrittenTo: context.rooms.mail.isSending && user.email !== '',
  }
}

/** One's own account. A person who has to choose a new password may do that here and nothing else. */
export const account = {
  read: os.account.read.handler(({ context }) => accountView(context, signedIn(context))),

  saveProfile: os.account.saveProfile.handler(async ({ context, input }) => {
    const caller = signedIn(context)
    await context.rooms.accounts.saveProfile(caller, context.token ?? '', input)
    return accountView(context, caller)
  }),

  askAgainToConfirm: os.account.askAgainToConfirm.handler(async ({ context }) => {
    await context.rooms.accounts.askAgainToConfirm(signedIn(context))
    return { done: true as const }
  }),

  saveIdentity: os.account.saveIdentity.handler(async ({ context, input }) => {
    const caller = signedIn(context)
    await context.rooms.accounts.saveIdentity(actorOf(caller), caller.userId, input)
    return accountView(context, caller)
  }),

  revealNumber: os.account.revealNumber.handler(async ({ context }) => ({
    documentNumber: await context.rooms.accounts.revealNumber(signedIn(context)),
  })),

  changePassword: os.account.changePassword.handler(async ({ context, input }) => {
    await context.rooms.accounts.changePassword(recognised(context), context.token ?? '', input.current, input.next)
    return { done: true as const }
  }),
}
