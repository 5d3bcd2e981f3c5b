import type { CaptureSession, CaptureSide } from '@veridoor/contract'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { documentKindOf } from '../../../contract/src/documents/index.ts'
import { CameraFaults } from './camera-faults.tsx'
import { CheckPhoto, type Photo } from './check-photo.tsx'
import { Button, Icon, Note, OtherDevice, Screen, type Step, useChooser } from './controls.tsx'
import { sideName } from './document-words.ts'
import { useCamera, waitingLabel } from './use-camera.ts'
import { Viewfinder } from './viewfinder.tsx'
import { useWords } from './words/words.tsx'

/** Why the last picture was not taken, in words. */
export type RetakeReason = { readonly code: string; readonly title: string; readonly body: string }

/** Photograph or upload one picture, look at it, use it or take it again. */
export const TakePhoto = ({
  side,
  session,
  step,
  busy,
  refusal,
  failure,
  saved,
  extra,
  onUse,
  onDismiss,
  onKeep,
  onBack,
  onOtherDocument,
  onAlternative,
}: {
  side: CaptureSide
  session: CaptureSession
  step: Step
  busy: boolean
  refusal: RetakeReason | null
  /** The picture could not be sent; it stays on the screen. */
  failure: { title: string; body: string } | null
  /** A picture of this side is on the server already. */
  saved: boolean
  extra?: ReactNode
  onUse: (photo: Blob, source: 'camera' | 'upload', frames: readonly Blob[]) => void
  onDismiss: () => void
  /** The saved picture stays: on with the check. */
  onKeep: () => void
  onBack: () => void
  onOtherDocument: () => void
  onAlternative: () => void
}) => {
  const words = useWords()
  const { say } = words
  const camera = useCamera(side === 'selfie' ? 'user' : 'environment')
  const [photo, setPhoto] = useState<Photo | null>(null)
  const heldUrl = useRef<string | null>(null)
  const client = session.client.name
  const isPage = session.choice !== null && documentKindOf(session.choice.type).shape === 'page'
  const title = sideName(words, session, side)
  const { state } = camera
  const isFault = state !== 'off' && state !== 'asking' && state !== 'slow' && state !== 'on'
  const selfieAllowed = session.selfieUpload === 'always' || (session.selfieUpload === 'without_camera' && isFault)
  const uploadAllowed = side === 'selfie' ? selfieAllowed : session.uploadAllowed

  useEffect(
    () => () => {
      if (heldUrl.current) URL.revokeObjectURL(heldUrl.current)
    },
    [],
  )
  const keep = (blob: Blob, source: Photo['source'], frames: readonly Blob[] = []): void => {
    camera.turnOff()
    if (heldUrl.current) URL.revokeObjectURL(heldUrl.current)
    heldUrl.current = URL.createObjectURL(blob)
    onDismiss()
    setPhoto({ blob, source, url: heldUrl.current, frames })
  }
  const drop = (): void => {
    setPhoto(null)
    onDismiss()
  }
  const chooser = useChooser(`upload-${side}`, (file) => keep(file, 'upload'), side !== 'selfie')
  const upload = uploadAllowed ? chooser : null
  const beside = (screen: ReactNode): ReactNode => (
    <>
      {screen}
      {upload?.input}
    </>
  )

  if (photo && !refusal)
    return beside(
      <CheckPhoto
        photo={photo}
        side={side}
        name={title}
        client={client}
        step={step}
        busy={busy}
        failure={failure}
        onUse={() => onUse(photo.blob, photo.source, photo.frames)}
        onAgain={() => {
          drop()
          if (photo.source === 'camera') camera.turnOn()
        }}
      />,
    )

  if (state === 'on')
    return beside(
      <Viewfinder
        camera={camera}
        side={side}
        title={title}
        client={client}
        step={step}
        upload={upload}
        onShot={({ photo, frames }) => keep(photo, 'camera', frames)}
        onBack={camera.turnOff}
      />,
    )
  if (isFault)
    return beside(
      <CameraFaults
        fault={state}
        name={camera.faultName}
        client={client}
        step={step}
        upload={upload}
        onAgain={camera.turnOn}
        onAlternative={side === 'selfie' ? onAlternative : null}
        onBack={camera.turnOff}
      />,
    )

  const turnOn = (): void => {
    drop()
    camera.turnOn()
  }
  const isFile = ['file_not_usable', 'pdf_locked', 'pdf_damaged'].includes(refusal?.code ?? '')
  const isDocumentFault = ['document_unsupported', 'wrong_country', 'document_expired', 'document_damaged'].includes(
    refusal?.code ?? '',
  )
  const label = refusal ? say(isFile ? 'retake.camera' : 'retake.again') : say(waitingLabel(state) ?? 'camera.on')
  const shown = refusal && photo && !isFile ? photo : null
  return beside(
    <Screen
      title={refusal?.title ?? title}
      step={step}
      client={client}
      onBack={refusal ? undefined : onBack}
      footer={
        <>
          {isFile && upload && <Button onClick={upload.open}>{say('retake.otherFile')}</Button>}
          {isDocumentFault && <Button onClick={onOtherDocument}>{say('retake.otherDocument')}</Button>}
          <Button
            kind={isFile || isDocumentFault ? 'second' : 'main'}
            data-testid={refusal ? 'retake' : 'camera-on'}
            disabled={state === 'asking'}
            // After a file that cannot be opened the person may still want another file: back to the start of this step.
            onClick={isFile ? drop : turnOn}
          >
            {label}
          </Button>
          {upload && !isFile && (
            <Button kind="second" onClick={upload.open}>
              {say('upload.instead')}
            </Button>
          )}
          {refusal && side === 'selfie' && (
            <Button kind="link" onClick={onAlternative}>
              {say('start.noSelfie')}
            </Button>
          )}
          <OtherDevice />
          {saved && !refusal && (
            <Button kind="link" onClick={onKeep}>
              {say('saved.keep')}
            </Button>
          )}
          {!refusal && extra}
        </>
      }
    >
      {refusal ? (
        <Note alert testId="retake-reason">
          <p>{refusal.body || title}</p>
          {!isFile && <p>{say('retake.tries', { n: session.attemptsLeft })}</p>}
        </Note>
      ) : (
        saved && <Note icon="check">{say('saved.note')}</Note>
      )}
      {shown ? (
        <img className="photo" src={shown.url} alt={say('retake.yourPhoto')} />
      ) : (
        <div className={`picture ${side}`} aria-hidden="true">
          <Icon name={side === 'selfie' ? 'face' : isPage ? 'passport' : 'card'} size={96} />
        </div>
      )}
      <p className="lead">
        {say(side === 'selfie' ? 'tip.selfie' : side === 'back' ? 'tip.back' : isPage ? 'tip.passport' : 'tip.card')}
      </p>
      {state === 'slow' ? (
        <Note alert icon="camera">
          {say('camera.waitingBody')}
        </Note>
      ) : (
        !refusal && <p>{say(side === 'selfie' ? 'camera.body' : 'camera.bodyAuto')}</p>
      )}
    </Screen>,
  )
}
