import type { CapturePart, CaptureSession } from '@veridoor/contract'
import { useCallback, useEffect, useState } from 'react'
import { type Api, CaptureError } from './api.ts'

/** Milliseconds between two looks at a check that moves on without this page. */
const pollMs = (session: CaptureSession | null, isHandingOver: boolean): number | null => {
  if (!session || session.step === 'ended') return null
  if (session.step === 'checking') return 1_000
  if (session.device === 'following' || isHandingOver) return 2_000
  // The other device may take it back.
  return session.followed ? 5_000 : null
}
const codeOf = (error: unknown): string => (error instanceof CaptureError ? error.code : 'INTERRUPTED')

export type SessionState = {
  readonly session: CaptureSession | null
  /** There is nothing to show: a sentence code. */
  readonly lost: string | null
  readonly busy: boolean
  /** Why the last action did not work: an API code. */
  readonly failure: string | null
  /** Why the last picture was not taken: its part and a sentence code. */
  readonly refused: { part: CapturePart; code: string } | null
  read(): void
  /** The verifier told where the check stands. */
  take(session: CaptureSession): void
  act(work: (api: Api) => Promise<CaptureSession>): Promise<boolean>
  send(part: CapturePart, photo: Blob, source: 'camera' | 'upload'): Promise<'accepted' | 'refused' | 'failed'>
  forget(): void
}

const lostCodes: Record<string, string> = { LINK_NOT_USABLE: 'link_not_usable', OPEN_ELSEWHERE: 'open_elsewhere' }
const unreadCodes: Record<string, string> = { ...lostCodes, OFFLINE: 'offline' }

/** Where the check stands, by the server's word; the page keeps nothing of its own. */
export const useSession = (api: Api, isHandingOver: boolean): SessionState => {
  const [session, setSession] = useState<CaptureSession | null>(null)
  const [lost, setLost] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const [refused, setRefused] = useState<SessionState['refused']>(null)

  const read = useCallback(() => {
    setLost(null)
    api.read().then(setSession, (error: unknown) => {
      setLost(unreadCodes[codeOf(error)] ?? 'interrupted')
    })
  }, [api])
  useEffect(read, [read])

  /** Why a check that was there is not there any more: its time ran out, or another device has it. */
  const lose = useCallback((error: unknown, last: CaptureSession | null): void => {
    const isOver = last ? Date.parse(last.expiresAt) <= Date.now() : false
    setLost(isOver ? 'timed_out' : (unreadCodes[codeOf(error)] ?? 'interrupted'))
  }, [])

  const everyMs = pollMs(session, isHandingOver)
  useEffect(() => {
    if (everyMs === null) return
    const look = (): void =>
      void api.read().then(
        (now) => setSession((before) => (JSON.stringify(before) === JSON.stringify(now) ? before : now)),
        (error: unknown) => codeOf(error) in lostCodes && lose(error, session),
      )
    const timer = setInterval(look, everyMs)
    return () => clearInterval(timer)
  }, [everyMs, api, lose, session])

  /** Runs one action; a check that moved on elsewhere is read again instead of being called a fault. */
  const run = useCallback(
    async (work: () => Promise<void>): Promise<boolean> => {
      setBusy(true)
      setFailure(null)
      try {
        await work()
        return true
      } catch (error) {
        const code = codeOf(error)
        if (code in lostCodes || code === 'SESSION_ENDED' || code === 'WRONG_STEP')
          await api.read().then(setSession, (unread: unknown) => lose(unread, session))
        else setFailure(code)
        return false
      } finally {
        setBusy(false)
      }
    },
    [api, session, lose],
  )

  return {
    session,
    lost,
    busy,
    failure,
    refused,
    read,
    take: setSession,
    act: (work) => run(async () => setSession(await work(api))),
    send: async (part, photo, source) => {
      let accepted = false
      const isAnswered = await run(async () => {
        try {
          const answer = await api.send(part, photo, source)
          accepted = answer.accepted
          setRefused(answer.accepted ? null : { part, code: answer.code ?? 'photo_quality' })
          setSession(answer.session)
        } catch (error) {
          const code = codeOf(error)
          if (code !== 'FILE_NOT_USABLE' && code !== 'TOO_LARGE') throw error
          setRefused({ part, code: 'file_not_usable' })
        }
      })
      return isAnswered ? (accepted ? 'accepted' : 'refused') : 'failed'
    },
    forget: () => {
      setFailure(null)
      setRefused(null)
    },
  }
}
