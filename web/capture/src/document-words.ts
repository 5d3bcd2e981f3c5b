import type { CapturePart, CaptureSession } from '@veridoor/contract'
import type { Words } from './words/words.tsx'

type Chosen = Pick<CaptureSession, 'choice'>

/** What a picture shows, by the kind of document that was chosen; without a choice no kind is named. */
export const partName = ({ say }: Words, { choice }: Chosen, part: CapturePart): string =>
  part === 'selfie' ? say('part.selfie') : say(choice ? `part.${part}.${choice.type}` : `part.${part}`)

/** The chosen kind as people call it. */
export const chosenTypeName = ({ say }: Words, { choice }: Chosen): string =>
  say(choice ? `type.${choice.type}` : 'type.unchosen')
