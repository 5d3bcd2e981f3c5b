import type { CaptureSide } from '@veridoor/contract'
import { useEffect, useState } from 'react'
import { Button, Icon, Note, Screen, type Step } from './controls.tsx'
import { photoFaults } from './guidance/hints.ts'
import { type Frame, measureFrame } from './guidance/measure-frame.ts'
import { useTrouble } from './trouble.ts'
import type { WordKey } from './words/en.ts'
import { useWords } from './words/words.tsx'

/** A picture before it is sent. `url` is an address of the blob in this page. */
export type Photo = {
  readonly blob: Blob
  readonly source: 'camera' | 'upload'
  readonly url: string
  /** What the camera saw right around it. */
  readonly frames: readonly Blob[]
}

/** One thing that this device can tell about a picture, good or not. */
type Sign = { readonly good: boolean; readonly word: WordKey }

const SMALL_PX = 1000

/** The same rules as live; the engine judges again, and its answer rules. */
const look = (image: HTMLImageElement): Frame | null => {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context || image.naturalWidth === 0) return null
  canvas.width = 320
  canvas.height = Math.max(1, Math.round((320 * image.naturalHeight) / image.naturalWidth))
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return measureFrame(context.getImageData(0, 0, canvas.width, canvas.height).data, canvas.width, canvas.height, null)
    .frame
}

/** The picture in full, with what this device can tell about it. */
export const CheckPhoto = ({
  photo,
  side,
  name,
  client,
  step,
  busy,
  failure,
  onUse,
  onAgain,
}: {
  photo: Photo
  side: CaptureSide
  name: string
  client: string
  step: Step
  busy: boolean
  failure: { title: string; body: string } | null
  onUse: () => void
  onAgain: () => void
}) => {
  const { say } = useWords()
  const [signs, setSigns] = useState<Sign[]>([])
  const isPdf = photo.blob.type === 'application/pdf'
  const [isShown, setShown] = useState(!isPdf)
  const [isLarge, setLarge] = useState(false)
  useTrouble(failure ? 'not_sent' : null)
  useEffect(() => {
    if (!failure) return
    // Sending goes on alone as soon as there is a connection.
    window.addEventListener('online', onUse)
    return () => window.removeEventListener('online', onUse)
  }, [failure, onUse])

  const judge = (image: HTMLImageElement): void => {
    const frame = look(image)
    if (!frame) return
    const { isDark, isGlare, isBlurred } = photoFaults(frame)
    const isSmall = Math.max(image.naturalWidth, image.naturalHeight) < SMALL_PX
    const sign = (good: boolean, word: WordKey): Sign => ({ good, word })
    setSigns([
      sign(!isDark, isDark ? 'check.dark' : 'check.light'),
      ...(side === 'selfie'
        ? []
        : [
            sign(!isBlurred, isBlurred ? 'check.notSharp' : 'check.sharp'),
            sign(!isGlare, isGlare ? 'check.glare' : 'check.noGlare'),
            ...(isSmall ? [sign(false, 'check.small')] : []),
          ]),
    ])
  }
  return (
    <Screen
      title={say('check.title')}
      step={step}
      client={client}
      footer={
        <>
          <Button data-testid="use-photo" disabled={busy} onClick={onUse}>
            {say(busy ? 'sending' : failure ? 'again' : 'check.use')}
          </Button>
          <Button kind="second" data-testid="retake" disabled={busy} onClick={onAgain}>
            {say('check.again')}
          </Button>
        </>
      }
    >
      {photo.source === 'camera' && (
        <p className="visually-hidden" role="status">
          {say('camera.taken')}
        </p>
      )}
      {!isPdf && <p className="lead">{say(side === 'selfie' ? 'check.selfie' : 'check.document')}</p>}
      {failure && (
        <Note alert>
          <strong>{failure.title}</strong>
          <p>{failure.body}</p>
        </Note>
      )}
      {isShown ? (
        <>
          <div className={isLarge ? 'zoom large' : 'zoom'}>
            <img
              className="photo"
              src={photo.url}
              alt={name}
              onLoad={(event) => judge(event.currentTarget)}
              onError={() => setShown(false)}
            />
          </div>
          <ul className="signs">
            {signs.map(({ good, word }) => (
              <li key={word} className={good ? 'good' : 'unsure'}>
                <Icon name={good ? 'check' : 'warn'} /> {say(word)}
              </li>
            ))}
          </ul>
          <Button kind="link" aria-pressed={isLarge} onClick={() => setLarge(!isLarge)}>
            {say(isLarge ? 'check.zoomOut' : 'check.zoomIn')}
          </Button>
        </>
      ) : isPdf ? (
        <div className="picture pdf" data-testid="pdf-tile">
          <strong>{say('check.pdf')}</strong>
        </div>
      ) : (
        <Note>{say('check.noPreview')}</Note>
      )}
    </Screen>
  )
}
