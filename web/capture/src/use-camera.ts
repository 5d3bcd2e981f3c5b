import { useCallback, useEffect, useRef, useState } from 'react'

export type CameraFault = 'denied' | 'none' | 'busy' | 'insecure' | 'unknown'
export type Camera = {
  readonly state: 'off' | 'asking' | 'slow' | 'on' | CameraFault
  readonly video: React.RefObject<HTMLVideoElement | null>
  turnOn(): void
  turnOff(): void
  shoot(): Promise<Blob | null>
}

const faultOf = (error: unknown): CameraFault => {
  switch ((error as { name?: string }).name) {
    case 'NotAllowedError':
      return 'denied'
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'none'
    case 'NotReadableError':
    case 'AbortError':
      return 'busy'
    case 'SecurityError':
    case 'TypeError':
      return 'insecure'
    default:
      return 'unknown'
  }
}

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
    const fault = faultOf(error)
    if (fault === 'none') return navigator.mediaDevices.getUserMedia({ audio: false, video: true })
    if (fault !== 'busy') throw error
    // Another program may just be letting go of it: one silent retry.
    await new Promise((resolve) => setTimeout(resolve, 1000))
    return navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: facing } } })
  }
}

/** The device's camera: asked for on a press, never by itself; let go when the page is hidden or the step is left. */
export const useCamera = (facing: 'user' | 'environment'): Camera => {
  const [state, setState] = useState<Camera['state']>('off')
  const video = useRef<HTMLVideoElement | null>(null)
  const stream = useRef<MediaStream | null>(null)

  const turnOff = useCallback(() => {
    for (const track of stream.current?.getTracks() ?? []) track.stop()
    stream.current = null
    setState('off')
  }, [])

  const turnOn = useCallback(() => {
    setState('asking')
    // The promise may never settle while the question stays open.
    const slow = setTimeout(() => setState((now) => (now === 'asking' ? 'slow' : now)), SLOW_MS)
    open(facing)
      .then((opened) => {
        stream.current = opened
        for (const track of opened.getVideoTracks()) track.onended = () => setState('busy')
        setState('on')
      })
      .catch((error: unknown) => setState(faultOf(error)))
      .finally(() => clearTimeout(slow))
  }, [facing])

  useEffect(() => {
    if (state === 'on' && video.current && video.current.srcObject !== stream.current) {
      video.current.srcObject = stream.current
      void video.current.play().catch(() => {})
    }
  }, [state])

  useEffect(() => {
    const hide = (): void => {
      if (document.hidden) turnOff()
    }
    document.addEventListener('visibilitychange', hide)
    return () => {
      document.removeEventListener('visibilitychange', hide)
      turnOff()
    }
  }, [turnOff])

  const shoot = useCallback(async (): Promise<Blob | null> => {
    const source = video.current
    if (!source || source.videoWidth === 0) return null
    const scale = Math.min(1, LONG_SIDE / Math.max(source.videoWidth, source.videoHeight))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(source.videoWidth * scale)
    canvas.height = Math.round(source.videoHeight * scale)
    canvas.getContext('2d')?.drawImage(source, 0, 0, canvas.width, canvas.height)
    navigator.vibrate?.(30)
    return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.92))
  }, [])

  return { state, video, turnOn, turnOff, shoot }
}
