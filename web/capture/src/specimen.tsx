import type { SpecimenOrder } from '@veridoor/contract'
import { useState } from 'react'
import type { Api } from './api.ts'
import { Button, Screen, Upload } from './parts.tsx'
import { useCamera } from './use-camera.ts'
import { sentenceOf, words } from './words.ts'

const w = words.demonstration

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
  onUse,
  onBack,
}: {
  api: Api
  client: string
  onUse: (page: Blob) => void
  onBack: () => void
}) => {
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
      setFault(sentenceOf('file_not_usable').body)
    }
  }
  const make = async (): Promise<void> => {
    if (!portrait) return setFault(`${w.portrait}: ${w.file}`)
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
      setFault('Check the fields: names and a number of up to nine letters and digits.')
    } finally {
      setBusy(false)
    }
  }
  const field = (name: keyof typeof fields, label: string, type = 'text') => (
    <label className="field">
      <span>{label}</span>
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
        title={w.title}
        client={client}
        footer={
          <>
            <Button data-testid="use-specimen" onClick={() => onUse(page.blob)}>
              {w.use}
            </Button>
            <a className="button second" href={page.url} download="specimen-passport.png">
              {w.download}
            </a>
          </>
        }
      >
        <img className="photo" src={page.url} alt={w.title} />
      </Screen>
    )
  return (
    <Screen
      title={w.title}
      client={client}
      footer={
        <>
          <Button data-testid="make-specimen" disabled={busy} onClick={() => void make()}>
            {busy ? words.check.sending : w.make2}
          </Button>
          <Button kind="link" onClick={onBack}>
            {words.back}
          </Button>
        </>
      }
    >
      <p>{w.note}</p>
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
        {field('givenNames', w.given)}
        {field('surname', w.surname)}
        {field('number', w.number)}
        {field('dateOfBirth', w.birth, 'date')}
        {field('expiry', w.expiry, 'date')}
        <label className="field">
          <span>{w.sex}</span>
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
          <legend>{w.portrait}</legend>
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
                {words.camera.shutter}
              </Button>
            </>
          ) : (
            <>
              {portrait && <img className="portrait" src={portrait.url} alt={w.portrait} />}
              <div className="row">
                <Button kind="second" onClick={camera.turnOn}>
                  {w.take}
                </Button>
                <Upload label={w.file} testId="upload-portrait" onFile={(file) => void takePicture(file)} />
              </div>
            </>
          )}
        </fieldset>
      </form>
    </Screen>
  )
}
