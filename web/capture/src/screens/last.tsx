import type { CaptureSession, CaptureSide } from '@veridoor/contract'
import { useEffect, useState } from 'react'
import { Button, Icon, type IconName, Screen } from '../controls.tsx'
import { sideName } from '../document-words.ts'
import { sidesOf, stepNumber } from '../steps.ts'
import { useTrouble } from '../trouble.ts'
import { useWords, type Words } from '../words/words.tsx'

/** Everything is there: send it, or take one picture again. */
export const Submit = ({
  session,
  busy,
  onSubmit,
  onRetake,
  onBack,
}: {
  session: CaptureSession
  busy: boolean
  onSubmit: () => void
  onRetake: (side: CaptureSide) => void
  onBack: () => void
}) => {
  const words = useWords()
  const { say } = words
  return (
    <Screen
      title={say('submit.title')}
      step={stepNumber(session, 'submit')}
      client={session.client.name}
      onBack={onBack}
      footer={
        <Button data-testid="submit" disabled={busy} onClick={onSubmit}>
          {say('submit.button')}
        </Button>
      }
    >
      <p className="lead">{say('submit.body')}</p>
      <ul className="list saved">
        {sidesOf(session).map((side) => {
          const name = side === 'selfie' ? say('picture.selfie.saved') : sideName(words, session, side)
          return (
            <li key={side}>
              <Icon name="check" />
              <span>
                {name}
                <br />
                <span className="muted">{say('submit.saved')}</span>
              </span>
              <Button kind="link" aria-label={`${say('submit.retake')}: ${name}`} onClick={() => onRetake(side)}>
                {say('submit.retake')}
              </Button>
            </li>
          )
        })}
      </ul>
    </Screen>
  )
}

const LONG_MS = 30_000
const VERY_LONG_MS = 120_000
/** Checks before this one that take about the ten seconds which are promised otherwise. */
const MANY = 10

/** While the engine works: where the check stands, and after 30 s and 2 min that it takes longer. */
export const Checking = ({ session }: { session: CaptureSession }) => {
  const { say } = useWords()
  const [waited, setWaited] = useState<'body' | 'long' | 'veryLong'>('body')
  useEffect(() => {
    const timers = [setTimeout(() => setWaited('long'), LONG_MS), setTimeout(() => setWaited('veryLong'), VERY_LONG_MS)]
    return () => timers.forEach(clearTimeout)
  }, [])
  const told = waited === 'body' && (session.queuePosition ?? 0) > MANY ? 'long' : waited
  const now =
    session.progress !== 'queued'
      ? say('checking.reading')
      : session.queuePosition
        ? say('checking.queuePosition', { n: session.queuePosition })
        : say('checking.queued')
  return (
    <Screen title={say('checking.title')} client={session.client.name}>
      <ol className="list progress" aria-live="polite">
        <li>
          <Icon name="check" />
          {say('checking.sent')}
          <span className="visually-hidden">{say('checking.done')}</span>
        </li>
        <li>
          <span className="spinner" aria-hidden="true" />
          {now}
          <span className="visually-hidden">{say('checking.now')}</span>
        </li>
      </ol>
      <p aria-live="polite">{say(`checking.${told}`, { client: session.client.name })}</p>
    </Screen>
  )
}

const icons: Record<NonNullable<CaptureSession['ended']>['how'], IconName> = {
  submitted: 'clock',
  cancelled: 'stop',
  timed_out: 'clock',
  three_tries_used: 'stop',
  interrupted: 'warn',
}

/**
 * The end of the check on this page. The outcome is for the platform to tell, so nothing here looks like a success. The person goes on
 * with a button, never by a redirect.
 */
export const Ended = ({ session }: { session: CaptureSession }) => {
  const { say, sentence } = useWords()
  const client = session.client.name
  const how = session.ended?.how ?? 'interrupted'
  const text =
    how === 'submitted'
      ? {
          title: say('ended.submitted.title'),
          body: session.isFollowed ? say('ended.onOtherDevice') : say('ended.submitted.body', { client }),
        }
      : sentence(how)
  return (
    <Screen
      title={text.title}
      client={client}
      footer={
        session.ended?.returnUrl ? (
          <a className="button main" data-testid="continue" href={session.ended.returnUrl}>
            {say('ended.button', { client })}
          </a>
        ) : (
          <p>{say('ended.close')}</p>
        )
      }
    >
      <div className="picture round" aria-hidden="true">
        <Icon name={icons[how]} size={72} />
      </div>
      <p className="lead">{text.body}</p>
      {how !== 'submitted' && <p>{session.isFollowed ? say('ended.onOtherDevice') : say('ended.next', { client })}</p>}
    </Screen>
  )
}

/**
 * The verifier cannot be reached, while something is to be told to it. Whoever has enough goes back with the code of that: only the
 * page knows of it, and the check ends by itself when its time is over.
 */
export const Unreachable = ({
  session,
  busy = false,
  onAgain,
  onGoOn,
}: {
  session: CaptureSession
  busy?: boolean
  onAgain: () => void
  /** Where there is a screen under this one to go on with. */
  onGoOn?: () => void
}) => {
  const { say } = useWords()
  const [before] = useState(() => document.activeElement)
  useEffect(() => () => (before as HTMLElement | null)?.focus?.(), [before])
  const client = session.client.name
  // Codes of the return address: trouble talking to the server, and no network at all.
  const code = navigator.onLine ? '9810' : '9800'
  return (
    <Screen
      title={say('offline.title')}
      client={client}
      footer={
        <>
          <Button disabled={busy} onClick={onAgain}>
            {say('again')}
          </Button>
          {onGoOn && (
            // While leaving is on its way there is nothing to go on with: it may come about.
            <Button kind="second" disabled={busy} onClick={onGoOn}>
              {say('cancel.no')}
            </Button>
          )}
          {session.errorReturn && (
            <a className="button second" data-testid="leave" href={session.errorReturn + code}>
              {say('ended.button', { client })}
            </a>
          )}
        </>
      }
    >
      <p className="lead">{say('offline.body')}</p>
    </Screen>
  )
}

/** A screen of ours broke. Loading the page anew goes on where the check stands. */
export const BrokenPage = ({ client }: { client: string }) => {
  const { say, sentence } = useWords()
  useTrouble('page_fault')
  const { title, body } = sentence('interrupted')
  return (
    <Screen
      title={title}
      client={client}
      footer={<Button onClick={() => window.location.reload()}>{say('again')}</Button>}
    >
      <p className="lead">{body}</p>
    </Screen>
  )
}

/** What to say where there is no session to show, and what to do then. */
const lostText = (code: string, { say, sentence }: Words): { title: string; body: string; more: string | null } => {
  switch (code) {
    case 'open_elsewhere':
      return { title: say('elsewhere.title'), body: say('elsewhere.body'), more: say('elsewhere.lost') }
    case 'offline':
      return { title: say('offline.title'), body: say('offline.body'), more: null }
    case 'CODE_USED':
      return { title: say('code.used.title'), body: say('code.used.body'), more: null }
    case 'CODE_EXPIRED':
      return { title: say('code.expired.title'), body: say('code.expired.body'), more: null }
    case 'CODE_NOT_USABLE':
      return { title: say('code.unknown.title'), body: say('code.unknown.body'), more: null }
    default:
      return { ...sentence(code), more: code === 'interrupted' ? say('link.howBody') : null }
  }
}

/** No session to show: the link or code is used up, another device has it, or the verifier cannot be reached. */
export const NoSession = ({
  code,
  busy = false,
  onAgain,
}: {
  code: string
  /** It is being asked again. */
  busy?: boolean
  onAgain?: () => void
}) => {
  const words = useWords()
  const { say } = words
  const [isOpen, setOpen] = useState(false)
  const { title, body, more } = lostText(code, words)
  const isLink = code === 'link_not_usable' || code === 'timed_out'
  return (
    <Screen
      title={title}
      client=""
      footer={
        <>
          {isLink && (
            <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {say('link.how')}
            </Button>
          )}
          {isOpen && (
            <p className="note" role="status">
              {say('link.howBody')}
            </p>
          )}
          {onAgain && (
            <Button kind={isLink ? 'second' : 'main'} disabled={busy} onClick={onAgain}>
              {say('again')}
            </Button>
          )}
        </>
      }
    >
      <p className="lead">{body}</p>
      {more && <p>{more}</p>}
    </Screen>
  )
}
