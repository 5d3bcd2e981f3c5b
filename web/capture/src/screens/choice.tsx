import type { CaptureChoice, CaptureSession } from '@veridoor/contract'
import { useMemo, useState } from 'react'
import { documentKindOf } from '../../../../contract/src/documents/index.ts'
import { Button, Note, Screen } from '../controls.tsx'
import { CountryField } from '../country-field.tsx'
import { countryName, countryOfLocale } from '../documents/countries.ts'
import { localNameOf } from '../documents/names.ts'
import { stepNumber } from '../steps.ts'
import { useWords } from '../words/words.tsx'

/** What was chosen or asked for, else the specimens' state in a demonstration, else the country of the browser's setting. */
const likelyCountry = (session: CaptureSession, codes: readonly string[]): string | null => {
  const guess =
    session.choice?.country ??
    session.preset?.country ??
    (session.demonstration ? 'UTO' : countryOfLocale(navigator.language))
  return guess && codes.includes(guess) ? guess : codes.length === 1 ? (codes[0] ?? null) : null
}

/** Countries up to which a list of them is read rather than searched. */
const LIST = 12

/** What the company takes, where it does not take everything; specimens are for trying the page out. */
const Taken = ({ session }: { session: CaptureSession }) => {
  const { say, language } = useWords()
  const real = session.documents.filter(({ country }) => country !== 'UTO')
  const countries = [...new Set(real.map(({ country }) => country))]
  const kinds = [...new Set(real.map(({ type }) => type))]
  const listed = (words: readonly string[]): string => new Intl.ListFormat(language, { type: 'unit' }).format(words)
  if (real.length === 0 || (countries.length > LIST && kinds.length === 3)) return null
  const client = session.client.name
  return (
    <Note icon="passport" testId="taken">
      <p>{say('choice.taken', { client, documents: listed(kinds.map((kind) => say(`type.${kind}`))) })}</p>
      {countries.length <= LIST && (
        <p>{say('choice.takenFrom', { countries: listed(countries.map((code) => countryName(code, language))) })}</p>
      )}
    </Note>
  )
}

export const Choice = ({
  session,
  busy,
  onChoose,
  onBack,
}: {
  session: CaptureSession
  busy: boolean
  onChoose: (choice: CaptureChoice) => void
  onBack?: (() => void) | undefined
}) => {
  const { say } = useWords()
  const codes = useMemo(() => [...new Set(session.documents.map(({ country }) => country))], [session.documents])
  const [country, setCountry] = useState(() => likelyCountry(session, codes))
  const [wished, setWished] = useState<CaptureChoice['type'] | null>((session.choice ?? session.preset)?.type ?? null)
  const [asked, setAsked] = useState(false)
  const [none, setNone] = useState(false)
  const documents = session.documents.filter((document) => document.country === country)
  const type = (documents.find((document) => document.type === wished) ?? documents[0])?.type
  return (
    <Screen
      title={say('choice.title')}
      step={stepNumber(session, 'choice')}
      client={session.client.name}
      onBack={onBack}
      footer={
        <>
          {asked && !type && <Note alert>{say('choice.countryMissing')}</Note>}
          <Button
            data-testid="choose"
            disabled={busy}
            onClick={() => (country && type ? onChoose({ country, type }) : setAsked(true))}
          >
            {say('choice.button')}
          </Button>
          <Button kind="link" aria-expanded={none} onClick={() => setNone(!none)}>
            {say('choice.none')}
          </Button>
          {none && (
            <p className="note" role="status">
              {say('choice.noneBody', { client: session.client.name })}
            </p>
          )}
        </>
      }
    >
      <Taken session={session} />
      <CountryField codes={codes} value={country} onChoose={setCountry} />
      {country && (
        <fieldset className="field">
          <legend>{say('choice.type')}</legend>
          {documents.map((document) => {
            const kind = say(`type.${document.type}`)
            const local = localNameOf(document.country, document.type)
            return (
              <label className="tick boxed" key={document.type}>
                <input
                  type="radio"
                  name="type"
                  checked={document.type === type}
                  onChange={() => setWished(document.type)}
                />
                <span>
                  <strong>
                    <bdi>{local ?? kind}</bdi>
                  </strong>
                  <br />
                  <span className="muted">
                    {local && local !== kind ? `${kind} · ` : ''}
                    {say(
                      documentKindOf(document.type).shape === 'page'
                        ? 'choice.page'
                        : document.sides.length > 1
                          ? 'choice.both'
                          : 'choice.front',
                    )}
                  </span>
                </span>
              </label>
            )
          })}
        </fieldset>
      )}
    </Screen>
  )
}
