import type { CapturePart } from '@veridoor/contract'
import { useEffect, useRef, useState } from 'react'
import { type Shot, shootBurst } from './burst.ts'
import { type Area, createAutoShutter, createSteadyHint, type Hint, hintOf, measureFrame } from './guidance.ts'
import { Button, Upload } from './parts.tsx'
import type { Camera } from './use-camera.ts'
import { useWords } from './words/words.tsx'

const EVERY_MS = 200
const WIDTH_PX = 320
const SPEAK_EVERY_MS = 3_000
const TROUBLE_MS = 20_000
/** Nothing is taken by itself before the person has had time to look at the screen. */
const SETTLE_MS = 2_000

const KEY = 'veridoor-capture-by-hand'

/** Where the guide lies in the small copy of the picture, which is shown whole inside its box. */
const guideArea = (video: HTMLVideoElement, guide: HTMLElement): Area => {
  const box = video.getBoundingClientRect()
  const scale = Math.min(box.width / video.videoWidth, box.height / video.videoHeight)
  const left = box.left + (box.width - video.videoWidth * scale) / 2
  const top = box.top + (box.height - video.videoHeight * scale) / 2
  const toCopy = WIDTH_PX / (video.videoWidth * scale)
  const { x, y, width, height } = guide.getBoundingClientRect()
  return { x: (x - left) * toCopy, y: (y - top) * toCopy, width: width * toCopy, height: height * toCopy }
}

/** Live advice from a small copy of the picture, five times a second; calls `onTake` after enough good frames. */
const useHint = (
  video: Camera['video'],
  guide: React.RefObject<HTMLElement | null>,
  kind: 'document' | 'selfie',
  onTake: (() => void) | null,
  isTaking: React.RefObject<boolean>,
): Hint | 'auto' => {
  const [hint, setHint] = useState<Hint | 'auto'>('good')
  const take = useRef(onTake)
  take.current = onTake
  useEffect(() => {
    const canvas = document.createElement('canvas')
    const context = canvas.getContext('2d', { willReadFrequently: true })
    const steady = createSteadyHint()
    const shutter = createAutoShutter()
    const begun = performance.now()
    let before: Uint8Array | null = null
    const timer = setInterval(() => {
      const source = video.current
      if (!source || !context || source.videoWidth === 0 || isTaking.current) return
      canvas.width = WIDTH_PX
      canvas.height = Math.round((WIDTH_PX * source.videoHeight) / source.videoWidth)
      context.drawImage(source, 0, 0, canvas.width, canvas.height)
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
      const area = kind === 'document' && guide.current ? guideArea(source, guide.current) : undefined
      const measured = measureFrame(data, canvas.width, canvas.height, before, area)
      const isFirst = before === null
      before = measured.grey
      const now = performance.now()
      const advice = steady(hintOf(measured.frame, kind), now)
      // The first frame has no predecessor that could tell movement.
      const isReady = kind === 'document' && take.current && !isFirst && now - begun > SETTLE_MS
      const answer = isReady ? shutter(measured.frame) : 'wait'
      setHint(answer === 'wait' ? advice : 'auto')
      if (answer === 'take') take.current?.()
    }, EVERY_MS)
    return () => clearInterval(timer)
  }, [kind, video, guide, isTaking])
  return hint
}

/** The camera's picture with a guide and one piece of advice. The person's own shutter always works. */
export const Viewfinder = ({
  camera,
  part,
  title,
  upload,
  onShot,
  onBack,
}: {
  camera: Camera
  part: CapturePart
  title: string
  upload: { testId: string; onFile: (file: File) => void } | null
  onShot: (shot: Shot) => void
  onBack: () => void
}) => {
  const { say } = useWords()
  const kind = part === 'selfie' ? 'selfie' : 'document'
  const [isAutomatic, setAutomatic] = useState(() => sessionStorage.getItem(KEY) === null)
  const isTaking = useRef(false)
  const guide = useRef<HTMLDivElement>(null)

  const shoot = async (): Promise<void> => {
    if (isTaking.current) return
    isTaking.current = true
    try {
      if (kind === 'selfie') {
        const photo = await camera.shoot()
        if (photo) onShot({ photo, frames: [] })
        return
      }
      await camera.ready()
      const shot = camera.video.current ? await shootBurst(camera.video.current) : null
      if (shot) onShot(shot)
    } finally {
      isTaking.current = false
    }
  }
  const hint = useHint(camera.video, guide, kind, isAutomatic ? () => void shoot() : null, isTaking)
  const [trouble, setTrouble] = useState(false)
  const [spoken, setSpoken] = useState('')
  const heading = useRef<HTMLHeadingElement>(null)
  // No face is looked for on the device, so a selfie is never called good before it was judged.
  const advice = say(hint === 'good' && kind === 'selfie' ? 'hint.selfie' : `hint.${hint}`)

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
          {upload && <Upload kind="link" label={say('upload.short')} {...upload} />}
        </div>
      </div>
    </main>
  )
}
