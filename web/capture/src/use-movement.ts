import type { Challenge, MovementAnswer } from '@veridoor/contract'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type Api, CaptureError } from './api.ts'
import type { Camera } from './use-camera.ts'

/**
 * Why nothing was judged: the camera went, the connection did, or the time for these movements; the verifier has too much to do, was
 * asked too fast, broke, or gives no movements any more because they were begun too often.
 */
export type Stop = 'camera' | 'offline' | 'over' | 'busy' | 'fast' | 'ours' | 'often'
/** Where the movement check stands on this page. */
export type Movement =
  | { readonly at: 'ready' }
  | { readonly at: 'starting' }
  /**
   * `sinceMs` is this device's clock at the beginning of the step; the verifier's own decides when it ends. `caught`: frames that were
   * taken since there was time to move.
   */
  | { readonly at: 'moving'; readonly challenge: Challenge; readonly sinceMs: number; readonly caught: number }
  | { readonly at: 'judging' }
  | { readonly at: 'answered'; readonly answer: MovementAnswer }
  | { readonly at: 'stopped'; readonly why: Stop }

const LONG_SIDE = 640
/** Milliseconds after which somebody who was told to move does. */
const MOVED_MS = 1_000
const TRIES = 5
const JUDGE_TRIES = 8
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * One small frame, as the camera sees it: never mirrored, whatever the screen shows. It is encoded at once: `toBlob` waits until the
 * page is idle, up to seconds on a slow phone, and frames that far apart are refused.
 */
const frameOf = (source: HTMLVideoElement): Blob | null => {
  const scale = Math.min(1, LONG_SIDE / Math.max(source.videoWidth, source.videoHeight))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(source.videoWidth * scale)
  canvas.height = Math.round(source.videoHeight * scale)
  canvas.getContext('2d')?.drawImage(source, 0, 0, canvas.width, canvas.height)
  const address = canvas.toDataURL('image/jpeg', 0.72)
  const bytes = Uint8Array.from(atob(address.slice(address.indexOf(',') + 1)), (letter) => letter.charCodeAt(0))
  return bytes.length === 0 ? null : new Blob([bytes], { type: 'image/jpeg' })
}

const codeOf = (error: unknown): string => (error instanceof CaptureError ? error.code : 'INTERRUPTED')

const stops: Readonly<Record<string, Stop>> = {
  OFFLINE: 'offline',
  CHALLENGE_OVER: 'over',
  BUSY: 'busy',
  SLOW_DOWN: 'fast',
}
/** The check is somewhere else than at its movements: assessed meanwhile, over, or on another device. */
const movedOn = ['WRONG_STEP', 'SESSION_ENDED', 'OPEN_ELSEWHERE', 'LINK_NOT_USABLE']

/** Sends frame after frame while the verifier says what to do, then asks for its judgement. What is seen is for the verifier to tell. @param onMovedOn asks where the check stands */
export const useMovement = (api: Api, camera: Camera, onMovedOn: () => Promise<void>) => {
  const [movement, setMovement] = useState<Movement>({ at: 'ready' })
  const run = useRef(0)
  const isOn = useRef(false)
  isOn.current = camera.state === 'on'

  const { turnOff, video } = camera

  const stop = useCallback(
    (why: Stop) => {
      run.current += 1
      setMovement({ at: 'stopped', why })
      turnOff()
    },
    [turnOff],
  )
  const reset = useCallback(() => {
    run.current += 1
    setMovement({ at: 'ready' })
  }, [])
  // The camera went in the middle: taken by another program, unplugged, or the page was hidden.
  const { at } = movement
  useEffect(() => {
    if ((at === 'moving' || at === 'starting') && camera.state !== 'on') stop('camera')
  }, [at, camera.state, stop])
  useEffect(
    () => () => {
      run.current += 1
    },
    [],
  )

  /** The same frame again after a short loss of connection; the verifier takes each number once. */
  const send = useCallback(
    async (challenge: string, number: number, frame: Blob) => {
      for (let tries = 1; ; tries += 1)
        try {
          return await api.sendFrame(challenge, number, frame)
        } catch (error) {
          const code = codeOf(error)
          const isPassing = code === 'SLOW_DOWN' || code === 'OFFLINE' || code === 'INTERRUPTED'
          if (!isPassing || tries === TRIES) throw error
          await sleep(200)
        }
    },
    [api],
  )
  const judge = useCallback(
    async (challenge: string): Promise<MovementAnswer> => {
      for (let tries = 1; ; tries += 1)
        try {
          return await api.judgeMovement(challenge)
        } catch (error) {
          const code = codeOf(error)
          if ((code !== 'BUSY' && code !== 'OFFLINE' && code !== 'INTERRUPTED') || tries === JUDGE_TRIES) throw error
          await sleep(1500)
        }
    },
    [api],
  )

  const start = useCallback(
    async (slow: boolean): Promise<void> => {
      run.current += 1
      const mine = run.current
      const isMine = (): boolean => run.current === mine
      let isBegun = false
      setMovement({ at: 'starting' })
      try {
        const source = video.current
        // The server's clock starts when the camera is warm.
        for (let waited = 0; source && source.videoWidth === 0 && waited < 8_000; waited += 100) await sleep(100)
        if (!isMine()) return
        if (!source || source.videoWidth === 0) return stop('camera')
        let challenge = await api.startMovement(slow)
        isBegun = true
        if (!isMine()) return
        let sinceMs = performance.now()
        let caught = 0
        setMovement({ at: 'moving', challenge, sinceMs, caught })
        for (let number = 0; ; number += 1) {
          const from = performance.now()
          const frame = isOn.current ? frameOf(source) : null
          if (!frame) return stop('camera')
          const answer = await send(challenge.id, number, frame)
          if (!isMine()) return
          if (answer.done) break
          if (answer.challenge.step !== challenge.step) {
            navigator.vibrate?.(30)
            sinceMs = performance.now()
            caught = 0
          } else if (from - sinceMs >= MOVED_MS) caught += 1
          challenge = answer.challenge
          setMovement({ at: 'moving', challenge, sinceMs, caught })
          await sleep(Math.max(0, challenge.everyMs - (performance.now() - from)))
          if (!isMine()) return
        }
        setMovement({ at: 'judging' })
        turnOff()
        const answer = await judge(challenge.id)
        if (isMine()) setMovement({ at: 'answered', answer })
      } catch (error) {
        if (!isMine()) return
        const code = codeOf(error)
        if (!isBegun && code === 'SLOW_DOWN') return stop('often')
        if (!movedOn.includes(code)) return stop(stops[code] ?? 'ours')
        setMovement({ at: 'judging' })
        turnOff()
        await onMovedOn()
        if (isMine()) stop('ours')
      }
    },
    [api, judge, onMovedOn, send, stop, turnOff, video],
  )
  return { movement, start, reset }
}
