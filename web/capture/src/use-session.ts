import type { CapturePart, CaptureSession } from '@veridoor/contract'
import { useCallback, useEffect, useState } from 'react'
import { type Api, CaptureError } from './api.ts'

const POLL_MS = 1_000
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

/** Where the check stands, by the server's word; the page keeps nothing of its own. */
export const useSession = (api: Api): SessionState => {
  const [session, setSession] = useState<CaptureSession | null>(null)
  const [lost, setLost] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const [refused, setRefused] = useState<SessionState['refused']>(null)

  const read = useCallback(() => {
    setLost(null)
    api.read().then(setSession, (error: unknown) => {
      const code = codeOf(error)
      setLost(code === 'LINK_NOT_USABLE' ? 'link_not_usable' : 'interrupted')
    })
  }, [api])
  useEffect(read, [read])

  const step = session?.step
  useEffect(() => {
    if (step !== 'checking') return
    const timer = setInterval(() => void api.read().then(setSession, () => {}), POLL_MS)
    return () => clearInterval(timer)
  }, [step, api])

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
        if (code === 'LINK_NOT_USABLE' || code === 'SESSION_ENDED' || code === 'WRONG_STEP') {
          const isOver = session ? Date.parse(session.expiresAt) <= Date.now() : false
          await api.read().then(setSession, () => setLost(isOver ? 'timed_out' : 'link_not_usable'))
        } else setFailure(code)
        return false
      } finally {
        setBusy(false)
      }
    },
    [api, session],
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
