import type { CaptureSession, CaptureSide } from '@veridoor/contract'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type Api, CaptureError } from './api.ts'

/** Milliseconds between two looks at a check that moves on without this page. */
const pollMs = (session: CaptureSession | null, isHandingOver: boolean): number | null => {
  if (!session || session.step === 'ended') return null
  if (session.step === 'checking') return 1_000
  if (session.device === 'following' || isHandingOver) return 2_000
  // The other device may take it back.
  return session.isFollowed ? 5_000 : null
}
const codeOf = (error: unknown): string => (error instanceof CaptureError ? error.code : 'INTERRUPTED')

/** Actions whose failures are told in different places: the last one of the page, a photo's, staying's and leaving's. */
export type Action = 'page' | 'photo' | 'stay' | 'leave'

/**
 * The check as the verifier last told of it, and what can be done. `act` gives false when it did not work: `failures` tell why,
 * or where the check stands by now.
 */
export type SessionState = {
  readonly session: CaptureSession | null
  /** When the check closes by itself, by this device's own clock (milliseconds), which may be wrong but runs evenly. */
  readonly endsAtMs: number
  /** There is nothing to show: a sentence code. */
  readonly lost: string | null
  readonly busy: boolean
  /** It is being asked where the check stands. */
  readonly reading: boolean
  /** Why the last action of each kind did not work: API codes. */
  readonly failures: Readonly<Partial<Record<Action, string>>>
  /** Why the last picture was not taken: its side and a sentence code. */
  readonly refused: { side: CaptureSide; code: string } | null
  /** Asks where the check stands. */
  read(): Promise<void>
  /** The verifier told where the check stands. */
  take(session: CaptureSession): void
  act(work: (api: Api) => Promise<CaptureSession>, of?: Action): Promise<boolean>
  send(side: CaptureSide, photo: Blob, source: 'camera' | 'upload'): Promise<'accepted' | 'refused' | 'failed'>
  /** Its failure is not told any more; of a photo its refusal, too. */
  forget(of: Action): void
}

const lostCodes: Record<string, string> = { LINK_NOT_USABLE: 'link_not_usable', OPEN_ELSEWHERE: 'open_elsewhere' }
const unreadCodes: Record<string, string> = { ...lostCodes, OFFLINE: 'offline' }

/** A second less that is left is no change. */
const isSame = (before: CaptureSession | null, now: CaptureSession): boolean =>
  JSON.stringify({ ...before, leftSec: 0 }) === JSON.stringify({ ...now, leftSec: 0 })

/** Where the check stands, by the server's word; the page keeps nothing of its own. */
export const useSession = (api: Api, isHandingOver: boolean): SessionState => {
  const [session, setSession] = useState<CaptureSession | null>(null)
  const [endsAtMs, setEndsAtMs] = useState(Number.POSITIVE_INFINITY)
  const [lost, setLost] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [reading, setReading] = useState(false)
  const [failures, setFailures] = useState<SessionState['failures']>({})
  const [refused, setRefused] = useState<SessionState['refused']>(null)
  /** Counts the person's own actions: an answer to a question from before one of them is of yesterday. */
  const acted = useRef(0)

  const take = useCallback((now: CaptureSession): void => {
    setEndsAtMs(Date.now() + now.leftSec * 1000)
    setSession((before) => (isSame(before, now) ? before : now))
  }, [])
  /** What the verifier told in answer to something that was done here: no look from before it counts any more. */
  const takeAnswer = useCallback(
    (now: CaptureSession): void => {
      acted.current += 1
      take(now)
    },
    [take],
  )
  /** Why there is no check to show: its time ran out, another device has it, or the verifier does not answer. */
  const lose = useCallback(
    (error: unknown): void => {
      setLost(endsAtMs <= Date.now() ? 'timed_out' : (unreadCodes[codeOf(error)] ?? 'interrupted'))
    },
    [endsAtMs],
  )
  const latestLose = useRef(lose)
  latestLose.current = lose
  const read = useCallback(async (): Promise<void> => {
    setReading(true)
    await api.read().then(
      (now) => {
        setLost(null)
        take(now)
      },
      (error: unknown) => latestLose.current(error),
    )
    setReading(false)
  }, [api, take])
  useEffect(() => void read(), [read])

  const everyMs = pollMs(session, isHandingOver)
  useEffect(() => {
    if (everyMs === null) return
    let isLooking = false
    let isOver = false
    const look = async (): Promise<void> => {
      if (isLooking) return
      isLooking = true
      const from = acted.current
      const isFresh = (): boolean => !isOver && acted.current === from
      await api.read().then(
        (now) => isFresh() && take(now),
        (error: unknown) => isFresh() && codeOf(error) in lostCodes && latestLose.current(error),
      )
      isLooking = false
    }
    const timer = setInterval(() => void look(), everyMs)
    return () => {
      isOver = true
      clearInterval(timer)
    }
  }, [everyMs, api, take])

  /** Runs one action; a check that moved on elsewhere is read again instead of being called a fault. */
  const run = useCallback(
    async (work: () => Promise<void>, of: Action): Promise<boolean> => {
      acted.current += 1
      setBusy(true)
      const fail = (code?: string): void =>
        setFailures(({ [of]: _before, ...others }) => (code ? { ...others, [of]: code } : others))
      // What stands over the page stays there while leaving is tried again.
      if (of !== 'leave') fail()
      try {
        await work()
        fail()
        return true
      } catch (error) {
        const code = codeOf(error)
        const isElsewhere = code in lostCodes || code === 'SESSION_ENDED' || code === 'WRONG_STEP'
        fail(isElsewhere ? undefined : code)
        if (isElsewhere) await api.read().then(take, (unread: unknown) => latestLose.current(unread))
        return false
      } finally {
        acted.current += 1
        setBusy(false)
      }
    },
    [api, take],
  )

  return {
    session,
    endsAtMs,
    lost,
    busy,
    reading,
    failures,
    refused,
    read,
    take: takeAnswer,
    act: (work, of = 'page') => run(async () => take(await work(api)), of),
    send: async (side, photo, source) => {
      let accepted = false
      const isAnswered = await run(async () => {
        try {
          const answer = await api.send(side, photo, source)
          accepted = answer.accepted
          setRefused(answer.accepted ? null : { side, code: answer.code ?? 'photo_quality' })
          take(answer.session)
        } catch (error) {
          const code = codeOf(error)
          if (code !== 'FILE_NOT_USABLE' && code !== 'TOO_LARGE') throw error
          setRefused({ side, code: 'file_not_usable' })
        }
      }, 'photo')
      return isAnswered ? (accepted ? 'accepted' : 'refused') : 'failed'
    },
    forget: (of) => {
      setFailures(({ [of]: _over, ...others }) => others)
      if (of === 'photo') setRefused(null)
    },
  }
}
