import type { CapturePart } from '@veridoor/contract'
import { useEffect, useRef, useState } from 'react'
import { createSteadyHint, type Hint, hintOf, measureFrame } from './guidance.ts'
import { Button, Upload } from './parts.tsx'
import type { Camera } from './use-camera.ts'
import { useWords } from './words/words.tsx'

const EVERY_MS = 200
const WIDTH_PX = 320
const SPEAK_EVERY_MS = 3_000
const TROUBLE_MS = 20_000

/** Live advice from a small copy of the picture, five times a second. */
const useHint = (video: Camera['video'], kind: 'document' | 'selfie'): Hint => {
  const [hint, setHint] = useState<Hint>('good')
  useEffect(() => {
    const canvas = document.createElement('canvas')
    const context = canvas.getContext('2d', { willReadFrequently: true })
    const steady = createSteadyHint()
    let before: Uint8Array | null = null
    const timer = setInterval(() => {
      const source = video.current
      if (!source || !context || source.videoWidth === 0) return
      canvas.width = WIDTH_PX
      canvas.height = Math.round((WIDTH_PX * source.videoHeight) / source.videoWidth)
      context.drawImage(source, 0, 0, canvas.width, canvas.height)
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
      const measured = measureFrame(data, canvas.width, canvas.height, before)
      before = measured.grey
      setHint(steady(hintOf(measured.frame, kind), performance.now()))
    }, EVERY_MS)
    return () => clearInterval(timer)
  }, [kind, video])
  return hint
}

/** The camera's picture with a guide and one piece of advice. The shutter always works. */
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
  onShot: (blob: Blob) => void
  onBack: () => void
}) => {
  const { say } = useWords()
  const kind = part === 'selfie' ? 'selfie' : 'document'
  const hint = useHint(camera.video, kind)
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
    const timer = setTimeout(() => setSpoken(advice), spoken === '' ? 0 : SPEAK_EVERY_MS)
    return () => clearTimeout(timer)
  }, [advice, spoken])

  return (
    <main className="camera">
      <h1 className="visually-hidden" ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <video ref={camera.video} playsInline muted className={kind === 'selfie' ? 'mirrored' : ''} />
      <div className={`guide ${kind} ${hint === 'good' ? 'good' : ''}`} aria-hidden="true" />
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
          onClick={() => void camera.shoot().then((blob) => blob && onShot(blob))}
        />
        <span aria-hidden="true">{say('camera.shutter')}</span>
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
