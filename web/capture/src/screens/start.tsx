import type { CaptureSession } from '@veridoor/contract'
import { useContext, useState } from 'react'
import { documentKindOf } from '../../../../contract/src/documents/index.ts'
import { Button, Icon, Note, Screen } from '../controls.tsx'
import { HandOverContext } from '../hand-over-context.ts'
import { useWords } from '../words/words.tsx'
import { isComputer } from './hand-over.tsx'

/** What is needed, what happens with it, and the agreement, before the first question of the browser. */
export const Start = ({
  session,
  busy,
  onAgree,
  onAlternative,
}: {
  session: CaptureSession
  busy: boolean
  onAgree: () => void
  onAlternative: () => void
}) => {
  const { say } = useWords()
  const [agreed, setAgreed] = useState(false)
  const [asked, setAsked] = useState(false)
  const handOver = useContext(HandOverContext)
  const client = session.client.name
  const onlyPassports = session.documents.every(({ type }) => documentKindOf(type).shape === 'page')
  return (
    <Screen
      title={say('start.title')}
      client={client}
      footer={
        <>
          {asked && !agreed && <Note alert>{say('start.agreeMissing')}</Note>}
          <Button data-testid="capture-start" disabled={busy} onClick={() => (agreed ? onAgree() : setAsked(true))}>
            {say('start.button')}
          </Button>
          {isComputer() && handOver && (
            <Button kind="second" data-testid="other-device" onClick={handOver}>
              {say('handOver.phone')}
            </Button>
          )}
          {session.faceRequired && (
            <Button kind="link" onClick={onAlternative}>
              {say('start.noSelfie')}
            </Button>
          )}
        </>
      }
    >
      <p className="lead">{say('start.body')}</p>
      {session.account && <p data-testid="account">{say('start.account', { reference: session.account, client })}</p>}
      <ul className="list">
        <li>
          <Icon name={onlyPassports ? 'passport' : 'card'} /> {say(onlyPassports ? 'start.passport' : 'start.id')}
        </li>
        <li>
          <Icon name="camera" /> {say('start.camera')}
        </li>
        {session.faceRequired && (
          <li>
            <Icon name="face" /> {say('start.face')}
          </li>
        )}
      </ul>
      <p>{say('start.retention', { days: session.retentionDays })}</p>
      <details className="how">
        <summary>{say('start.how')}</summary>
        <ul>
          <li>{say(session.faceRequired ? 'start.how.face' : 'start.how.document')}</li>
          {session.movement && <li>{say('start.how.movement')}</li>}
          <li>{say('start.how.who', { client })}</li>
          <li>{say('start.how.person')}</li>
          <li>{say('start.how.browser')}</li>
        </ul>
      </details>
      <label className="tick">
        <input type="checkbox" checked={agreed} onChange={(event) => setAgreed(event.currentTarget.checked)} />
        <span>{say(session.faceRequired ? 'start.agree' : 'start.agreeDocument')}</span>
      </label>
    </Screen>
  )
}

/** The way on for people who cannot or do not want to take a selfie: a person looks at the case. */
export const Alternative = ({
  client,
  busy,
  onYes,
  onNo,
}: {
  client: string
  busy: boolean
  onYes: () => void
  onNo: () => void
}) => {
  const { say } = useWords()
  return (
    <Screen
      title={say('alternative.title')}
      client={client}
      footer={
        <>
          <Button disabled={busy} onClick={onYes}>
            {say('alternative.yes')}
          </Button>
          <Button kind="second" onClick={onNo}>
            {say('alternative.no')}
          </Button>
        </>
      }
    >
      <p className="lead">{say('alternative.body')}</p>
      <p>{say('alternative.agree')}</p>
    </Screen>
  )
}
