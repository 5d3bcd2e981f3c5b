import type { CapturePart, CaptureSession, CaptureTrouble } from '@veridoor/contract'
import { useRef, useState } from 'react'
import type { Api } from './api.ts'
import { OfflineBar, PlainBar, StayDialog, TopBar } from './frame.tsx'
import { HandOverContext } from './hand-over-context.ts'
import { MovementCheck } from './movement.tsx'
import { PageFault } from './page-fault.tsx'
import { Button, Note } from './parts.tsx'
import { Choice } from './screens/choice.tsx'
import { Following } from './screens/following.tsx'
import { ShowCode } from './screens/hand-over.tsx'
import { BrokenPage, Checking, Ended, NoSession, Submit, Unreachable } from './screens/last.tsx'
import { Alternative, Start } from './screens/start.tsx'
import { MakeSpecimen, type Specimen } from './specimen.tsx'
import { partsOf, stepNumber } from './steps.ts'
import { type Refusal, TakePhoto } from './take-photo.tsx'
import { TroubleContext } from './trouble.ts'
import { useSession } from './use-session.ts'
import { useWords, type Words } from './words/words.tsx'

type Side = 'specimen' | 'alternative' | 'choice' | CapturePart

/** Milliseconds that sending for checking waits for frames on a slow line. */
const FRAMES_MS = 5_000
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const isPart = (side: Side | CaptureSession['step']): side is CapturePart =>
  side === 'front' || side === 'back' || side === 'selfie'

const failureText = (code: string, { say, sentence }: Words): { title: string; body: string } => {
  if (code === 'OFFLINE') return sentence('upload_failed')
  return { title: say('again'), body: say(code === 'SLOW_DOWN' || code === 'BUSY' ? `error.${code}` : 'error.other') }
}

/** The check from the agreement to the end; the server says which step is next, the person may step aside from it. */
export const App = ({ api }: { api: Api }) => {
  const words = useWords()
  const { say, sentence } = words
  const [isHandingOver, setHandingOver] = useState(false)
  const { session, lost, busy, failure, refused, read, take, act, send, forget } = useSession(api, isHandingOver)
  const [side, setSide] = useState<Side | null>(null)
  const [seen, setSeen] = useState<string | null>(null)
  const framesOnTheWay = useRef<Promise<unknown>>(Promise.resolve())
  const trouble = useRef<CaptureTrouble | null>(null)
  const [isLeaving, setLeaving] = useState(false)

  if (lost)
    return (
      <>
        <PlainBar />
        {lost === 'offline' && session ? (
          <Unreachable session={session} onAgain={read} />
        ) : (
          <NoSession code={lost} onAgain={read} />
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
    void act(work).then((done) => done && setSide(null))
  }
  /** The server asks for one picture again, or refused the last one; told until the person goes on from there. */
  const refusalOf = (part: CapturePart): Refusal | null => {
    const { state, code: told } = session.parts[part]
    const code =
      refused?.part === part
        ? refused.code
        : session.retake?.part === part
          ? session.retake.code
          : state === 'retake'
            ? told
            : null
    if (!code || seen === `${part} ${session.attempt}`) return null
    const type = say(`type.${session.choice?.type ?? 'PASSPORT'}`)
    const documents = session.documents
      .filter(({ country }) => country === session.choice?.country)
      .map((document) => say(`type.${document.type}`))
      .join(', ')
    const fields = say('retake.fields')
    const values = { document: type, fields, side: say(part === 'back' ? 'side.back' : 'side.front'), documents }
    return { code, ...sentence(code, values) }
  }
  const dismiss = (part: CapturePart): void => {
    if (refusalOf(part)) setSeen(`${part} ${session.attempt}`)
    forget()
  }
  const use = async (
    part: CapturePart,
    photo: Blob,
    source: 'camera' | 'upload',
    frames: readonly Blob[] = [],
  ): Promise<void> => {
    const answer = await send(part, photo, source)
    if (answer === 'accepted') {
      setSide(null)
      // They help the reading and hold nobody up.
      framesOnTheWay.current = Promise.all([framesOnTheWay.current, api.sendFrames(part, frames)])
    }
    // The same reason may come again, and then it is news.
    if (answer !== 'failed') setSeen(null)
  }

  /** One side after the other; a side that is refused is asked for as any other. */
  const sendSpecimen = async ({ front, back }: Specimen): Promise<void> => {
    if ((await send('front', front, 'upload')) === 'accepted' && back) await send('back', back, 'upload')
    setSeen(null)
    setSide(null)
  }

  const takePart = (part: CapturePart) => {
    const before = partsOf(session)[partsOf(session).indexOf(part) - 1]
    return (
      <TakePhoto
        key={`${part} ${session.attempt}`}
        part={part}
        session={session}
        step={stepNumber(session, part)}
        busy={busy}
        refusal={refusalOf(part)}
        failure={failure ? failureText(failure, words) : null}
        saved={session.parts[part].state === 'accepted'}
        onUse={(photo, source, frames) => void use(part, photo, source, frames)}
        onDismiss={() => dismiss(part)}
        onBack={() => setSide(side ? null : (before ?? 'choice'))}
        onOtherDocument={() => setSide('choice')}
        onAlternative={() => setSide('alternative')}
        extra={
          part === 'front' &&
          session.demonstration && (
            <Button kind="link" data-testid="open-specimen" onClick={() => setSide('specimen')}>
              {say('specimen.open')}
            </Button>
          )
        }
      />
    )
  }

  const isOver = session.step === 'ended' || session.step === 'checking'
  const isFollowing = session.device === 'following'
  const takeBack = (): void => {
    go((to) => to.takeBack())
    setHandingOver(false)
  }
  const leave = (): void => {
    const because = trouble.current
    setLeaving(true)
    void act((to) => to.cancel(because)).then((done) => done && setLeaving(false))
  }
  const at: Side | CaptureSession['step'] = isOver ? session.step : (side ?? session.step)
  const content = (() => {
    if (isLeaving && failure)
      return (
        <Unreachable
          session={session}
          onAgain={() => {
            setLeaving(false)
            forget()
          }}
        />
      )
    if (isFollowing && !isOver) return <Following session={session} busy={busy} onTakeBack={takeBack} />
    if (isHandingOver && !isOver) return <ShowCode api={api} client={client} onStay={takeBack} />
    if (at === 'retake') return takePart(session.retake?.part ?? 'front')
    if (isPart(at)) return takePart(at)
    switch (at) {
      case 'specimen':
        return (
          <MakeSpecimen
            api={api}
            client={client}
            type={session.choice?.type ?? 'PASSPORT'}
            busy={busy}
            onUse={(sides) => void sendSpecimen(sides)}
            onBack={() => setSide(null)}
          />
        )
      case 'alternative':
        return <Alternative client={client} onYes={() => go((to) => to.alternative())} onNo={() => setSide(null)} />
      case 'consent':
        return (
          <Start
            session={session}
            onAgree={() => go((to) => to.consent())}
            onAlternative={() => setSide('alternative')}
          />
        )
      case 'choice':
        return (
          <Choice
            session={session}
            onChoose={(choice) => go((to) => to.choose(choice))}
            onBack={side ? () => setSide(null) : undefined}
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
            onAnswer={take}
            onOver={read}
            onSkip={() => go((to) => to.skipMovement())}
            onBack={() => setSide('selfie')}
            onAlternative={() => setSide('alternative')}
          />
        )
      case 'submit':
        return (
          <Submit
            session={session}
            busy={busy}
            onSubmit={() =>
              go(async (to) => {
                await Promise.race([framesOnTheWay.current, wait(FRAMES_MS)])
                return to.submit()
              })
            }
            onRetake={setSide}
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
      {!isFollowing && <StayDialog session={session} onStay={() => go((to) => to.stay())} onOver={read} />}
      {failure && !isLeaving && !isPart(at) && at !== 'retake' && (
        <div className="wide">
          <Note alert>{failureText(failure, words).body}</Note>
        </div>
      )}
      <TroubleContext value={trouble}>
        <PageFault instead={<BrokenPage client={client} />}>{content}</PageFault>
      </TroubleContext>
    </HandOverContext>
  )
}
