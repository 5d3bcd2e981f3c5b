import { useEffect, useRef, useState } from 'react'
import { useFaces } from '../face-finder/use-faces.ts'
import { guideArea, guideOval } from './guide-area.ts'
import { createAutoShutter, createSteadyHint, documentHint, type Hint, movingHint, selfieHint } from './hints.ts'
import { measureFrame } from './measure-frame.ts'

const EVERY_MS = 200
const WIDTH_PX = 320
/** Nothing is taken by itself before the person has had time to look at the screen. */
const SETTLE_MS = 2_000

/** What the picture is to show: a document, a face at rest, or one that moves as it is asked to. */
export type Sight = 'document' | 'selfie' | 'moving'
/** The hint before anything was measured, and the frames that have to agree before another one is shown. */
const begin = {
  document: { first: 'frame', frames: 2 },
  selfie: { first: 'selfie', frames: 2 },
  // A turned head may be lost for a moment.
  moving: { first: 'good', frames: 6 },
} as const satisfies Record<Sight, { first: Hint; frames: number }>

type Looking = {
  readonly video: React.RefObject<HTMLVideoElement | null>
  readonly guide: React.RefObject<HTMLElement | null>
  readonly sight: Sight
  /** Called after enough good frames of a document; null where only the person takes the photo. */
  readonly onTake: (() => void) | null
  /** True while a photo is being taken: then nothing is measured. */
  readonly isTaking: React.RefObject<boolean>
}

/** Live advice from a small copy of the picture, five times a second. `auto`: the photo is taken now. */
export const useHint = ({ video, guide, sight, onTake, isTaking }: Looking): Hint | 'auto' => {
  const [hint, setHint] = useState<Hint | 'auto'>(begin[sight].first)
  const isDocument = sight === 'document'
  const faces = useFaces(!isDocument)
  const take = useRef(onTake)
  take.current = onTake
  useEffect(() => {
    const canvas = document.createElement('canvas')
    const context = canvas.getContext('2d', { willReadFrequently: true })
    const steady = createSteadyHint(begin[sight].first, begin[sight])
    setHint(begin[sight].first)
    const shutter = createAutoShutter()
    const begun = performance.now()
    let before: Uint8Array | null = null
    const timer = setInterval(() => {
      const source = video.current
      if (!source || !guide.current || !context || source.videoWidth === 0 || isTaking.current) return
      canvas.width = WIDTH_PX
      canvas.height = Math.round((WIDTH_PX * source.videoHeight) / source.videoWidth)
      context.drawImage(source, 0, 0, canvas.width, canvas.height)
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
      const area = guideArea(source, guide.current, WIDTH_PX)
      const { frame, grey } = measureFrame(data, canvas.width, canvas.height, before, area, isDocument)
      const isFirst = before === null
      before = grey
      faces.current?.look(source)
      const now = performance.now()
      const seen = faces.current?.seen() ?? null
      const rule =
        sight === 'document'
          ? documentHint(frame)
          : sight === 'moving'
            ? movingHint(frame, seen)
            : selfieHint(frame, seen, guideOval(source, guide.current))
      const advice = steady(rule, now)
      // The first frame has no predecessor that could tell movement.
      const isReady = isDocument && take.current && !isFirst && now - begun > SETTLE_MS
      const answer = isReady ? shutter(frame) : 'wait'
      setHint(answer === 'wait' ? advice : 'auto')
      if (answer === 'take') take.current?.()
    }, EVERY_MS)
    return () => clearInterval(timer)
  }, [sight, isDocument, video, guide, isTaking, faces])
  return hint
}
