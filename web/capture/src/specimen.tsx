import type { CaptureChoice, SpecimenOrder } from '@veridoor/contract'
import { useEffect, useState } from 'react'
import { documentKindOf } from '../../../contract/src/documents/index.ts'
import type { Api } from './api.ts'
import { Button, Note, Screen, useChooser } from './controls.tsx'
import { useCamera, waitingLabel } from './use-camera.ts'
import type { WordKey } from './words/en.ts'
import { useWords } from './words/words.tsx'

/** A picture small enough to travel as text, upright as the browser shows it. */
const toBase64 = async (file: Blob): Promise<string> => {
  const bitmap = await createImageBitmap(file)
  const scale = Math.min(1, 1000 / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(bitmap.width * scale)
  canvas.height = Math.round(bitmap.height * scale)
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  return canvas.toDataURL('image/jpeg', 0.92).split(',')[1] ?? ''
}

/** Pictures of both sides; a passport has one. */
export type Specimen = { readonly front: Blob; readonly back: Blob | null }

const toPicture = (base64: string): Blob =>
  new Blob([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], { type: 'image/png' })

/** Demonstration only: a document of Utopia, of the kind that was chosen, with the visitor's own picture, which then goes through the real checks. */
export const MakeSpecimen = ({
  api,
  client,
  type,
  busy: isSending,
  failure,
  onUse,
  onBack,
}: {
  api: Api
  client: string
  type: CaptureChoice['type']
  busy: boolean
  /** Why the specimen was not sent, in words; it stays on the screen. */
  failure: string | null
  onUse: (specimen: Specimen) => void
  onBack: () => void
}) => {
  const { say, sentence } = useWords()
  const camera = useCamera('user')
  const [fields, setFields] = useState({
    surname: '',
    givenNames: '',
    number: '',
    dateOfBirth: '1990-12-10',
    expiry: '2031-04-15',
    sex: 'X' as SpecimenOrder['sex'],
  })
  /** A JPEG in base64. */
  const [portrait, setPortrait] = useState<string | null>(null)
  const [made, setMade] = useState<Specimen | null>(null)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)

  const takePicture = async (file: Blob): Promise<void> => {
    try {
      setPortrait(await toBase64(file))
      setFault(null)
    } catch {
      setFault(sentence('file_not_usable').body)
    }
  }
  const make = async (): Promise<void> => {
    if (!portrait) return setFault(say('specimen.portraitMissing'))
    camera.turnOff()
    setBusy(true)
    setFault(null)
    try {
      const { front, back } = await api.specimen({
        ...fields,
        number: fields.number.toUpperCase().replace(/[^A-Z0-9]/g, ''),
        portrait,
      })
      setMade({ front: toPicture(front), back: back === null ? null : toPicture(back) })
    } catch {
      setFault(say('specimen.fieldsWrong', { n: documentKindOf(type).specimenNumberLength }))
    } finally {
      setBusy(false)
    }
  }
  const chooser = useChooser('upload-portrait', (file) => {
    camera.turnOff()
    void takePicture(file)
  })
  const { state } = camera
  const field = (name: keyof typeof fields & string, label: WordKey, type = 'text') => (
    <label className="field">
      <span>{say(label)}</span>
      <input
        type={type}
        name={name}
        value={fields[name]}
        maxLength={39}
        onChange={(event) => setFields({ ...fields, [name]: event.currentTarget.value })}
      />
    </label>
  )

  if (made)
    return (
      <Screen
        title={say('specimen.done')}
        client={client}
        footer={
          <>
            <Button data-testid="use-specimen" disabled={isSending} onClick={() => onUse(made)}>
              {say(isSending ? 'sending' : 'specimen.use')}
            </Button>
            <Button kind="second" onClick={() => setMade(null)}>
              {say('specimen.edit')}
            </Button>
          </>
        }
      >
        {failure && <Note alert>{failure}</Note>}
        <Side picture={made.front} name={say(`picture.front.${type}`)} file="specimen-front.png" />
        {made.back && <Side picture={made.back} name={say(`picture.back.${type}`)} file="specimen-back.png" />}
      </Screen>
    )
  return (
    <Screen
      title={say('specimen.title', { document: say(`type.${type}`) })}
      client={client}
      footer={
        <>
          <Button data-testid="make-specimen" disabled={busy} onClick={() => void make()}>
            {say(busy ? 'sending' : 'specimen.make')}
          </Button>
          <Button kind="link" onClick={onBack}>
            {say('back')}
          </Button>
        </>
      }
    >
      <p>
        {say('specimen.body')} {say('specimen.same')}
      </p>
      {fault && (
        <p className="note warn" role="alert">
          {fault}
        </p>
      )}
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault()
          void make()
        }}
      >
        {field('givenNames', 'specimen.givenNames')}
        {field('surname', 'specimen.surname')}
        {field('number', 'specimen.number')}
        {field('dateOfBirth', 'specimen.dateOfBirth', 'date')}
        {field('expiry', 'specimen.expiry', 'date')}
        <label className="field">
          <span>{say('specimen.sex')}</span>
          <select
            value={fields.sex}
            onChange={(event) => setFields({ ...fields, sex: event.currentTarget.value as SpecimenOrder['sex'] })}
          >
            <option>F</option>
            <option>M</option>
            <option>X</option>
          </select>
        </label>
        <fieldset className="field">
          <legend>{say('specimen.portrait')}</legend>
          {state === 'on' ? (
            <>
              <video ref={camera.video} playsInline muted className="mirrored small" />
              <Button
                kind="second"
                onClick={() =>
                  void camera.shoot().then((blob) => {
                    camera.turnOff()
                    if (blob) void takePicture(blob)
                  })
                }
              >
                {say('camera.shutter')}
              </Button>
            </>
          ) : (
            <>
              {state !== 'off' && state !== 'asking' && state !== 'slow' && (
                <Note alert icon="camera">
                  <strong>{say(`fault.${state}.title`)}</strong>
                </Note>
              )}
              {portrait && (
                <img className="portrait" src={`data:image/jpeg;base64,${portrait}`} alt={say('specimen.portrait')} />
              )}
              <div className="row">
                <Button kind="second" disabled={state === 'asking'} onClick={camera.turnOn}>
                  {say(waitingLabel(state) ?? 'specimen.webcam')}
                </Button>
                <Button kind="second" onClick={chooser.open}>
                  {say('specimen.file')}
                </Button>
              </div>
            </>
          )}
          {chooser.input}
        </fieldset>
      </form>
    </Screen>
  )
}

/** One side, to look at and to keep. */
const Side = ({ picture, name, file }: { picture: Blob; name: string; file: string }) => {
  const { say } = useWords()
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    const made = URL.createObjectURL(picture)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [picture])
  return (
    url && (
      <figure className="side">
        <img className="photo" src={url} alt={name} />
        <figcaption>
          <span>{name}</span>
          <a className="button link" href={url} download={file} aria-label={`${say('specimen.download')}: ${name}`}>
            {say('specimen.download')}
          </a>
        </figcaption>
      </figure>
    )
  )
}
