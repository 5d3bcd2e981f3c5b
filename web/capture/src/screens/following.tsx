import type { CaptureSession } from '@veridoor/contract'
import { Button, Icon, Screen } from '../controls.tsx'
import { sideName } from '../document-words.ts'
import { stepNumber } from '../steps.ts'
import { useWords, type Words } from '../words/words.tsx'

/** What the person does there: a picture that is taken again is that picture. */
const stepOf = ({ step, retake }: CaptureSession): Exclude<CaptureSession['step'], 'retake'> =>
  step === 'retake' ? (retake?.side ?? 'front') : step

const stepName = (session: CaptureSession, words: Words): string => {
  const { say } = words
  const step = stepOf(session)
  if (step === 'front' || step === 'back' || step === 'selfie') return sideName(words, session, step)
  if (step === 'movement') return say('move.title')
  return say(step === 'choice' ? 'choice.title' : step === 'submit' ? 'submit.title' : 'start.title')
}

/** The check goes on on another device; this page follows it to the end. */
export const Following = ({
  session,
  busy,
  onTakeBack,
}: {
  session: CaptureSession
  busy: boolean
  onTakeBack: () => void
}) => {
  const words = useWords()
  const { say } = words
  const step = stepOf(session)
  const at = step === 'consent' || step === 'checking' || step === 'ended' ? null : stepNumber(session, step)
  return (
    <Screen
      title={say('follow.title')}
      client={session.client.name}
      footer={
        <Button kind="second" data-testid="take-back" disabled={busy} onClick={onTakeBack}>
          {say('follow.back')}
        </Button>
      }
    >
      <div className="picture" aria-hidden="true">
        <Icon name="phone" size={96} />
      </div>
      <p className="lead">{say('follow.body')}</p>
      <p aria-live="polite" data-testid="follow-step">
        <strong>{stepName(session, words)}</strong>
        {at && <span className="muted"> · {say('step', at)}</span>}
      </p>
    </Screen>
  )
}
