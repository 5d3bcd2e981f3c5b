import { readSentence } from '../../sentences.ts'
import { Notice } from '../../ui/parts.tsx'
import type { Account } from './details.tsx'

/** Why the last check did not end well, and what helps. */
export const LastResult = ({ account }: { account: Account }) => {
  const { verification } = account
  if (!verification || verification.state === 'verified') return null
  const [first, ...others] = verification.reasons
  if (!first) return null
  const text = readSentence(first.code, first.values)
  const isOurs = text.group === 'technical'
  return (
    <Notice tone={isOurs ? 'off' : text.group === 'retake' ? 'review' : 'bad'} title={text.title} role="status">
      <p>{text.body}</p>
      {others.length > 0 && (
        <p>Also: {others.map((other) => readSentence(other.code, other.values).title).join(' · ')}</p>
      )}
      <p>
        Reference {verification.reference}
        {account.helpContact ? `. Get help: ${account.helpContact}` : ''}
      </p>
    </Notice>
  )
}
