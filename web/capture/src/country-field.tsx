import { useCallback, useId, useMemo, useState } from 'react'
import { countryName, normalizeText, searchTexts } from './documents/countries.ts'
import { useWords } from './words/words.tsx'

/** Choosing one of two hundred countries by typing, by arrows or by pointing (the ARIA combobox pattern). */
export const CountryField = ({
  codes,
  value,
  onChoose,
}: {
  codes: readonly string[]
  value: string | null
  onChoose: (code: string) => void
}) => {
  const { say, language } = useWords()
  const id = useId()
  const [typed, setTyped] = useState<string | null>(null)
  const [active, setActive] = useState(0)
  const nameOf = useCallback(
    (code: string): string => (code === 'UTO' ? say('country.UTO') : countryName(code, language)),
    [say, language],
  )

  const all = useMemo(
    () =>
      codes
        .map((code) => ({
          code,
          name: nameOf(code),
          texts: [...searchTexts(code, language), normalizeText(nameOf(code))],
        }))
        .sort((a, b) => Number(b.code === 'UTO') - Number(a.code === 'UTO') || a.name.localeCompare(b.name, language)),
    [codes, language, nameOf],
  )
  const wanted = normalizeText(typed ?? '')
  const found = all.filter(({ texts }) => texts.some((text) => text.includes(wanted)))
  const isOpen = typed !== null
  const choose = (code: string | undefined): void => {
    if (!code) return
    onChoose(code)
    setTyped(null)
  }
  const moveTo = (to: number): void => {
    const at = Math.max(0, Math.min(found.length - 1, to))
    setActive(at)
    document.getElementById(`${id}-${found[at]?.code}`)?.scrollIntoView({ block: 'nearest' })
  }

  return (
    <div className="field combobox">
      <label htmlFor={id}>{say('choice.country')}</label>
      <input
        id={id}
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && found[active] ? `${id}-${found[active].code}` : undefined}
        autoComplete="off"
        placeholder={say('choice.search')}
        value={typed ?? (value ? nameOf(value) : '')}
        onFocus={(event) => event.currentTarget.select()}
        onClick={() => {
          setTyped('')
          setActive(
            Math.max(
              0,
              all.findIndex(({ code }) => code === value),
            ),
          )
        }}
        onBlur={() => setTyped(null)}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setActive(0)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setTyped(null)
          else if (event.key === 'Enter' && isOpen) choose(found[active]?.code)
          else if (event.key === 'ArrowDown') isOpen ? moveTo(active + 1) : setTyped('')
          else if (event.key === 'ArrowUp') moveTo(active - 1)
          else return
          event.preventDefault()
        }}
      />
      {isOpen && (
        <div role="listbox" id={`${id}-list`} aria-label={say('choice.country')} className="options">
          {found.map(({ code, name }, at) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the input, aria-activedescendant points here
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the input
            <div
              key={code}
              id={`${id}-${code}`}
              role="option"
              aria-selected={code === value}
              className={at === active ? 'active' : ''}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(code)}
            >
              {name}
            </div>
          ))}
          {found.length === 0 && <p className="muted">{say('choice.noMatch')}</p>}
        </div>
      )}
      <span className="visually-hidden" aria-live="polite">
        {isOpen && typed ? say('choice.matches', { n: found.length }) : ''}
      </span>
    </div>
  )
}
