import type { CaptureSide } from '@veridoor/contract'
import { useRef, useState } from 'react'
import type { Api } from './api.ts'
import { chosenTypeName } from './document-words.ts'
import type { Specimen } from './specimen.tsx'
import type { RetakeReason } from './take-photo.tsx'
import type { SessionState } from './use-session.ts'
import { useWords } from './words/words.tsx'

/** Milliseconds that sending for checking waits for frames on a slow line. */
const FRAMES_MS = 5_000
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Pictures on their way to the verifier, and why one is asked for again. @param onTaken what was sent is there: on with the check */
export const usePictures = (api: Api, { session, refused, send, forget }: SessionState, onTaken: () => void) => {
  const words = useWords()
  const { say, sentence } = words
  /** The side and try whose refusal the person went on from. */
  const [seen, setSeen] = useState<string | null>(null)
  const framesOnTheWay = useRef<Promise<unknown>>(Promise.resolve())

  /** The server asks for one picture again, or refused the last one; told until the person goes on from there. */
  const refusalOf = (side: CaptureSide): RetakeReason | null => {
    if (!session) return null
    const { state, code: told } = session.sides[side]
    const code =
      refused?.side === side
        ? refused.code
        : session.retake?.side === side
          ? session.retake.code
          : state === 'retake'
            ? told
            : null
    if (!code || seen === `${side} ${session.attempt}`) return null
    const type = chosenTypeName(words, session)
    const documents = session.documents
      .filter(({ country }) => country === session.choice?.country)
      .map((document) => say(`type.${document.type}`))
      .join(', ')
    const fields = say('retake.fields')
    const values = { document: type, fields, side: say(side === 'back' ? 'side.back' : 'side.front'), documents }
    return { code, ...sentence(code, values) }
  }
  const dismiss = (side: CaptureSide): void => {
    if (session && refusalOf(side)) setSeen(`${side} ${session.attempt}`)
    forget('photo')
  }
  const use = async (
    side: CaptureSide,
    photo: Blob,
    source: 'camera' | 'upload',
    frames: readonly Blob[] = [],
  ): Promise<void> => {
    const answer = await send(side, photo, source)
    if (answer === 'accepted') {
      onTaken()
      // They help the reading and hold nobody up.
      framesOnTheWay.current = Promise.all([framesOnTheWay.current, api.sendFrames(side, frames)])
    }
    // The same reason may come again, and then it is news.
    if (answer !== 'failed') setSeen(null)
  }

  /** One side after the other; a side that is refused is asked for as any other. What was not sent stays on the screen. */
  const sendSpecimen = async ({ front, back }: Specimen): Promise<void> => {
    const first = await send('front', front, 'upload')
    const last = first === 'accepted' && back ? await send('back', back, 'upload') : first
    if (last === 'failed') return
    setSeen(null)
    onTaken()
  }
  /** Until the frames beside the pictures are there, or have had their time. */
  const framesSent = (): Promise<unknown> => Promise.race([framesOnTheWay.current, wait(FRAMES_MS)])
  return { refusalOf, dismiss, use, sendSpecimen, framesSent }
}
