export { createUser, eraseUser, updateUser } from './administer-users.ts'
export { changePassword, resetPassword } from './change-password.ts'
export { confirmEmail, resendConfirmation } from './confirm-email.ts'
export type { AccountsDeps, Guard, OnUserDeleted, SignInResult } from './deps.ts'
export { endDevice, listDevices, signOutEverywhere } from './devices.ts'
export { emailCodeSignIn } from './email-code.ts'
export { endTrust } from './end-trust.ts'
export {
  countUsers,
  countUsersUpTo,
  findUser,
  findUserByEmail,
  findUserById,
  findUserByPhone,
  listUsers,
  listUsersByOffset,
} from './find-users.ts'
export { resetByLink } from './forgotten-password.ts'
export type { VerificationTrust } from './identity-signature.ts'
export { DEVICE_DAYS } from './known-devices.ts'
export type { UserCursor, UserOrder } from './list-users.ts'
export type { IdentityChange } from './lock.ts'
export { lockIdentity } from './lock-identity.ts'
export { passkeySignIn, startPasskeySignIn } from './passkey-sign-in.ts'
export { addPasskey, listPasskeys, removePasskey, renamePasskey, startPasskey } from './passkeys.ts'
export { removeSecondStepOf } from './remove-second-step.ts'
export { declareAccountJobs, requestEmail, workAccountJobs } from './requested-emails.ts'
export { revealNumber } from './reveal-number.ts'
export { saveExtra } from './save-extra.ts'
export { saveIdentity } from './save-identity.ts'
export { saveProfile } from './save-profile.ts'
export { secondStepState, withSecondStep } from './second-step.ts'
export { confirmApp, newRecoveryCodes, removeApp, startApp } from './second-step-setup.ts'
export { seedAdmin } from './seed-admin.ts'
export { callerOf, SESSION_DAYS, sessionOwnerOf, signOut, sweepAccounts } from './sessions.ts'
export { setPassword } from './set-password.ts'
export { signIn } from './sign-in.ts'
export { signUp } from './sign-up.ts'
export { isDocumentKnown } from './store.ts'
export type { OnTrustEnded, Trust, TrustEnd, TrustEndReason } from './trust.ts'
export { BUILT_IN, type Caller, countsAsVerified, type Identity, missingFields, type User } from './users.ts'
export { writeToUser } from './write-to-user.ts'
