import type { CaptureChoice, CaptureSession, CaptureSide, CaptureTrouble } from '@veridoor/contract'
import { useRef, useState } from 'react'
import type { Api } from './api.ts'
import { Button, Note } from './controls.tsx'
import { CoveredContext } from './covered-context.ts'
import { OfflineBar, PlainBar, StayDialog, TopBar } from './frame.tsx'
import { HandOverContext } from './hand-over-context.ts'
import { MovementCheck } from './movement.tsx'
import { PageFault } from './page-fault.tsx'
import { Choice } from './screens/choice.tsx'
import { Following } from './screens/following.tsx'
import { ShowCode } from './screens/hand-over.tsx'
import { BrokenPage, Checking, Ended, NoSession, Submit, Unreachable } from './screens/last.tsx'
import { Alternative, Start } from './screens/start.tsx'
import { MakeSpecimen } from './specimen.tsx'
import { sidesOf, stepNumber } from './steps.ts'
import { TakePhoto } from './take-photo.tsx'
import { TroubleContext } from './trouble.ts'
import { usePictures } from './use-pictures.ts'
import { type Action, useSession } from './use-session.ts'
import { useWords, type Words } from './words/words.tsx'

type Page = 'specimen' | 'alternative' | 'choice' | CaptureSide

const isSide = (page: Page | CaptureSession['step']): page is CaptureSide =>
  page === 'front' || page === 'back' || page === 'selfie'

const failureText = (code: string, of: Action, { say, sentence }: Words): { title: string; body: string } => {
  if (code === 'OFFLINE')
    return of === 'photo' ? sentence('upload_failed') : { title: say('offline.title'), body: say('offline.body') }
  return { title: say('again'), body: say(code === 'SLOW_DOWN' || code === 'BUSY' ? `error.${code}` : 'error.other') }
}

/** The check from the agreement to the end; the server says which step is next, the person may step aside from it. */
export const App = ({ api }: { api: Api }) => {
  const words = useWords()
  const { say } = words
  const [isHandingOver, setHandingOver] = useState(false)
  const state = useSession(api, isHandingOver)
  const { session, endsAtMs, lost, busy, reading, failures, read, take, act, forget } = state
  const [page, setPage] = useState<Page | null>(null)
  const { refusalOf, dismiss, use, sendSpecimen, framesSent } = usePictures(api, state, () => setPage(null))
  const trouble = useRef<CaptureTrouble | null>(null)

  if (lost)
    return (
      <>
        <PlainBar />
        {lost === 'offline' && session ? (
          <Unreachable session={session} busy={reading} onAgain={read} />
        ) : (
          <NoSession code={lost} busy={reading} onAgain={read} />
        )}
      </>
    )
  if (!session)
    return (
      <main className="screen" aria-busy="true" aria-label={say('loading')}>
        <span className="spinner first" />
      </main>
    )

  const client = session.client.name
  const go = (work: (to: Api) => Promise<CaptureSession>): void => {
    void act(work).then((done) => done && setPage(null))
  }
  const failureOf = (of: Action): { title: string; body: string } | null => {
    const code = failures[of]
    return code === undefined ? null : failureText(code, of, words)
  }
  /** What another document was refused for is over with it. */
  const choose = async (choice: CaptureChoice): Promise<void> => {
    if (!(await act((to) => to.choose(choice)))) return
    forget('photo')
    setPage(null)
  }

  const takeSide = (side: CaptureSide) => {
    const before = sidesOf(session)[sidesOf(session).indexOf(side) - 1]
    return (
      <TakePhoto
        key={`${side} ${session.attempt}`}
        side={side}
        session={session}
        step={stepNumber(session, side)}
        busy={busy}
        refusal={refusalOf(side)}
        failure={failureOf('photo')}
        saved={session.sides[side].state === 'accepted'}
        onUse={(photo, source, frames) => void use(side, photo, source, frames)}
        onDismiss={() => dismiss(side)}
        onKeep={() => setPage(null)}
        // Back is always to what came before, except that a picture taken again from the last screen leads back there.
        onBack={() => setPage(session.step === 'submit' ? null : (before ?? 'choice'))}
        onOtherDocument={() => setPage('choice')}
        onAlternative={() => setPage('alternative')}
        extra={
          side === 'front' &&
          session.demonstration && (
            <Button kind="link" data-testid="open-specimen" onClick={() => setPage('specimen')}>
              {say('specimen.open')}
            </Button>
          )
        }
      />
    )
  }

  const isOver = session.step === 'ended' || session.step === 'checking'
  const isFollowing = session.device === 'following'
  /** The person wants to leave, and the verifier does not hear of it. Over a check that goes on without them there is nothing to tell. */
  const isLeaving = failures.leave !== undefined && !isOver && !isFollowing
  const takeBack = (): void => {
    go((to) => to.takeBack())
    setHandingOver(false)
  }
  const leave = (): void => {
    const because = trouble.current
    void act((to) => to.cancel(because), 'leave')
  }
  const current: Page | CaptureSession['step'] = isOver ? session.step : (page ?? session.step)
  const content = (() => {
    if (isFollowing && !isOver) return <Following session={session} busy={busy} onTakeBack={takeBack} />
    if (isHandingOver && !isOver) return <ShowCode api={api} client={client} onStay={takeBack} />
    if (current === 'retake') return takeSide(session.retake?.side ?? 'front')
    if (isSide(current)) return takeSide(current)
    switch (current) {
      case 'specimen':
        // A specimen is one of the kind that was chosen.
        if (!session.choice) return takeSide('front')
        return (
          <MakeSpecimen
            api={api}
            client={client}
            type={session.choice.type}
            busy={busy}
            failure={failureOf('photo')?.body ?? null}
            onUse={(sides) => void sendSpecimen(sides)}
            onBack={() => {
              forget('photo')
              setPage('front')
            }}
          />
        )
      case 'alternative':
        return (
          <Alternative
            client={client}
            busy={busy}
            onYes={() => go((to) => to.alternative())}
            onNo={() => setPage(null)}
          />
        )
      case 'consent':
        return (
          <Start
            session={session}
            busy={busy}
            onAgree={() => go((to) => to.consent())}
            onAlternative={() => setPage('alternative')}
          />
        )
      case 'choice':
        return (
          <Choice
            session={session}
            busy={busy}
            onChoose={(choice) => void choose(choice)}
            // It is the first question: only who came from the last screen, or from a refusal, has something to go back to.
            onBack={session.step === 'submit' || session.step === 'retake' ? () => setPage(null) : undefined}
          />
        )
      case 'movement':
        return (
          <MovementCheck
            // Another try or another selfie begins anew.
            key={`movement ${session.attempt}`}
            api={api}
            session={session}
            step={stepNumber(session, 'movement')}
            busy={busy}
            onAnswer={take}
            onOver={read}
            onSkip={() => go((to) => to.skipMovement())}
            onBack={() => setPage('selfie')}
            onAlternative={() => setPage('alternative')}
          />
        )
      case 'submit':
        return (
          <Submit
            session={session}
            busy={busy}
            onSubmit={() =>
              go(async (to) => {
                await framesSent()
                return to.submit()
              })
            }
            onRetake={setPage}
            onBack={() => setPage('choice')}
          />
        )
      case 'checking':
        return <Checking session={session} />
      case 'ended':
        return <Ended session={session} />
    }
  })()

  return (
    <HandOverContext value={isOver || isFollowing ? null : () => setHandingOver(true)}>
      <TopBar session={session} onCancel={leave} />
      <OfflineBar />
      {!isFollowing && (
        <StayDialog
          session={session}
          endsAtMs={endsAtMs}
          failure={failureOf('stay')?.body ?? null}
          onStay={() => void act((to) => to.stay(), 'stay')}
          onOver={read}
        />
      )}
      {isLeaving && <Unreachable session={session} busy={busy} onAgain={leave} onGoOn={() => forget('leave')} />}
      {/* Out of sight, not gone: what was not sent yet is there for whoever goes on after all. */}
      <div className="content" hidden={isLeaving}>
        {failures.page && (
          <div className="wide">
            <Note alert>{failureOf('page')?.body}</Note>
          </div>
        )}
        <TroubleContext value={trouble}>
          <CoveredContext value={isLeaving}>
            <PageFault key={isOver ? 'over' : 'open'} instead={<BrokenPage client={client} />}>
              {content}
            </PageFault>
          </CoveredContext>
        </TroubleContext>
      </div>
    </HandOverContext>
  )
}
