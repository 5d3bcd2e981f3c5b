import type { HandOver } from '@veridoor/contract'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { encode } from 'uqr'
import { type Api, CaptureError } from '../api.ts'
import { Button, Note, Screen } from '../controls.tsx'
import { useWords } from '../words/words.tsx'

/** A device with a mouse: its owner most likely has a phone with a better camera. */
export const isComputer = (): boolean => window.matchMedia('(hover: hover) and (pointer: fine)').matches

/** The code as one path; black on white in every colour scheme, with the quiet zone that readers need (ISO/IEC 18004, 4 modules). */
const QrCode = ({ text, label }: { text: string; label: string }) => {
  const { size, path } = useMemo(() => {
    const { data, size } = encode(text, { ecc: 'M', border: 4 })
    const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
    return { size, path }
  }, [text])
  return (
    <svg className="code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}

const clock = (leftMs: number): string => {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** Hands the check to another device: a code to scan, its address to type or copy, and the number that both screens show. */
export const ShowCode = ({ api, client, onStay }: { api: Api; client: string; onStay: () => void }) => {
  const { say, language } = useWords()
  /** When it ends by this device's own clock, which may be wrong but runs evenly. */
  const [shown, setShown] = useState<(HandOver & { endsAt: number }) | null>(null)
  const [fault, setFault] = useState(false)
  const [copied, setCopied] = useState(false)
  const [now, setNow] = useState(Date.now)

  const renew = useCallback(() => {
    setFault(false)
    api.handOver().then(
      (next) => {
        setShown({ ...next, endsAt: Date.now() + next.lifetimeSec * 1000 })
        setCopied(false)
        setNow(Date.now())
      },
      (error: unknown) => setFault(error instanceof CaptureError),
    )
  }, [api])
  useEffect(renew, [renew])

  const endsAt = shown?.endsAt ?? null
  useEffect(() => {
    if (endsAt === null) return
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    // The next code comes by itself, in the same place.
    const next = setTimeout(renew, Math.max(1_000, endsAt - Date.now()))
    return () => {
      clearInterval(timer)
      clearTimeout(next)
    }
  }, [endsAt, renew])

  /** The other device begins in the language of this one. */
  const scanned = useMemo(() => {
    if (!shown) return null
    const url = new URL(shown.address)
    url.searchParams.set('locale', language)
    return url.href
  }, [shown, language])

  const isPhoneNext = isComputer()
  return (
    <Screen
      title={say(isPhoneNext ? 'handOver.phone' : 'handOver.device')}
      client={client}
      footer={
        <>
          {shown && (
            <Button
              kind="second"
              onClick={() => void navigator.clipboard?.writeText(scanned ?? '').then(() => setCopied(true))}
            >
              {say(copied ? 'handOver.copied' : 'handOver.copy')}
            </Button>
          )}
          {/* Another button, not the same one fading from one ground to another. */}
          <Button
            key={shown ? 'shown' : 'not'}
            kind={shown ? 'link' : 'main'}
            data-testid="go-on-here"
            onClick={onStay}
          >
            {say('handOver.stay')}
          </Button>
        </>
      }
    >
      {isPhoneNext && <p className="lead">{say('handOver.lead')}</p>}
      {fault && (
        <Note alert>
          <p>{say('error.other')}</p>
          <Button kind="link" onClick={renew}>
            {say('again')}
          </Button>
        </Note>
      )}
      {shown && shown.reach !== 'anywhere' && (
        <Note testId="reach">
          <p>{say(shown.reach === 'network' ? 'handOver.network' : 'handOver.thisDeviceOnly')}</p>
        </Note>
      )}
      {shown && scanned ? (
        <div className="hand-over">
          <ol className="numbered">
            <li>{say('handOver.step1')}</li>
            <li>{say('handOver.step2')}</li>
            <li>{say('handOver.step3')}</li>
          </ol>
          <div className="code-box">
            <QrCode text={scanned} label={say('handOver.code')} />
            <p className="match">
              {say('handOver.match')} <strong data-testid="match">{shown.match}</strong>
            </p>
            <p className="muted small">{say('handOver.newIn', { time: clock((endsAt ?? now) - now) })}</p>
          </div>
          <p>
            {say('handOver.address')}
            <br />
            <bdi dir="ltr" className="typed" data-testid="hand-over-address">
              {shown.address.replace(/^https?:\/\//, '')}
            </bdi>
          </p>
        </div>
      ) : (
        !fault && <span className="spinner first" />
      )}
    </Screen>
  )
}
