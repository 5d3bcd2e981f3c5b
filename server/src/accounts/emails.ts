import type { Email } from '../mail/index.ts'

type About = { readonly sender: string; readonly name: string }

/** Emails to people with an account. Each says what happened, what to do, and what to do if it was not them. */
export const newPasswordMessage = ({ sender, name }: About, url: string): Email => ({
  subject: 'Choose a new password',
  sender,
  before: [`Somebody, probably you, asked for a new password for the account ${name}.`],
  action: { text: 'Choose a new password', url },
  after: [
    'The link works once, for 30 minutes.',
    'If it was not you, you do not need to do anything. Your password stays as it is.',
  ],
})

export const passwordChangedMessage = ({ sender, name }: About): Email => ({
  subject: 'Your password was changed',
  sender,
  before: [
    `The password of the account ${name} was changed. All devices were signed out, but the one it was changed on.`,
  ],
  after: ['If it was not you, choose a new one now: press "Forgot your password?" on the sign-in page.'],
})

/** To a person whose password an administrator or an application set. */
export const passwordSetMessage = ({ sender, name }: About, help: string): Email => ({
  subject: 'Your password was set by somebody else',
  sender,
  before: [
    `An administrator or an application set a new password for the account ${name}. All devices were signed out, and you will be asked to choose another password when you sign in.`,
  ],
  after: [`If you did not expect this, ask for help${help ? `: ${help}` : ' where you use this account'}.`],
})

/** To a verified person whose password somebody else tried to set. */
export const passwordRefusedMessage = ({ sender, name }: About, help: string): Email => ({
  subject: 'Somebody tried to set your password',
  sender,
  before: [
    `An administrator or an application tried to set a new password for the account ${name}. It was refused: only you choose the password of a verified account.`,
  ],
  after: [`If you did not expect this, ask for help${help ? `: ${help}` : ' where you use this account'}.`],
})

export const confirmEmailMessage = ({ sender, name }: About, url: string): Email => ({
  subject: 'Confirm your email address',
  sender,
  before: [`This address was given for the account ${name}. Confirm that it is yours.`],
  action: { text: 'Confirm this address', url },
  after: [
    'The link works once, for 24 hours.',
    'If you have no such account, you do not need to do anything. Nobody is told that this address is yours.',
  ],
})

/** To the owner of an address that somebody else gave for an account of theirs. */
export const addressInUseMessage = ({ sender, name }: About): Email => ({
  subject: 'Somebody gave your email address',
  sender,
  before: [
    `Somebody, perhaps you, gave this address for another account. It belongs to your account ${name}, and stays there.`,
  ],
  after: [
    'If it was you: sign in with this account, or press "Forgot your password?" on the sign-in page.',
    'If it was not you, you do not need to do anything. Nobody was told that you have an account.',
  ],
})

/** To the address that was there before. Does not name the new one: whoever reads this may be somebody else by now. */
export const emailChangedMessage = ({ sender, name }: About, help: string): Email => ({
  subject: 'Your email address was changed',
  sender,
  before: [`The account ${name} has another email address now. Messages no longer come to this one.`],
  after: [`If it was not you, ask for help${help ? `: ${help}` : ' where you use this account'}.`],
})

export const signInCodeMessage = ({ sender, name }: About, code: string): Email => ({
  subject: 'Your code to sign in',
  sender,
  before: [`Type this code on the page where you sign in as ${name}:`],
  code,
  after: [
    'It works once, for 10 minutes, in the browser that you asked with.',
    'Nobody from us will ask you for it. If you did not ask, somebody typed your name: without this code they cannot get in.',
  ],
})

/** @param reason in the administrator's words */
export const secondStepRemovedMessage = ({ sender, name }: About, reason: string, help: string): Email => ({
  subject: 'The second step was turned off',
  sender,
  before: [
    `An administrator turned off the second step of the account ${name}. The authenticator app and the recovery codes are not asked for any more.`,
    `Reason: ${reason}`,
  ],
  after: [
    'Set it up again on the security page of your account.',
    `If you did not ask for this, change your password now${help ? `, and ask for help: ${help}` : ''}.`,
  ],
})
