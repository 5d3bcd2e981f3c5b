import type { CapturePart } from '@veridoor/contract'
import { useEffect, useRef, useState } from 'react'
import { createSteadyHint, type Hint, hintOf, hints, measureFrame } from './guidance.ts'
import { Button, Icon, Screen, Upload } from './parts.tsx'
import { type CameraFault, useCamera } from './use-camera.ts'
import { say, words } from './words.ts'

type Photo = { readonly blob: Blob; readonly source: 'camera' | 'upload'; readonly url: string }

const FaultScreen = ({
  fault,
  client,
  step,
  upload,
  onAgain,
  onFile,
}: {
  fault: CameraFault
  client: string
  step: string
  upload: boolean
  onAgain: () => void
  onFile: (file: File) => void
}) => {
  const [device, setDevice] = useState(false)
  const text = words.faults[fault]
  return (
    <Screen
      title={text.title}
      step={step}
      client={client}
      footer={
        <>
          <Button onClick={onAgain}>{words.faults.again}</Button>
          {upload && <Upload label={words.upload} testId="upload-front" onFile={onFile} />}
          <Button kind="link" onClick={() => setDevice(true)}>
            {words.faults.device}
          </Button>
        </>
      }
    >
      <p className="lead">{text.body}</p>
      {device && (
        <p className="note" role="status">
          {say(words.faults.deviceBody, { client })}
        </p>
      )}
    </Screen>
  )
}

/** Live advice from a small copy of the picture, five times a second. */
const useHint = (video: React.RefObject<HTMLVideoElement | null>, isOn: boolean, part: 'front' | 'selfie'): Hint => {
  const [hint, setHint] = useState<Hint>('good')
  useEffect(() => {
    if (!isOn) return
    const canvas = document.createElement('canvas')
    const context = canvas.getContext('2d', { willReadFrequently: true })
    const steady = createSteadyHint()
    let before: Uint8Array | null = null
    const timer = setInterval(() => {
      const source = video.current
      if (!source || !context || source.videoWidth === 0) return
      canvas.width = 320
      canvas.height = Math.round((320 * source.videoHeight) / source.videoWidth)
      context.drawImage(source, 0, 0, canvas.width, canvas.height)
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
      const measured = measureFrame(data, canvas.width, canvas.height, before)
      before = measured.grey
      setHint(steady(hintOf(measured.frame, part), performance.now()))
    }, 200)
    return () => clearInterval(timer)
  }, [isOn, part, video])
  return hint
}

/** Photograph or upload one picture, look at it, use it or take it again. */
export const TakePhoto = ({
  part,
  client,
  step,
  uploadAllowed,
  busy,
  fault,
  onUse,
  extra,
}: {
  part: Exclude<CapturePart, 'back'>
  client: string
  step: string
  uploadAllowed: boolean
  busy: boolean
  /** A reason why the last picture was not taken. */
  fault: { title: string; body: string } | null
  onUse: (photo: Blob, source: 'camera' | 'upload') => void
  extra?: React.ReactNode
}) => {
  const camera = useCamera(part === 'selfie' ? 'user' : 'environment')
  const [photo, setPhoto] = useState<Photo | null>(null)
  const hint = useHint(camera.video, camera.state === 'on' && !photo, part)
  const spoken = useRef(0)
  const text = words[part]

  const keep = (blob: Blob, source: 'camera' | 'upload'): void =>
    setPhoto({ blob, source, url: URL.createObjectURL(blob) })
  const again = (): void => {
    if (photo) URL.revokeObjectURL(photo.url)
    setPhoto(null)
    if (photo?.source === 'camera') camera.turnOn()
  }
  const take = async (): Promise<void> => {
    const blob = await camera.shoot()
    if (!blob) return
    camera.turnOff()
    keep(blob, 'camera')
  }

  if (photo)
    return (
      <Screen
        title={words.check.title}
        step={step}
        client={client}
        footer={
          <>
            <Button data-testid="use-photo" disabled={busy} onClick={() => onUse(photo.blob, photo.source)}>
              {busy ? words.check.sending : words.check.use}
            </Button>
            <Button kind="second" data-testid="retake" disabled={busy} onClick={again}>
              {words.check.again}
            </Button>
          </>
        }
      >
        <p className="lead">{part === 'selfie' ? words.check.selfie : words.check.document}</p>
        {fault && (
          <div className="note warn" role="alert">
            <Icon name="warn" />
            <div>
              <strong>{fault.title}</strong>
              <p>{fault.body}</p>
            </div>
          </div>
        )}
        <img className="photo" src={photo.url} alt={text.title} />
      </Screen>
    )

  const { state } = camera
  if (state === 'on') {
    const now = performance.now()
    const announce = now - spoken.current > 3000
    if (announce) spoken.current = now
    return (
      <main className="camera">
        <h1 className="visually-hidden">{text.title}</h1>
        <video ref={camera.video} playsInline muted className={part === 'selfie' ? 'mirrored' : ''} />
        <div className={`guide ${part} ${hint === 'good' ? 'good' : ''}`} aria-hidden="true" />
        <p className="hint">{hints[hint]}</p>
        <p className="visually-hidden" aria-live="polite">
          {announce ? hints[hint] : ''}
        </p>
        <div className="camera-actions">
          <button type="button" className="shutter" data-testid="shutter" onClick={() => void take()}>
            <span className="visually-hidden">{words.camera.shutter}</span>
          </button>
          <span aria-hidden="true">{words.camera.shutter}</span>
          <div className="row">
            <Button kind="link" onClick={camera.turnOff}>
              {words.back}
            </Button>
            {uploadAllowed && (
              <Upload
                kind="link"
                label={words.uploadShort}
                testId={`upload-${part}`}
                onFile={(file) => keep(file, 'upload')}
              />
            )}
          </div>
        </div>
      </main>
    )
  }
  if (state !== 'off' && state !== 'asking' && state !== 'slow')
    return (
      <FaultScreen
        fault={state}
        client={client}
        step={step}
        upload={uploadAllowed}
        onAgain={camera.turnOn}
        onFile={(file) => keep(file, 'upload')}
      />
    )

  return (
    <Screen
      title={text.title}
      step={step}
      client={client}
      footer={
        <>
          <Button data-testid="camera-on" disabled={state === 'asking'} onClick={camera.turnOn}>
            {state === 'off' ? words.camera.on : words.camera.waiting}
          </Button>
          {uploadAllowed && (
            <Upload label={words.upload} testId={`upload-${part}`} onFile={(file) => keep(file, 'upload')} />
          )}
          {extra}
        </>
      }
    >
      <div className={`picture ${part}`} aria-hidden="true">
        <Icon name={part === 'selfie' ? 'face' : 'passport'} size={96} />
      </div>
      <p className="lead">{text.hint}</p>
      <p>{words.camera.body}</p>
    </Screen>
  )
}
