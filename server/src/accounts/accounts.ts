import type { Executor, Transaction } from '@veridoor/foundation'
import type { Actor } from '../organizations/index.ts'
import { createUser, eraseUser, type UserInput, updateUser } from './administer-users.ts'
import { askedLetterJob, askForLetter, writeAskedLetter } from './asked-letters.ts'
import { changePassword } from './change-password.ts'
import { askAgainToConfirm, confirmEmail } from './confirm-email.ts'
import { endDevice, listDevices, signOutEverywhere } from './devices.ts'
import { emailCodeSignIn } from './email-code.ts'
import { resetByLink } from './forgotten-password.ts'
import type { IdentityChange } from './lock.ts'
import type { Parts } from './parts.ts'
import { passkeySignIn, startPasskeySignIn } from './passkey-sign-in.ts'
import { addPasskey, listPasskeys, removePasskey, renamePasskey, startPasskey } from './passkeys.ts'
import { countRecoveryCodes } from './recovery-codes.ts'
import { removeSecondStepOf } from './remove-second-step.ts'
import { revealNumber } from './reveal-number.ts'
import { saveExtra } from './save-extra.ts'
import { saveIdentity } from './save-identity.ts'
import { saveProfile } from './save-profile.ts'
import { type Seal, sealIdentity } from './seal-identity.ts'
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
export const createAccounts = (parts: Parts) => ({
  async findUser(organization: string, name: string, ex: Executor = parts.db): Promise<User | undefined> {
    const row = await findRow(ex, organization, name)
    return row && toUser(parts.box, row)
  },
  async findUserById(id: string, ex: Executor = parts.db): Promise<User | undefined> {
    const row = await findRowById(ex, id)
    return row && toUser(parts.box, row)
  },
  async listUsers(filter: UserFilter): Promise<{ users: User[]; total: number }> {
    const { rows, total } = await pageOfUsers(parts.db, filter)
    return { users: rows.map((row) => toUser(parts.box, row)), total }
  },
  countUsers: (organization: string) => countUsers(parts.db, organization),

  signIn: (input: Parameters<typeof signIn>[1]) => signIn(parts, input),
  signUp: (input: Parameters<typeof signUp>[1]) => signUp(parts, input),
  callerOf: (token: string, address: string) => callerOf(parts, token, address),
  signOut: (token: string) => signOut(parts, token),
  sweepSessions: () => sweepSessions(parts),
  changePassword: (caller: Caller, token: string, current: string, next: string) =>
    changePassword(parts, caller, token, current, next),
  setPassword: (actor: Actor, organization: string, name: string, input: Parameters<typeof setPassword>[4]) =>
    setPassword(parts, actor, organization, name, input),
  askForLetter: (input: Parameters<typeof askForLetter>[1]) => askForLetter(parts, input),
  resetByLink: (input: Parameters<typeof resetByLink>[1]) => resetByLink(parts, input),
  emailCodeSignIn: (input: Parameters<typeof emailCodeSignIn>[1]) => emailCodeSignIn(parts, input),
  askAgainToConfirm: (caller: Caller) => askAgainToConfirm(parts, caller),
  confirmEmail: (token: string, address: string) => confirmEmail(parts, token, address),

  /** Whether sign-in asks for a code, and how many recovery codes are left. */
  async secondStep(caller: Caller): Promise<{ isOn: boolean; recoveryCodes: number }> {
    const isOn = await hasSecondStep(parts, caller.userId)
    return { isOn, recoveryCodes: isOn ? await countRecoveryCodes(parts, caller.userId) : 0 }
  },
  withSecondStep: (userIds: readonly string[]) => withSecondStep(parts, userIds),
  removeSecondStepOf: (actor: Actor, organization: string, name: string, reason: string) =>
    removeSecondStepOf(parts, actor, organization, name, reason),
  startApp: (caller: Caller, password: string) => startApp(parts, caller, password),
  confirmApp: (caller: Caller, token: string, code: string) => confirmApp(parts, caller, token, code),
  removeApp: (caller: Caller, password: string) => removeApp(parts, caller, password),
  newRecoveryCodes: (caller: Caller, password: string) => newRecoveryCodes(parts, caller, password),
  listPasskeys: (caller: Caller) => listPasskeys(parts, caller.userId),
  startPasskey: (caller: Caller, password: string) => startPasskey(parts, caller, password),
  addPasskey: (caller: Caller, name: string, response: Parameters<typeof addPasskey>[3]) =>
    addPasskey(parts, caller, name, response),
  renamePasskey: (caller: Caller, id: string, name: string) => renamePasskey(parts, caller, id, name),
  removePasskey: (caller: Caller, id: string) => removePasskey(parts, caller, id),
  startPasskeySignIn: (browser: string, address: string) => startPasskeySignIn(parts, browser, address),
  passkeySignIn: (input: Parameters<typeof passkeySignIn>[1]) => passkeySignIn(parts, input),
  listDevices: (caller: Caller, token: string) => listDevices(parts, caller, token),
  endDevice: (caller: Caller, id: string) => endDevice(parts, caller, id),
  signOutEverywhere: (caller: Caller) => signOutEverywhere(parts, caller),

  /** Writes to a person, in the transaction of what it is about. */
  async write(tx: Transaction, userId: string, make: Parameters<typeof writeTo>[3]): Promise<void> {
    const row = await findRowById(tx, userId)
    if (row) await writeTo(parts, tx, row, make)
  },

  saveProfile: (caller: Caller, token: string, input: Parameters<typeof saveProfile>[3]) =>
    saveProfile(parts, caller, token, input),
  saveIdentity: (actor: Actor, userId: string, change: IdentityChange) => saveIdentity(parts, actor, userId, change),
  saveExtra: (userId: string, extra: Readonly<Record<string, unknown>>) => saveExtra(parts, userId, extra),
  revealNumber: (caller: Caller) => revealNumber(parts, caller),
  sealIdentity: (tx: Transaction, seal: Seal) => sealIdentity(parts, tx, seal),
  isDocumentKnown,

  createUser: (actor: Actor, organization: string, name: string, input: Parameters<typeof createUser>[4]) =>
    createUser(parts, actor, organization, name, input),
  updateUser: (actor: Actor, organization: string, name: string, input: UserInput, version?: number) =>
    updateUser(parts, actor, organization, name, input, version),
  eraseUser: (actor: Actor, organization: string, name: string) => eraseUser(parts, actor, organization, name),
  prepare: () => parts.jobs.declare(askedLetterJob),
  work: () => parts.jobs.work(askedLetterJob, (asked) => writeAskedLetter(parts, asked)),
  seedAdmin: (password: string) => seedAdmin(parts, password),
})
