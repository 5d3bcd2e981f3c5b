import type { CaptureSession } from '@veridoor/contract'
import { useEffect, useId, useRef, useState } from 'react'
import { useBrandColour } from './brand-colour.ts'
import { Button, Icon, Logo, Note } from './controls.tsx'
import { type Language, languages } from './words/languages.ts'
import { useWords } from './words/words.tsx'

const LanguageMenu = () => {
  const { say, language, missing, choose } = useWords()
  return (
    <>
      <select
        className="language"
        aria-label={say('language')}
        value={language}
        onChange={(event) => choose(event.currentTarget.value as Language)}
      >
        {Object.entries(languages).map(([code, { name }]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
      {missing && (
        <p className="bar" role="alert">
          <strong lang={missing}>{languages[missing].name}</strong>: {say('language.failed')}
        </p>
      )}
    </>
  )
}

/** A question that comes over the page, with the focus inside until it is answered. `onClose`: Escape was pressed. */
const Dialog = ({ title, children, onClose }: { title: string; children: React.ReactNode; onClose: () => void }) => {
  const dialog = useRef<HTMLDialogElement>(null)
  // Two may be open, one over the other.
  const id = useId()
  useEffect(() => {
    const opener = document.activeElement
    dialog.current?.showModal()
    return () => (opener as HTMLElement | null)?.focus?.()
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      // Browsers let nobody keep a dialog open against a second Escape; while it is here, it is asked.
      onClose={() => {
        onClose()
        dialog.current?.showModal()
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  )
}

/** The company's own logo; ours where it has none or its picture does not come. */
const ClientLogo = ({ url }: { url: string | null }) => {
  const [broken, setBroken] = useState<string | null>(null)
  return url && url !== broken ? (
    <img className="client-logo" src={url} alt="" referrerPolicy="no-referrer" onError={() => setBroken(url)} />
  ) : (
    <Logo />
  )
}

/** The bar before the check is open here: who asks, once that is known, and the language. */
export const PlainBar = ({ client }: { client?: CaptureSession['client'] }) => {
  useBrandColour(client?.color ?? null)
  return (
    <header className="top">
      <span className="brand">
        {client && (
          <>
            <ClientLogo url={client.logoUrl} /> <bdi>{client.name}</bdi>
          </>
        )}
      </span>
      <LanguageMenu />
    </header>
  )
}

/** Who asks, the language, and the way out. */
export const TopBar = ({ session, onCancel }: { session: CaptureSession; onCancel: () => void }) => {
  const { say } = useWords()
  const [asking, setAsking] = useState(false)
  const { name, logoUrl, color } = session.client
  useBrandColour(color)
  return (
    <>
      <header className="top">
        <span className="brand">
          <ClientLogo url={logoUrl} /> <bdi>{name}</bdi>
        </span>
        {session.demonstration && (
          <span className="badge" title={say('demo.note')}>
            <Icon name="flask" size={16} /> {say('demo.badge')}
          </span>
        )}
        <LanguageMenu />
        {session.step !== 'ended' && session.step !== 'checking' && session.device === 'doing' && (
          <button type="button" className="close" aria-label={say('cancel.link')} onClick={() => setAsking(true)}>
            <Icon name="close" />
          </button>
        )}
      </header>
      {asking && (
        <Dialog title={say('cancel.title')} onClose={() => setAsking(false)}>
          <p>{say('cancel.body')}</p>
          {/* First, so that it has the focus: a press of Enter deletes nothing. */}
          <Button onClick={() => setAsking(false)}>{say('cancel.no')}</Button>
          <Button
            kind="second"
            onClick={() => {
              setAsking(false)
              onCancel()
            }}
          >
            {say('cancel.yes')}
          </Button>
        </Dialog>
      )}
    </>
  )
}

const WARN_MS = 120_000

/** Two minutes before the check closes by itself: one press keeps it open (WCAG 2.2.1). */
export const StayDialog = ({
  session,
  endsAtMs,
  failure,
  onStay,
  onOver,
}: {
  session: CaptureSession
  /** When it closes, by this device's own clock. */
  endsAtMs: number
  /** Why it could not be kept open, in words. */
  failure: string | null
  onStay: () => void
  onOver: () => void
}) => {
  const { say } = useWords()
  const [leftMs, setLeftMs] = useState(Number.POSITIVE_INFINITY)
  const isOpen = session.step !== 'ended' && session.step !== 'checking'
  useEffect(() => {
    const look = (): void => setLeftMs(endsAtMs - Date.now())
    look()
    const timer = setInterval(look, 5_000)
    return () => clearInterval(timer)
  }, [endsAtMs])
  const isOver = isOpen && leftMs <= 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the time is over
  useEffect(() => {
    if (isOver) onOver()
  }, [isOver])
  if (!isOpen || leftMs > WARN_MS || isOver) return null
  return (
    <Dialog title={say('stay.title')} onClose={onStay}>
      <p role="status">{say('stay.body', { minutes: Math.max(1, Math.ceil(leftMs / 60_000)) })}</p>
      {failure && <Note alert>{failure}</Note>}
      <Button onClick={onStay}>{say(failure ? 'again' : 'stay.button')}</Button>
    </Dialog>
  )
}

/** Stands there as long as the browser says that there is no connection. */
export const OfflineBar = () => {
  const { say } = useWords()
  const [offline, setOffline] = useState(!navigator.onLine)
  useEffect(() => {
    const onConnectionChange = (): void => setOffline(!navigator.onLine)
    window.addEventListener('online', onConnectionChange)
    window.addEventListener('offline', onConnectionChange)
    return () => {
      window.removeEventListener('online', onConnectionChange)
      window.removeEventListener('offline', onConnectionChange)
    }
  }, [])
  return <div aria-live="polite">{offline && <p className="bar">{say('offline')}</p>}</div>
}
