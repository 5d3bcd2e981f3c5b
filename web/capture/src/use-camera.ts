import { useCallback, useContext, useEffect, useRef, useState } from 'react'
import { type CameraFault, cameraPermission, faultOf } from './camera-fault.ts'
import { CoveredContext } from './covered-context.ts'
import type { WordKey } from './words/en.ts'

/**
 * The camera and how it stands. `slow`: nobody has answered for eight seconds. `shoot` gives a JPEG, null when there is no
 * picture.
 */
export type Camera = {
  readonly state: 'off' | 'asking' | 'slow' | 'on' | CameraFault
  /** The browser's name of the fault, for support. */
  readonly faultName: string
  readonly video: React.RefObject<HTMLVideoElement | null>
  turnOn(): void
  turnOff(): void
  /** Waits for the first picture, which a camera needs a moment for. */
  ready(): Promise<void>
  shoot(): Promise<Blob | null>
}

/** What the button that turns the camera on says meanwhile: it waits for the person's answer, and after a while asks once more. */
export const waitingLabel = (state: Camera['state']): WordKey | null =>
  state === 'asking' ? 'camera.waiting' : state === 'slow' ? 'fault.prompt.again' : null

const nameOf = (error: unknown): string => String((error as { name?: string }).name)

const SLOW_MS = 8_000
const LONG_SIDE = 2400

const open = async (facing: 'user' | 'environment'): Promise<MediaStream> => {
  if (!navigator.mediaDevices || !window.isSecureContext)
    throw Object.assign(new Error('insecure'), { name: 'SecurityError' })
  const size =
    facing === 'user'
      ? { width: { ideal: 1280 }, height: { ideal: 960 } }
      : { width: { ideal: 2560 }, height: { ideal: 1440 } }
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: facing }, ...size },
    })
  } catch (error) {
    const name = nameOf(error)
    if (name === 'OverconstrainedError' || name === 'NotFoundError')
      return navigator.mediaDevices.getUserMedia({ audio: false, video: true })
    if (name !== 'NotReadableError' && name !== 'AbortError') throw error
    // Another program may just be letting go of it: one silent retry.
    await new Promise((resolve) => setTimeout(resolve, 1000))
    return navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: facing } } })
  }
}

/** The device's camera: asked for on a press, never by itself; let go when the page is hidden or covered, or the step is left. */
export const useCamera = (facing: 'user' | 'environment'): Camera => {
  const [state, setState] = useState<Camera['state']>('off')
  const [faultName, setFaultName] = useState('')
  const isCovered = useContext(CoveredContext)
  const isWanted = useRef(false)
  const video = useRef<HTMLVideoElement | null>(null)
  const stream = useRef<MediaStream | null>(null)

  const release = useCallback(() => {
    isWanted.current = false
    for (const track of stream.current?.getTracks() ?? []) track.stop()
    stream.current = null
  }, [])
  const turnOff = useCallback(() => {
    release()
    setState('off')
  }, [release])

  const turnOn = useCallback(() => {
    if (isCovered) return
    setState('asking')
    isWanted.current = true
    // The promise may never settle while the question stays open.
    const slow = setTimeout(() => setState((now) => (now === 'asking' ? 'slow' : now)), SLOW_MS)
    open(facing)
      .then((opened) => {
        // The answer may come after the person went another way, or twice where they were asked twice: nobody is watched then.
        if (!isWanted.current || stream.current) {
          for (const track of opened.getTracks()) track.stop()
          return
        }
        stream.current = opened
        for (const track of opened.getVideoTracks())
          track.onended = () => {
            if (stream.current !== opened) return
            stream.current = null
            setState('busy')
          }
        setState('on')
      })
      .catch(async (error: unknown) => {
        const permission = await cameraPermission()
        if (!isWanted.current || stream.current) return
        setFaultName(nameOf(error))
        setState(faultOf(nameOf(error), permission, navigator.userAgent))
      })
      .finally(() => clearTimeout(slow))
  }, [facing, isCovered])

  useEffect(() => {
    if (state === 'on' && video.current && video.current.srcObject !== stream.current) {
      video.current.srcObject = stream.current
      void video.current.play().catch(() => {})
    }
  }, [state])

  const letGo = useCallback(() => {
    release()
    // What is wrong with it stays on the screen: the person may just be in the settings that mend it.
    setState((now) => (now === 'on' || now === 'asking' || now === 'slow' ? 'off' : now))
  }, [release])
  useEffect(() => {
    if (isCovered) letGo()
  }, [isCovered, letGo])
  useEffect(() => {
    const hide = (): void => {
      if (document.hidden) letGo()
    }
    document.addEventListener('visibilitychange', hide)
    return () => {
      document.removeEventListener('visibilitychange', hide)
      release()
    }
  }, [letGo, release])

  const ready = useCallback(async (): Promise<void> => {
    const source = video.current
    if (source && source.videoWidth === 0)
      await new Promise((resolve) => source.addEventListener('loadeddata', resolve, { once: true }))
  }, [])

  const shoot = useCallback(async (): Promise<Blob | null> => {
    await ready()
    const source = video.current
    if (!source || source.videoWidth === 0) return null
    const scale = Math.min(1, LONG_SIDE / Math.max(source.videoWidth, source.videoHeight))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(source.videoWidth * scale)
    canvas.height = Math.round(source.videoHeight * scale)
    canvas.getContext('2d')?.drawImage(source, 0, 0, canvas.width, canvas.height)
    navigator.vibrate?.(30)
    return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.92))
  }, [ready])

  return { state, faultName, video, turnOn, turnOff, ready, shoot }
}
