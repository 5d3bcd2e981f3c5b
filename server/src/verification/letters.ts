import type { VerificationState } from '@veridoor/contract'
import type { Email } from '../mail/index.ts'

type About = { readonly sender: string; readonly name: string }
type Words = { readonly subject: string; readonly before: string; readonly action: string; readonly after: string }

/**
 * How a check went, for the person who did not wait for it. Says no reason and nothing of the document: mail is read by others,
 * too. Somebody whose check a person reviews gets the same words whatever the reason.
 */
const words: Partial<Record<VerificationState | 'alarm', Words>> = {
  verified: {
    subject: 'Your identity is verified',
    before: 'Your identity is verified. You do not need to do this again.',
    action: 'See your account',
    after: 'If you did not do this, ask for help now.',
  },
  rejected: {
    subject: 'We could not verify you yet',
    before: 'The check of your identity has ended without success.',
    action: 'See why, and what you can do',
    after: 'If you did not do this, ask for help now.',
  },
  review: {
    subject: 'A person is looking at your check',
    before:
      'A person is looking at the check of your identity. You do not need to do anything. We write to you when it is decided.',
    action: 'See your account',
    after: 'If you did not do this, ask for help now.',
  },
}

/** Undefined for moves that nobody is written to about. @param url of the public address */
export const resultLetter = (state: VerificationState | 'alarm', url: string) => {
  const found = words[state]
  return (
    found &&
    (({ sender, name }: About, help: string): Email => ({
      subject: found.subject,
      sender,
      before: [found.before, `Account: ${name}`],
      action: { text: found.action, url: `${url}/account/identity` },
      after: [help ? found.after.replace('ask for help now.', `ask for help now: ${help}`) : found.after],
    }))
  )
}
