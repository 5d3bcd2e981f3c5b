import type { Executor, Transaction } from '@veridoor/foundation'
import type { Actor } from '../organizations/index.ts'
import { createUser, eraseUser, type UserInput, updateUser } from './administer-users.ts'
import { askedLetterJob, askForLetter, writeAskedLetter } from './asked-letters.ts'
import { changePassword } from './change-password.ts'
import { askAgainToConfirm, confirmEmail } from './confirm-email.ts'
import type { Deps } from './deps.ts'
import { endDevice, listDevices, signOutEverywhere } from './devices.ts'
import { emailCodeSignIn } from './email-code.ts'
import { resetByLink } from './forgotten-password.ts'
import type { IdentityChange } from './lock.ts'
import { lockIdentity, type Seal } from './lock-identity.ts'
import { passkeySignIn, startPasskeySignIn } from './passkey-sign-in.ts'
import { addPasskey, listPasskeys, removePasskey, renamePasskey, startPasskey } from './passkeys.ts'
import { countRecoveryCodes } from './recovery-codes.ts'
import { removeSecondStepOf } from './remove-second-step.ts'
import { revealNumber } from './reveal-number.ts'
import { saveExtra } from './save-extra.ts'
import { saveIdentity } from './save-identity.ts'
import { saveProfile } from './save-profile.ts'
import { hasSecondStep, withSecondStep } from './second-step.ts'
import { confirmApp, newRecoveryCodes, removeApp, startApp } from './second-step-setup.ts'
import { seedAdmin } from './seed-admin.ts'
import { callerOf, signOut, sweepSessions } from './sessions.ts'
import { setPassword } from './set-password.ts'
import { signIn } from './sign-in.ts'
import { signUp } from './sign-up.ts'
import { countUsers, findRow, findRowById, isDocumentKnown, pageOfUsers, type UserFilter } from './store.ts'
import { type Caller, toUser, type User } from './users.ts'
import { writeTo } from './write-letter.ts'

export type Accounts = ReturnType<typeof createAccounts>

/** Persons, credentials, sessions, profile fields and the lock on them. */
export const createAccounts = (deps: Deps) => ({
  async findUser(organization: string, name: string, ex: Executor = deps.db): Promise<User | undefined> {
    const row = await findRow(ex, organization, name)
    return row && toUser(deps.cipher, row)
  },
  async findUserById(id: string, ex: Executor = deps.db): Promise<User | undefined> {
    const row = await findRowById(ex, id)
    return row && toUser(deps.cipher, row)
  },
  async listUsers(filter: UserFilter): Promise<{ users: User[]; total: number }> {
    const { rows, total } = await pageOfUsers(deps.db, filter)
    return { users: rows.map((row) => toUser(deps.cipher, row)), total }
  },
  countUsers: (organization: string) => countUsers(deps.db, organization),

  signIn: (input: Parameters<typeof signIn>[1]) => signIn(deps, input),
  signUp: (input: Parameters<typeof signUp>[1]) => signUp(deps, input),
  callerOf: (token: string, address: string) => callerOf(deps, token, address),
  signOut: (token: string) => signOut(deps, token),
  sweepSessions: () => sweepSessions(deps),
  changePassword: (caller: Caller, token: string, current: string, next: string) =>
    changePassword(deps, caller, token, current, next),
  setPassword: (actor: Actor, organization: string, name: string, input: Parameters<typeof setPassword>[4]) =>
    setPassword(deps, actor, organization, name, input),
  askForLetter: (input: Parameters<typeof askForLetter>[1]) => askForLetter(deps, input),
  resetByLink: (input: Parameters<typeof resetByLink>[1]) => resetByLink(deps, input),
  emailCodeSignIn: (input: Parameters<typeof emailCodeSignIn>[1]) => emailCodeSignIn(deps, input),
  askAgainToConfirm: (caller: Caller) => askAgainToConfirm(deps, caller),
  confirmEmail: (token: string, address: string) => confirmEmail(deps, token, address),

  /** Whether sign-in asks for a code, and how many recovery codes are left. */
  async secondStep(caller: Caller): Promise<{ isOn: boolean; recoveryCodes: number }> {
    const isOn = await hasSecondStep(deps, caller.userId)
    return { isOn, recoveryCodes: isOn ? await countRecoveryCodes(deps, caller.userId) : 0 }
  },
  withSecondStep: (userIds: readonly string[]) => withSecondStep(deps, userIds),
  removeSecondStepOf: (actor: Actor, organization: string, name: string, reason: string) =>
    removeSecondStepOf(deps, actor, organization, name, reason),
  startApp: (caller: Caller, password: string) => startApp(deps, caller, password),
  confirmApp: (caller: Caller, token: string, code: string) => confirmApp(deps, caller, token, code),
  removeApp: (caller: Caller, password: string) => removeApp(deps, caller, password),
  newRecoveryCodes: (caller: Caller, password: string) => newRecoveryCodes(deps, caller, password),
  listPasskeys: (caller: Caller) => listPasskeys(deps, caller.userId),
  startPasskey: (caller: Caller, password: string) => startPasskey(deps, caller, password),
  addPasskey: (caller: Caller, name: string, response: Parameters<typeof addPasskey>[3]) =>
    addPasskey(deps, caller, name, response),
  renamePasskey: (caller: Caller, id: string, name: string) => renamePasskey(deps, caller, id, name),
  removePasskey: (caller: Caller, id: string) => removePasskey(deps, caller, id),
  startPasskeySignIn: (browser: string, address: string) => startPasskeySignIn(deps, browser, address),
  passkeySignIn: (input: Parameters<typeof passkeySignIn>[1]) => passkeySignIn(deps, input),
  listDevices: (caller: Caller, token: string) => listDevices(deps, caller, token),
  endDevice: (caller: Caller, id: string) => endDevice(deps, caller, id),
  signOutEverywhere: (caller: Caller) => signOutEverywhere(deps, caller),

  /** Writes to a person, in the transaction of what it is about. */
  async write(tx: Transaction, userId: string, make: Parameters<typeof writeTo>[3]): Promise<void> {
    const row = await findRowById(tx, userId)
    if (row) await writeTo(deps, tx, row, make)
  },

  saveProfile: (caller: Caller, token: string, input: Parameters<typeof saveProfile>[3]) =>
    saveProfile(deps, caller, token, input),
  saveIdentity: (actor: Actor, userId: string, change: IdentityChange) => saveIdentity(deps, actor, userId, change),
  saveExtra: (userId: string, extra: Readonly<Record<string, unknown>>) => saveExtra(deps, userId, extra),
  revealNumber: (caller: Caller) => revealNumber(deps, caller),
  lockIdentity: (tx: Transaction, seal: Seal) => lockIdentity(deps, tx, seal),
  isDocumentKnown,

  createUser: (actor: Actor, organization: string, name: string, input: Parameters<typeof createUser>[4]) =>
    createUser(deps, actor, organization, name, input),
  updateUser: (actor: Actor, organization: string, name: string, input: UserInput, version?: number) =>
    updateUser(deps, actor, organization, name, input, version),
  eraseUser: (actor: Actor, organization: string, name: string) => eraseUser(deps, actor, organization, name),
  prepare: () => deps.jobs.declare(askedLetterJob),
  work: () => deps.jobs.work(askedLetterJob, (asked) => writeAskedLetter(deps, asked)),
  seedAdmin: (password: string) => seedAdmin(deps, password),
})
