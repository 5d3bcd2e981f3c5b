import type { CaptureSide } from '@veridoor/contract'
import { useEffect, useRef, useState } from 'react'
import { type Shot, shootBurst } from './burst.ts'
import { Button, type Chooser, type Step, usePageTitle, useWholeWindow } from './controls.tsx'
import { useHint } from './guidance/use-hint.ts'
import type { Camera } from './use-camera.ts'
import { useWords } from './words/words.tsx'

const SPEAK_EVERY_MS = 3_000
const TROUBLE_MS = 20_000

const KEY = 'veridoor-capture-by-hand'

/** The camera's picture with a guide and one piece of advice. The person's own shutter always works. */
export const Viewfinder = ({
  camera,
  side,
  title,
  client,
  step,
  upload,
  onShot,
  onBack,
}: {
  camera: Camera
  side: CaptureSide
  title: string
  client: string
  step: Step
  upload: Chooser | null
  onShot: (shot: Shot) => void
  onBack: () => void
}) => {
  const { say } = useWords()
  const kind = side === 'selfie' ? 'selfie' : 'document'
  const [isAutomatic, setAutomatic] = useState(() => sessionStorage.getItem(KEY) === null)
  const isTaking = useRef(false)
  const guide = useRef<HTMLDivElement>(null)
  usePageTitle(title, client, step)
  useWholeWindow()

  const shoot = async (): Promise<void> => {
    if (isTaking.current) return
    isTaking.current = true
    const source = camera.video.current
    // Whoever went back meanwhile, or to another app, wants no photo any more.
    const isHere = (): boolean => source !== null && camera.video.current === source
    try {
      if (kind === 'selfie') {
        const photo = await camera.shoot()
        if (photo && isHere()) onShot({ photo, frames: [] })
        return
      }
      await camera.ready()
      const shot = source && isHere() ? await shootBurst(source) : null
      if (shot && isHere()) onShot(shot)
    } finally {
      isTaking.current = false
    }
  }
  const hint = useHint({
    video: camera.video,
    guide,
    sight: kind,
    onTake: isAutomatic ? () => void shoot() : null,
    isTaking,
  })
  const [trouble, setTrouble] = useState(false)
  const [spoken, setSpoken] = useState('')
  const heading = useRef<HTMLHeadingElement>(null)
  const advice = say(`hint.${hint}`)

  useEffect(() => {
    heading.current?.focus()
    const timer = setTimeout(() => setTrouble(true), TROUBLE_MS)
    return () => clearTimeout(timer)
  }, [])
  useEffect(() => {
    // The photo that comes by itself is told at once; other advice waits its turn.
    const delay = spoken === '' || hint === 'auto' ? 0 : SPEAK_EVERY_MS
    const timer = setTimeout(() => setSpoken(advice), delay)
    return () => clearTimeout(timer)
  }, [advice, spoken, hint])

  const switchAutomatic = (on: boolean): void => {
    if (on) sessionStorage.removeItem(KEY)
    else sessionStorage.setItem(KEY, 'yes')
    setAutomatic(on)
  }

  return (
    <main className="camera">
      <h1 className="visually-hidden" ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <video ref={camera.video} playsInline muted className={kind === 'selfie' ? 'mirrored' : ''} />
      <div
        ref={guide}
        className={`guide ${kind} ${hint === 'good' || hint === 'auto' ? 'good' : ''}`}
        aria-hidden="true"
      />
      <p className="hint" aria-hidden="true">
        {advice}
      </p>
      <p className="visually-hidden" aria-live="polite">
        {spoken}
      </p>
      <div className="camera-actions">
        {trouble && <p className="trouble">{say(upload ? 'camera.trouble' : 'camera.troubleSelfie')}</p>}
        <button
          type="button"
          className="shutter"
          data-testid="shutter"
          aria-label={say('camera.shutter')}
          onClick={() => void shoot()}
        />
        <span aria-hidden="true">{say('camera.shutter')}</span>
        {kind === 'document' && (
          <label className="automatic">
            <input
              type="checkbox"
              data-testid="automatic"
              checked={isAutomatic}
              onChange={(event) => switchAutomatic(event.currentTarget.checked)}
            />
            {say('camera.auto')}
          </label>
        )}
        <div className="row">
          <Button kind="link" onClick={onBack}>
            {say('back')}
          </Button>
          {upload && (
            <Button kind="link" onClick={upload.open}>
              {say('upload.short')}
            </Button>
          )}
        </div>
      </div>
    </main>
  )
}
