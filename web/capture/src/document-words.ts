import type { CaptureSession, CaptureSide } from '@veridoor/contract'
import type { Words } from './words/words.tsx'

type Chosen = Pick<CaptureSession, 'choice'>

/** What a picture shows, by the kind of document that was chosen; without a choice no kind is named. */
export const sideName = ({ say }: Words, { choice }: Chosen, side: CaptureSide): string =>
  side === 'selfie' ? say('picture.selfie') : say(choice ? `picture.${side}.${choice.type}` : `picture.${side}`)

/** The chosen kind as people call it. */
export const chosenTypeName = ({ say }: Words, { choice }: Chosen): string =>
  say(choice ? `type.${choice.type}` : 'type.unchosen')
