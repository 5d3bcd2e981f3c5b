import { useContext } from 'react'
import { blockedStep, type CameraFault } from './camera-fault.ts'
import { Button, type Chooser, Note, OtherDevice, Screen, type Step } from './controls.tsx'
import { HandOverContext } from './hand-over-context.ts'
import { useTrouble } from './trouble.ts'
import { useWords } from './words/words.tsx'

/** A fault of the camera: what happened, how to mend it, and always a second way on. */
export const CameraFaults = ({
  fault,
  name,
  client,
  step,
  upload,
  onAgain,
  onAlternative,
  onBack,
}: {
  fault: CameraFault
  /** The browser's own name for it, for support. */
  name: string
  client: string
  step: Step
  /** Where a file would do. */
  upload: Chooser | null
  onAgain: () => void
  /** The way without a picture of the face; null where the picture is of a document. */
  onAlternative: (() => void) | null
  onBack: () => void
}) => {
  const { say } = useWords()
  const handOver = useContext(HandOverContext)
  // Trying again finds no camera either, and this app's browser none that it may use: another device first.
  const isElsewhere = (fault === 'none' || fault === 'inApp') && handOver !== null
  // Where a file would do, nothing stands in the way.
  useTrouble(upload ? null : fault === 'insecure' || fault === 'inApp' ? 'no_camera_support' : 'no_camera')
  return (
    <Screen
      title={say(`fault.${fault}.title`)}
      step={step}
      client={client}
      onBack={onBack}
      footer={
        <>
          {isElsewhere ? (
            <Button data-testid="other-device" onClick={handOver}>
              {say(fault === 'inApp' ? 'fault.inApp.link' : 'device.link')}
            </Button>
          ) : (
            <Again fault={fault} onAgain={onAgain} />
          )}
          {upload && (
            <Button kind="second" onClick={upload.open}>
              {say('upload.instead')}
            </Button>
          )}
          {fault === 'none' && isElsewhere && <Again kind="link" fault={fault} onAgain={onAgain} />}
          {!isElsewhere && <OtherDevice />}
          {onAlternative && (
            <Button kind="link" onClick={onAlternative}>
              {say('start.noSelfie')}
            </Button>
          )}
        </>
      }
    >
      <p className="lead">
        {fault === 'unknown' ? say('fault.unknown.body', { code: `VD-C-${name}` }) : say(`fault.${fault}.body`)}
      </p>
      {fault === 'denied' && (
        <>
          <div className="address" aria-hidden="true">
            <span className="dot" />
            <span className="line" />
          </div>
          <ol className="numbered">
            <li>{say(`fault.denied.${blockedStep(navigator.userAgent)}`)}</li>
            <li>{say('fault.denied.allow')}</li>
            <li>{say('fault.denied.comeBack')}</li>
          </ol>
          <p>{say('fault.denied.system')}</p>
        </>
      )}
      {fault === 'insecure' && <p className="muted">{say('fault.insecure.staff')}</p>}
      {upload?.isPdf && fault !== 'denied' && <Note icon="passport">{say('fault.upload')}</Note>}
    </Screen>
  )
}

const Again = ({
  fault,
  onAgain,
  kind = 'main',
}: {
  fault: CameraFault
  onAgain: () => void
  kind?: 'main' | 'link'
}) => {
  const { say } = useWords()
  return (
    <Button kind={kind} data-testid="camera-again" onClick={onAgain}>
      {say(fault === 'prompt' ? 'fault.prompt.again' : 'again')}
    </Button>
  )
}
