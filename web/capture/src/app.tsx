import type { CaptureSession } from '@veridoor/contract'
import { useCallback, useEffect, useState } from 'react'
import { type Api, CaptureError } from './api.ts'
import { Button, Icon, Logo, Screen } from './parts.tsx'
import { MakeSpecimen } from './specimen.tsx'
import { TakePhoto } from './take-photo.tsx'
import { say, sentenceOf, words } from './words.ts'

const countryName = (() => {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
  // Intl knows two-letter codes only; the few that matter most are mapped, others show their code.
  const two: Record<string, string> = {
    AUT: 'AT',
    AUS: 'AU',
    BEL: 'BE',
    BGR: 'BG',
    BRA: 'BR',
    CAN: 'CA',
    CHE: 'CH',
    CHN: 'CN',
    CZE: 'CZ',
    DEU: 'DE',
    DNK: 'DK',
    ESP: 'ES',
    EST: 'EE',
    FIN: 'FI',
    FRA: 'FR',
    GBR: 'GB',
    GRC: 'GR',
    HRV: 'HR',
    HUN: 'HU',
    IND: 'IN',
    IRL: 'IE',
    ISL: 'IS',
    ITA: 'IT',
    JPN: 'JP',
    KOR: 'KR',
    LTU: 'LT',
    LUX: 'LU',
    LVA: 'LV',
    MEX: 'MX',
    MLT: 'MT',
    NLD: 'NL',
    NOR: 'NO',
    NZL: 'NZ',
    POL: 'PL',
    PRT: 'PT',
    ROU: 'RO',
    SGP: 'SG',
    SVK: 'SK',
    SVN: 'SI',
    SWE: 'SE',
    TUR: 'TR',
    UKR: 'UA',
    USA: 'US',
    ZAF: 'ZA',
  }
  return (code: string): string =>
    code === 'UTO' ? 'Utopia (specimens)' : two[code] ? (names.of(two[code] as string) ?? code) : code
})()

const Consent = ({
  session,
  act,
  onAlternative,
}: {
  session: CaptureSession
  act: (work: (api: Api) => Promise<CaptureSession>) => void
  onAlternative: () => void
}) => {
  const [agreed, setAgreed] = useState(false)
  const [asked, setAsked] = useState(false)
  return (
    <Screen
      title={words.start.title}
      client={session.client.name}
      footer={
        <>
          {asked && !agreed && (
            <p className="note warn" role="alert">
              <Icon name="warn" /> {sentenceOf('consent_missing').body}
            </p>
          )}
          <Button data-testid="capture-start" onClick={() => (agreed ? act((api) => api.consent()) : setAsked(true))}>
            {words.start.button}
          </Button>
          {session.faceRequired && (
            <Button kind="link" onClick={onAlternative}>
              {words.noSelfie}
            </Button>
          )}
        </>
      }
    >
      <p className="lead">{words.start.body}</p>
      <ul className="list">
        <li>
          <Icon name="passport" /> {words.start.id}
        </li>
        <li>
          <Icon name="camera" /> {words.start.light}
        </li>
        {session.faceRequired && (
          <li>
            <Icon name="face" /> {words.start.face}
          </li>
        )}
      </ul>
      <p>{say(words.retention, { days: session.retentionDays, client: session.client.name })}</p>
      <label className="tick">
        <input type="checkbox" checked={agreed} onChange={(event) => setAgreed(event.currentTarget.checked)} />
        <span>{session.faceRequired ? words.agree : words.agreeDocument}</span>
      </label>
    </Screen>
  )
}

const Choice = ({
  session,
  act,
  step,
}: {
  session: CaptureSession
  act: (work: (api: Api) => Promise<CaptureSession>) => void
  step: string
}) => {
  const countries = [...new Set(session.documents.map((document) => document.country))]
    .map((code) => ({ code, name: countryName(code) }))
    .sort((a, b) => (a.code === 'UTO' ? -1 : b.code === 'UTO' ? 1 : a.name.localeCompare(b.name)))
  const [country, setCountry] = useState(session.choice?.country ?? session.preset?.country ?? countries[0]?.code ?? '')
  return (
    <Screen
      title={words.choice.title}
      step={step}
      client={session.client.name}
      footer={
        <Button data-testid="choose" onClick={() => act((api) => api.choose({ country, type: 'PASSPORT' }))}>
          {words.choice.button}
        </Button>
      }
    >
      <label className="field">
        <span>{words.choice.country}</span>
        <select value={country} onChange={(event) => setCountry(event.currentTarget.value)}>
          {countries.map((entry) => (
            <option key={entry.code} value={entry.code}>
              {entry.name}
            </option>
          ))}
        </select>
      </label>
      <label className="tick boxed">
        <input type="radio" checked readOnly name="type" />
        <span>
          <strong>{words.choice.passport}</strong>
          <br />
          {words.choice.page}
        </span>
      </label>
    </Screen>
  )
}

const Checking = ({ session }: { session: CaptureSession }) => {
  const [long, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), 30_000)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Screen title={words.checking.title} client={session.client.name}>
      <ul className="list progress">
        <li>
          <Icon name="check" /> {words.checking.sent}
        </li>
        <li>
          <span className="spinner" aria-hidden="true" /> {words.checking.reading}
        </li>
        {session.faceRequired && (
          <li className="muted">
            <Icon name="clock" /> {words.checking.comparing}
          </li>
        )}
      </ul>
      <p aria-live="polite">{long ? words.checking.long : words.checking.body}</p>
    </Screen>
  )
}

const Ended = ({ session }: { session: CaptureSession }) => {
  const { client, ended } = session
  const how = ended?.how ?? 'submitted'
  const text = words.ended[how]
  return (
    <Screen
      title={text.title}
      client={client.name}
      footer={
        ended?.returnUrl ? (
          <a className="button main" data-testid="continue" href={ended.returnUrl}>
            {say(words.goOn, { client: client.name })}
          </a>
        ) : (
          <p>{words.close}</p>
        )
      }
    >
      <div className={`picture round ${how === 'submitted' ? 'good' : ''}`} aria-hidden="true">
        <Icon name={how === 'submitted' ? 'check' : how === 'timed_out' ? 'clock' : 'stop'} size={72} />
      </div>
      <p className="lead">{say(text.body, { client: client.name })}</p>
    </Screen>
  )
}

const Notice = ({ code, onAgain }: { code: string; onAgain: () => void }) => {
  const text = sentenceOf(words.failed[code] ?? 'interrupted')
  return (
    <Screen
      title={text.title}
      client=""
      footer={code === 'LINK_NOT_USABLE' ? undefined : <Button onClick={onAgain}>{words.faults.again}</Button>}
    >
      <p className="lead">{text.body}</p>
    </Screen>
  )
}

/** The check, step by step, as the server says: a reload or another device goes on at the same place. */
export const App = ({ api }: { api: Api }) => {
  const [session, setSession] = useState<CaptureSession | null>(null)
  const [failed, setFailed] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const [tool, setTool] = useState<'specimen' | 'alternative' | null>(null)
  const [offline, setOffline] = useState(!navigator.onLine)
  const [idle, setIdle] = useState(false)

  const act = useCallback(
    (work: (api: Api) => Promise<CaptureSession>): void => {
      setBusy(true)
      work(api)
        .then((next) => {
          setSession(next)
          setFailed(null)
        })
        .catch((error: unknown) => setFailed(error instanceof CaptureError ? error.code : 'INTERRUPTED'))
        .finally(() => setBusy(false))
    },
    [api],
  )
  const refresh = useCallback(() => act((to) => to.read()), [act])
  useEffect(refresh, [refresh])

  useEffect(() => {
    const change = (): void => setOffline(!navigator.onLine)
    window.addEventListener('online', change)
    window.addEventListener('offline', change)
    return () => {
      window.removeEventListener('online', change)
      window.removeEventListener('offline', change)
    }
  }, [])

  const step = session?.step
  useEffect(() => {
    if (step !== 'checking') return
    const timer = setInterval(() => void api.read().then(setSession, () => {}), 1000)
    return () => clearInterval(timer)
  }, [step, api])

  const expiresAt = session?.expiresAt
  useEffect(() => {
    if (!expiresAt || step === 'ended' || step === 'checking') return setIdle(false)
    const left = Date.parse(expiresAt) - Date.now() - 120_000
    setIdle(false)
    const timer = setTimeout(() => setIdle(true), Math.max(0, left))
    return () => clearTimeout(timer)
  }, [expiresAt, step])

  const send =
    (part: 'front' | 'selfie') =>
    (photo: Blob, source: 'camera' | 'upload'): void => {
      setBusy(true)
      setFault(null)
      api
        .send(part, photo, source)
        .then((answer) => {
          if (answer.accepted) {
            setTool(null)
            setSession(answer.session)
          } else setFault(answer.code ?? 'photo_quality')
        })
        .catch((error: unknown) => {
          const code = error instanceof CaptureError ? error.code : 'INTERRUPTED'
          if (code === 'LINK_NOT_USABLE' || code === 'SESSION_ENDED') return refresh()
          setFault(words.failed[code] ?? 'interrupted')
        })
        .finally(() => setBusy(false))
    }

  if (failed) return <Notice code={failed} onAgain={refresh} />
  if (!session) return <main className="screen" aria-busy="true" />

  const client = session.client.name
  const of = session.faceRequired ? 4 : 3
  const number = (n: number): string => say(words.step, { n, of })
  const part = session.step === 'retake' ? (session.retake?.part === 'selfie' ? 'selfie' : 'front') : session.step
  const retaking = session.step === 'retake' && session.retake ? sentenceOf(session.retake.code) : null

  const content = (() => {
    if (tool === 'specimen')
      return (
        <MakeSpecimen
          api={api}
          client={client}
          onUse={(page) => send('front')(page, 'upload')}
          onBack={() => setTool(null)}
        />
      )
    if (tool === 'alternative')
      return (
        <Screen
          title={words.alternative.title}
          client={client}
          footer={
            <>
              <Button
                onClick={() => {
                  setTool(null)
                  act((to) => to.alternative())
                }}
              >
                {words.alternative.yes}
              </Button>
              <Button kind="second" onClick={() => setTool(null)}>
                {words.alternative.no}
              </Button>
            </>
          }
        >
          <p className="lead">{words.alternative.body}</p>
        </Screen>
      )
    switch (part) {
      case 'consent':
        return <Consent session={session} act={act} onAlternative={() => setTool('alternative')} />
      case 'choice':
        return <Choice session={session} act={act} step={number(1)} />
      case 'front':
      case 'selfie':
        return (
          <>
            {retaking && (
              <section className="note warn wide" role="alert" data-testid="retake-reason">
                <Icon name="warn" />
                <div>
                  <strong>{retaking.title}</strong>
                  <p>{retaking.body}</p>
                  <p>
                    {say(session.attemptsLeft === 1 ? words.tries.one : words.tries.many, { n: session.attemptsLeft })}
                  </p>
                </div>
              </section>
            )}
            <TakePhoto
              key={`${part}${session.attempt}`}
              part={part}
              client={client}
              step={number(part === 'front' ? 2 : 3)}
              uploadAllowed={part === 'front' ? session.uploadAllowed : session.selfieUploadAllowed}
              busy={busy}
              fault={fault ? sentenceOf(fault) : null}
              onUse={send(part)}
              extra={
                part === 'front' && session.demonstration ? (
                  <Button kind="link" data-testid="open-specimen" onClick={() => setTool('specimen')}>
                    {words.demonstration.make}
                  </Button>
                ) : undefined
              }
            />
          </>
        )
      case 'submit':
        return (
          <Screen
            title={words.submit.title}
            step={number(of)}
            client={client}
            footer={
              <Button data-testid="submit" disabled={busy} onClick={() => act((to) => to.submit())}>
                {words.submit.button}
              </Button>
            }
          >
            <p className="lead">{words.submit.body}</p>
          </Screen>
        )
      case 'checking':
        return <Checking session={session} />
      default:
        return <Ended session={session} />
    }
  })()

  return (
    <>
      <header className="top">
        <span className="brand">
          <Logo /> {client}
        </span>
        {session.demonstration && (
          <span className="badge" title={words.demonstration.body}>
            <Icon name="flask" size={16} /> {words.demonstration.badge}
          </span>
        )}
        {session.step !== 'ended' && session.step !== 'checking' && (
          <Button kind="link" onClick={() => act((to) => to.cancel())}>
            {words.cancel}
          </Button>
        )}
      </header>
      {offline && (
        <p className="bar" role="status">
          {words.offline}
        </p>
      )}
      {idle && (
        <section className="note warn wide" role="alert">
          <Icon name="clock" />
          <div>
            <strong>{words.stay.title}</strong>
            <p>{say(words.stay.body, { minutes: 2 })}</p>
            <Button kind="second" onClick={() => act((to) => to.stay())}>
              {words.stay.button}
            </Button>
          </div>
        </section>
      )}
      {content}
    </>
  )
}
