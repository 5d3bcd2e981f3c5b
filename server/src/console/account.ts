import { ApiError, SignUpFields } from '@veridoor/contract'
import {
  type Caller,
  changePassword,
  countsAsVerified,
  findUserById,
  missingFields,
  resendConfirmation,
  revealNumber,
  saveIdentity,
  saveProfile,
  type User,
} from '../accounts/index.ts'
import { applicationOf, findOrganization, findProvider } from '../organizations/index.ts'
import { actorOf, type Context, os, type Rooms, requireCaller, requireSignedIn } from './context.ts'

const SEALED = ['documentType', 'documentNumber', 'realName', 'documentCountry'] as const

/** What pages show of an identity: of the number only its end. `sealed` names the fields that can no longer be changed. */
export const identityView = (rooms: Rooms, user: User) => ({
  documentType: user.identity.documentType,
  documentNumberMasked: user.documentNumberMasked,
  realName: user.identity.realName,
  documentCountry: user.identity.documentCountry,
  sealed: user.verifiedAt ? [...SEALED] : [],
  isVerified: countsAsVerified(user, rooms.demonstration),
  trust: user.trust,
  isDemonstration: user.isDemonstration,
  verifiedAt: user.verifiedAt?.toISOString() ?? null,
})

const accountView = async (context: Context, caller: Caller) => {
  const { rooms } = context
  const user = await findUserById(rooms.accounts, caller.userId)
  if (!user) throw new ApiError('NOT_SIGNED_IN')
  const application = await applicationOf(rooms.organizations.db, user.organization, user.application)
  const organization = await findOrganization(rooms.organizations.db, user.organization)
  const [providerOwner, providerName] = (user.verifiedBy ?? '').split('/')
  const provider =
    providerOwner && providerName ? await findProvider(rooms.organizations.db, providerOwner, providerName) : undefined
  return {
    organization: user.organization,
    organizationDisplayName: organization?.displayName ?? user.organization,
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
  read: os.account.read.handler(({ context }) => accountView(context, requireSignedIn(context))),

  saveProfile: os.account.saveProfile.handler(async ({ context, input }) => {
    const caller = requireSignedIn(context)
    await saveProfile(context.rooms.accounts, caller, context.token ?? '', input)
    return accountView(context, caller)
  }),

  askAgainToConfirm: os.account.askAgainToConfirm.handler(async ({ context }) => {
    await resendConfirmation(context.rooms.accounts, requireSignedIn(context))
    return { done: true as const }
  }),

  saveIdentity: os.account.saveIdentity.handler(async ({ context, input }) => {
    const caller = requireSignedIn(context)
    await saveIdentity(context.rooms.accounts, actorOf(caller), caller.userId, input)
    return accountView(context, caller)
  }),

  revealNumber: os.account.revealNumber.handler(async ({ context }) => ({
    documentNumber: await revealNumber(context.rooms.accounts, requireSignedIn(context)),
  })),

  changePassword: os.account.changePassword.handler(async ({ context, input }) => {
    await changePassword(context.rooms.accounts, requireCaller(context), context.token ?? '', input.current, input.next)
    return { done: true as const }
  }),
}
