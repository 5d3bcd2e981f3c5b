import type { Movement as Asked, CaptureSession, MovementAnswer } from '@veridoor/contract'
import { useEffect, useRef, useState } from 'react'
import type { Api } from './api.ts'
import { CameraFaults } from './camera-faults.tsx'
import { Button, Icon, Note, OtherDevice, Screen, type Step, usePageTitle, useWholeWindow } from './controls.tsx'
import { useHint } from './guidance/use-hint.ts'
import { useTrouble } from './trouble.ts'
import { type Camera, useCamera, waitingLabel } from './use-camera.ts'
import { type Movement, type Stop, useMovement } from './use-movement.ts'
import type { WordKey } from './words/en.ts'
import { useWords } from './words/words.tsx'

/** Share of a step after which the person is asked to come back, once so many frames have caught the movement: on a slow connection they are few. */
const BACK_AT = 0.6
const CAUGHT = 2

/** Milliseconds that the movements wait for a face in its place; then they begin all the same. */
const PLACE_MS = 5_000

/** An arrow on the oval; the picture is a mirror, so the own left is on the left of the screen. */
const arrows: Record<Asked, string> = {
  centre: '',
  turn_left: 'M60 44 24 60l36 16',
  turn_right: 'M60 44l36 16-36 16',
  look_up: 'M44 60 60 24l16 36',
  look_down: 'M44 60l16 36 16-36',
  closer: 'M30 48V30h18M90 48V30H72M30 72v18h18M90 72v18H72',
}

const Arrow = ({ movement }: { movement: Asked }) => (
  <svg className={`arrow ${movement}`} viewBox="0 0 120 120" aria-hidden="true">
    <path className="edge" d={arrows[movement]} />
    <path d={arrows[movement]} />
  </svg>
)

const stopWords: Record<Stop, WordKey> = {
  camera: 'move.stopped.camera',
  offline: 'move.stopped.offline',
  over: 'move.stopped.over',
  busy: 'error.BUSY',
  fast: 'error.SLOW_DOWN',
  ours: 'move.stopped.ours',
  often: 'move.stopped.often',
}

/** The movement of a step, its time, and how far that is gone. */
const useTold = (movement: Movement) => {
  const [share, setShare] = useState(0)
  const [stepMs, sinceMs] = movement.at === 'moving' ? [movement.challenge.stepMs, movement.sinceMs] : [1, null]
  useEffect(() => {
    if (sinceMs === null) return
    const show = (): void => setShare(Math.min(1, (performance.now() - sinceMs) / stepMs))
    show()
    const timer = setInterval(show, 100)
    return () => clearInterval(timer)
  }, [sinceMs, stepMs])
  if (movement.at !== 'moving') return null
  const { challenge, caught } = movement
  const isBack = challenge.movement !== 'centre' && share >= BACK_AT && caught >= CAUGHT
  return { challenge, share, isBack, now: isBack ? ('centre' as const) : challenge.movement }
}

/** The camera's picture, and over it one thing to do, large, with its arrow and the time that is left for it. */
const Stage = ({
  camera,
  client,
  step,
  movement,
  onPlaced,
  onStop,
}: {
  camera: Camera
  client: string
  step: Step
  movement: Movement
  /** The face is in its place, or has had its time to get there. */
  onPlaced: () => void
  onStop: () => void
}) => {
  const { say } = useWords()
  const heading = useRef<HTMLHeadingElement>(null)
  const guide = useRef<HTMLDivElement>(null)
  const isTaking = useRef(false)
  const told = useTold(movement)
  const hint = useHint({ video: camera.video, guide, sight: told ? 'moving' : 'selfie', onTake: null, isTaking })
  usePageTitle(say('move.title'), client, step)
  useWholeWindow()
  useEffect(() => heading.current?.focus(), [])
  const isPlacing = movement.at === 'ready'
  const placed = useRef(onPlaced)
  placed.current = onPlaced
  useEffect(() => {
    if (!isPlacing) return
    const timer = setTimeout(() => placed.current(), PLACE_MS)
    return () => clearTimeout(timer)
  }, [isPlacing])
  useEffect(() => {
    if (isPlacing && hint === 'good') placed.current()
  }, [isPlacing, hint])
  const advice = hint === 'good' || hint === 'selfie' ? null : say(`hint.${hint}`)
  const text = !told
    ? (advice ?? say('move.ready'))
    : say(told.isBack && told.challenge.movement === 'closer' ? 'move.back' : `move.${told.now}`)
  return (
    <main className="camera moving" data-testid="moving" data-movement={told?.challenge.movement} data-now={told?.now}>
      <h1 className="visually-hidden" ref={heading} tabIndex={-1}>
        {say('move.title')}
      </h1>
      <video ref={camera.video} playsInline muted className="mirrored" />
      <div ref={guide} className="guide selfie" aria-hidden="true">
        {told && <Arrow movement={told.now} />}
      </div>
      <div className="asked">
        {told && <p className="step">{say('move.place', { n: told.challenge.step + 1, of: told.challenge.steps })}</p>}
        <p className="told" aria-hidden="true">
          {text}
        </p>
        {told && (
          <p className="advice" aria-live="polite">
            {advice}
          </p>
        )}
        {told && <progress aria-label={say('move.time')} max={1} value={told.share} />}
        <Button kind="link" onClick={onStop}>
          {say('move.stop')}
        </Button>
      </div>
      <p className="visually-hidden" aria-live="assertive">
        {text}
      </p>
    </main>
  )
}

/** A short check of movements that the verifier chooses: what to expect, the movements, and what became of them. */
export const MovementCheck = ({
  api,
  session,
  step,
  busy,
  onAnswer,
  onOver,
  onSkip,
  onBack,
  onAlternative,
}: {
  api: Api
  session: CaptureSession
  step: Step
  busy: boolean
  /** The check moved on. */
  onAnswer: (session: CaptureSession) => void
  /** Nothing can be shown here any more: ask where the check stands. */
  onOver: () => Promise<void>
  onSkip: () => void
  onBack: () => void
  onAlternative: () => void
}) => {
  const { say } = useWords()
  const camera = useCamera('user')
  const { movement, start, reset } = useMovement(api, camera, onOver)
  const [slow, setSlow] = useState(false)
  const [wanted, setWanted] = useState(false)
  const client = session.client.name
  const answer = movement.at === 'answered' ? movement.answer : null
  const isPassed = answer?.passed === true || answer?.session.step === 'checking'
  useTrouble(answer?.passed === false || movement.at === 'stopped' ? 'movement_failed' : null)

  useEffect(() => {
    if (isPassed && answer) onAnswer(answer.session)
  }, [isPassed, answer, onAnswer])
  const startOnce = (): void => {
    if (!wanted) return
    setWanted(false)
    void start(slow)
  }

  const begin = (withMoreTime: boolean): void => {
    reset()
    setSlow(withMoreTime)
    setWanted(true)
    camera.turnOn()
  }
  const end = (): void => {
    reset()
    setWanted(false)
    camera.turnOff()
  }
  const { state } = camera
  if (movement.at === 'moving' || movement.at === 'starting' || (state === 'on' && movement.at === 'ready'))
    return <Stage camera={camera} client={client} step={step} movement={movement} onPlaced={startOnce} onStop={end} />
  if (movement.at === 'judging' || isPassed)
    return (
      <Screen title={say('move.judging')} step={step} client={client}>
        <p className="lead" role="status">
          <span className="spinner" aria-hidden="true" /> {say('move.judgingBody')}
        </p>
      </Screen>
    )
  if (movement.at === 'ready' && state !== 'off' && state !== 'asking' && state !== 'slow' && state !== 'on')
    return (
      <CameraFaults
        fault={state}
        name={camera.faultName}
        client={client}
        step={step}
        upload={null}
        onAgain={() => begin(slow)}
        onAlternative={onAlternative}
        onBack={camera.turnOff}
      />
    )

  const triesLeft = answer?.session.movement?.triesLeft ?? session.movement?.triesLeft ?? 0
  const isAgain = answer !== null || movement.at === 'stopped'
  // There are no movements any more for who began them so often: the other ways stay.
  const isUp = movement.at === 'stopped' && movement.why === 'often'
  const cannot = (
    <Button kind={isUp ? 'main' : 'link'} data-testid="no-movement" onClick={onAlternative}>
      {say('move.cannot')}
    </Button>
  )
  const others = (
    <>
      {isUp && cannot}
      {!isUp && (
        <Button kind="second" data-testid="more-time" disabled={state === 'asking'} onClick={() => begin(true)}>
          {say('move.moreTime')}
        </Button>
      )}
      {session.movement?.required === false && (
        <Button kind="link" data-testid="skip-movement" disabled={busy} onClick={onSkip}>
          {say('move.skip')}
        </Button>
      )}
      {!isUp && cannot}
      <OtherDevice kind="link" />
    </>
  )
  if (isAgain)
    return (
      <Screen
        title={say(answer ? 'move.failed' : 'move.stopped')}
        step={step}
        client={client}
        footer={
          <>
            {!isUp && (
              <Button data-testid="move-again" disabled={state === 'asking'} onClick={() => begin(slow)}>
                {say(waitingLabel(state) ?? 'again')}
              </Button>
            )}
            {others}
          </>
        }
      >
        <Note alert testId="movement-reason">
          <p>{answer ? <Why answer={answer} /> : movement.at === 'stopped' && say(stopWords[movement.why])}</p>
          {answer && <p>{say('retake.tries', { n: triesLeft })}</p>}
        </Note>
        {!isUp && <p className="lead">{say('move.advice')}</p>}
      </Screen>
    )
  return (
    <Screen
      title={say('move.title')}
      step={step}
      client={client}
      onBack={onBack}
      footer={
        <>
          <Button data-testid="movement-start" disabled={state === 'asking'} onClick={() => begin(false)}>
            {say(waitingLabel(state) ?? 'move.start')}
          </Button>
          {others}
        </>
      }
    >
      <div className="picture movement" aria-hidden="true">
        <Icon name="face" size={96} />
        <Arrow movement="turn_left" />
        <Arrow movement="turn_right" />
      </div>
      <p className="lead">{say('move.body')}</p>
      <ul className="list">
        <li>
          <Icon name="sun" /> {say('move.light')}
        </li>
        <li>
          <Icon name="clock" /> {say('move.pace')}
        </li>
        <li>
          <Icon name="lock" /> {say('move.kept')}
        </li>
      </ul>
      {state === 'slow' && (
        <Note alert icon="camera">
          {say('camera.waitingBody')}
        </Note>
      )}
    </Screen>
  )
}

/** What the person can do better, by the judge's word. */
const Why = ({ answer }: { answer: MovementAnswer }) => {
  const { say } = useWords()
  if (answer.why === 'not_seen' && answer.movement)
    return <>{say('move.why.not_seen_one', { movement: say(`move.${answer.movement}`) })}</>
  return <>{say(`move.why.${answer.why ?? 'unsure'}`)}</>
}
