import type { HandOverView } from '@veridoor/contract'
import { useCallback, useEffect, useState } from 'react'
import { type Api, CaptureError, dropCode } from '../api.ts'
import { Button, Note, Screen } from '../controls.tsx'
import { PlainBar } from '../frame.tsx'
import { useWords } from '../words/words.tsx'
import { NoSession } from './last.tsx'

/** The device that opened a hand-over code: whose check it is, the number to compare, and only then the check. */
export const TakeOver = ({ api, code, onTaken }: { api: Api; code: string; onTaken: () => void }) => {
  const { say } = useWords()
  const [view, setView] = useState<HandOverView | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  const [refused, setRefused] = useState(false)
  const [busy, setBusy] = useState(false)

  const fail = useCallback((error: unknown): void => {
    const found = error instanceof CaptureError ? error.code : 'INTERRUPTED'
    if (found !== 'OFFLINE' && found !== 'INTERRUPTED') dropCode()
    setFault(found === 'SESSION_ENDED' ? 'link_not_usable' : found)
  }, [])
  const take = useCallback((): void => {
    setBusy(true)
    api
      .take(code)
      .then(() => {
        dropCode()
        onTaken()
      }, fail)
      .finally(() => setBusy(false))
  }, [api, code, onTaken, fail])
  const look = useCallback((): void => {
    setFault(null)
    api.look(code).then((found) => (found.isTakenHere ? take() : setView(found)), fail)
  }, [api, code, take, fail])
  useEffect(look, [look])

  const name = view?.client.name ?? ''
  const content = (() => {
    if (fault) {
      const isCode = fault.startsWith('CODE_') || fault === 'link_not_usable'
      const shown = isCode ? fault : fault === 'OFFLINE' ? 'offline' : 'interrupted'
      return <NoSession code={shown} {...(isCode ? {} : { onAgain: look })} />
    }
    if (!view)
      return (
        <main className="screen" aria-busy="true" aria-label={say('loading')}>
          <span className="spinner first" />
        </main>
      )
    if (refused)
      return (
        <Screen title={say('take.refused.title')} client={name}>
          <p className="lead">{say('take.refused.body')}</p>
        </Screen>
      )
    return (
      <Screen
        title={say('take.title', { client: name })}
        client={name}
        footer={
          <>
            <Button data-testid="take-over" disabled={busy} onClick={take}>
              {say('take.yes')}
            </Button>
            <Button
              kind="second"
              disabled={busy}
              onClick={() => {
                dropCode()
                setRefused(true)
              }}
            >
              {say('take.no')}
            </Button>
          </>
        }
      >
        <p className="lead">{say('take.match')}</p>
        <p className="match large">
          <strong data-testid="match">{view.match}</strong>
        </p>
        <Note>{say('take.only')}</Note>
        {view.account && <p>{say('start.account', { reference: view.account, client: name })}</p>}
      </Screen>
    )
  })()
  return (
    <>
      <PlainBar {...(view ? { client: view.client } : {})} />
      {content}
    </>
  )
}
