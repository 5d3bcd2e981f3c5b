import type { SpecimenOrder } from '@veridoor/contract'
import { useState } from 'react'
import type { Api } from './api.ts'
import { Button, Screen, Upload } from './parts.tsx'
import { useCamera } from './use-camera.ts'
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
  return canvas.toDataURL('image/jpeg', 0.92).split(',')[1] ?? ''
}

/** Demonstration only: a passport of Utopia with the visitor's own picture, which then goes through the real checks. */
export const MakeSpecimen = ({
  api,
  client,
  busy: isSending,
  onUse,
  onBack,
}: {
  api: Api
  client: string
  busy: boolean
  onUse: (page: Blob) => void
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
  const [portrait, setPortrait] = useState<{ text: string; url: string } | null>(null)
  const [page, setPage] = useState<{ blob: Blob; url: string } | null>(null)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)

  const takePicture = async (file: Blob): Promise<void> => {
    try {
      setPortrait({ text: await toBase64(file), url: URL.createObjectURL(file) })
      setFault(null)
    } catch {
      setFault(sentence('file_not_usable').body)
    }
  }
  const make = async (): Promise<void> => {
    if (!portrait) return setFault(say('specimen.portraitMissing'))
    setBusy(true)
    setFault(null)
    try {
      const blob = await api.specimen({
        ...fields,
        number: fields.number.toUpperCase().replace(/[^A-Z0-9]/g, ''),
        portrait: portrait.text,
      })
      setPage({ blob, url: URL.createObjectURL(blob) })
    } catch {
      setFault(say('specimen.fieldsWrong'))
    } finally {
      setBusy(false)
    }
  }
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

  if (page)
    return (
      <Screen
        title={say('specimen.done')}
        client={client}
        footer={
          <>
            <Button data-testid="use-specimen" disabled={isSending} onClick={() => onUse(page.blob)}>
              {say('specimen.use')}
            </Button>
            <a className="button second" href={page.url} download="specimen-passport.png">
              {say('specimen.download')}
            </a>
            <Button kind="link" onClick={() => setPage(null)}>
              {say('specimen.edit')}
            </Button>
          </>
        }
      >
        <img className="photo" src={page.url} alt={say('specimen.done')} />
      </Screen>
    )
  return (
    <Screen
      title={say('specimen.title')}
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
          {camera.state === 'on' ? (
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
              {portrait && <img className="portrait" src={portrait.url} alt={say('specimen.portrait')} />}
              <div className="row">
                <Button kind="second" onClick={camera.turnOn}>
                  {say('specimen.webcam')}
                </Button>
                <Upload
                  label={say('specimen.file')}
                  testId="upload-portrait"
                  onFile={(file) => void takePicture(file)}
                />
              </div>
            </>
          )}
        </fieldset>
      </form>
    </Screen>
  )
}
