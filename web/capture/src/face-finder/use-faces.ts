import { useEffect, useRef } from 'react'
import { type SeenFace, SIZE } from './find-faces.ts'
import type { ToWorker } from './worker.ts'

/** Where faces are before the camera. */
export type Faces = {
  /** Looks at what the camera shows now, unless the look before is still going on; the faces come a moment later. */
  look(video: HTMLVideoElement): void
  /** The faces of the last look; null as long as there was none, or when the last one is too old to mean anything. */
  seen(): readonly SeenFace[] | null
}

const WEIGHTS = '/capture/face-finder.bin'
/** Milliseconds after which a face may be anywhere. */
const OLD_MS = 2_000
/** Milliseconds of rest between two looks: a phone is not to become warm. */
const REST_MS = 250
const GREY = '#7f7f7f'

const createFaces = (): Faces & { close(): void } => {
  let worker: Worker | null = null
  let busy = true
  let last: { faces: readonly SeenFace[]; at: number } | null = null
  const stop = new AbortController()
  const canvas = document.createElement('canvas')
  canvas.width = SIZE
  canvas.height = SIZE
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const close = (): void => {
    stop.abort()
    worker?.terminate()
    worker = null
  }
  const send = (message: ToWorker, ...moved: ArrayBuffer[]): void => worker?.postMessage(message, moved)
  const open = async (): Promise<void> => {
    const answer = await fetch(WEIGHTS, { signal: stop.signal })
    if (!answer.ok) return
    const weights = await answer.arrayBuffer()
    if (stop.signal.aborted) return
    worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<SeenFace[]>) => {
      last = { faces: data, at: performance.now() }
      busy = false
    }
    worker.onerror = close
    send({ weights }, weights)
    busy = false
  }
  // Guidance is a help, and nothing waits for it: without weights or worker the page says what it can say without.
  open().catch(close)
  return {
    look(video) {
      if (busy || (last && performance.now() - last.at < REST_MS) || !worker || !context || video.videoWidth === 0)
        return
      busy = true
      const scale = SIZE / Math.max(video.videoWidth, video.videoHeight)
      const [width, height] = [video.videoWidth * scale, video.videoHeight * scale]
      context.fillStyle = GREY
      context.fillRect(0, 0, SIZE, SIZE)
      context.drawImage(video, (SIZE - width) / 2, (SIZE - height) / 2, width, height)
      const { data } = context.getImageData(0, 0, SIZE, SIZE)
      send({ rgba: data }, data.buffer)
    },
    seen: () => (last && performance.now() - last.at < OLD_MS ? last.faces : null),
    close,
  }
}

/** Looks for faces on this device while a screen with a face is open; `null` where none is wanted. */
export const useFaces = (isWanted: boolean): React.RefObject<Faces | null> => {
  const faces = useRef<Faces | null>(null)
  useEffect(() => {
    if (!isWanted) return
    const opened = createFaces()
    faces.current = opened
    return () => {
      faces.current = null
      opened.close()
    }
  }, [isWanted])
  return faces
}
