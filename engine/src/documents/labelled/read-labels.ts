import type { Field, FieldName, Fields } from '../../findings.ts'
import type { Slant } from '../../pictures/geometry.ts'
import { months, normalize, type PlacedLine, type Viz } from '../../viz/confirm.ts'
import { labels } from '../../viz/labels.ts'
import { type Sides, sidesOf } from '../sides/sides.ts'

/** The words by which a page calls itself an identity card, normalized. */
const cardWords = [
  'IDENTITYCARD',
  'IDCARD',
  'CARTEDIDENTITE',
  'CARTENATIONALE',
  'PERSONALAUSWEIS',
  'IDENTITATSAUSWEIS',
  'CARTADIDENTITA',
  'CARTADIIDENTITA',
  'DOCUMENTONACIONALDEIDENTIDAD',
  'IDENTITEITSKAART',
  'BILHETEDEIDENTIDADE',
  'CEDULADEIDENTIDAD',
]

/** The page calls itself an identity card, and not a passport. */
export const saysIdCard = (zone: Viz): boolean => {
  const lines = zone.lines.map(normalize)
  return (
    lines.some((line) => cardWords.some((word) => line.includes(word))) &&
    !lines.some((line) => /PASSPORT|PASSEPORT|REISEPASS|PASAPORTE/.test(line))
  )
}

/** The words by which a page calls itself a driving licence, normalized; `normalize` loses letters with a stroke through them. */
const licenceWords = [
  'DRIVINGLICENCE',
  'DRIVINGLICENSE',
  'DRIVERLICENSE',
  'DRIVERSLICENSE',
  'DRIVERSLICENCE',
  'FUHRERSCHEIN',
  'FUEHRERSCHEIN',
  'PERMISDECONDUIRE',
  'PERMISODECONDUCCION',
  'LICENCIADECONDUCIR',
  'PATENTEDIGUIDA',
  'CARTADECONDUCAO',
  'RIJBEWIJS',
  'PRAWOJAZDY',
  'KORKORT',
  'KREKORT',
  'KOREKORT',
  'FRERKORT',
  'FORERKORT',
  'AJOKORTTI',
  'RIDICSKYPRUKAZ',
  'VODICSKYPREUKAZ',
  'VOZNISKODOVOLJENJE',
  'VOZACKADOZVOLA',
  'PERMISDECONDUCERE',
  'VEZETOIENGEDELY',
  'JUHILUBA',
  'VADITAJAAPLIECIBA',
  'VAIRUOTOJOPAZYMEJIMAS',
]

/** The page calls itself a driving licence. */
export const saysLicence = (zone: Viz): boolean =>
  zone.lines.map(normalize).some((line) => licenceWords.some((word) => line.includes(word)))

/** A printed date with a four-digit year as `YYYY-MM-DD`, day before month; undefined for other text. */
const toDate = (text: string): string | undefined => {
  const normalized = normalize(text)
  const [, day, month, year] = /^(\d{2})(\d{2}|[A-Z]{3,9})(\d{4})$/.exec(normalized) ?? []
  if (!day || !month || !year) return undefined
  const index = /^\d/.test(month) ? Number(month) : months.findIndex((names) => names.includes(month)) + 1
  const date = `${year}-${String(index).padStart(2, '0')}-${day}`
  const made = new Date(`${date}T00:00:00Z`)
  return Number.isNaN(made.getTime()) || made.toISOString().slice(0, 10) !== date ? undefined : date
}

const labelOf = (text: string): FieldName | undefined => {
  const normalized = normalize(text)
  return labels.find(([, words]) => words.some((word) => normalized.startsWith(word)))?.[0]
}

/** The line below a label: it begins at the same position, at most three label heights below. */
const under = (label: Slant, lines: readonly PlacedLine[]): PlacedLine | undefined =>
  lines
    .filter(({ text, box }) => {
      const below = box.cy - label.cy
      const start = Math.abs(box.cx - box.length / 2 - (label.cx - label.length / 2))
      return (
        below > label.height * 0.4 &&
        below < label.height * 3 &&
        start < label.height * 2 &&
        labelOf(text) === undefined
      )
    })
    .sort((a, b) => a.box.cy - b.box.cy)[0]

/**
 * What a page says under its labels, of an upright picture. One reading of the print and nothing that vouches for it: never sure.
 */
export const readLabelled = (zone: Viz): Partial<Record<FieldName, { value: string; confidence: number }>> => {
  const out: Partial<Record<FieldName, { value: string; confidence: number }>> = {}
  for (const { text, box } of zone.placed) {
    const name = labelOf(text)
    const line = name && !out[name] ? under(box, zone.placed) : undefined
    if (!name || !line) continue
    const value =
      name === 'dateOfBirth' || name === 'expiry'
        ? toDate(line.text)
        : name === 'number'
          ? normalize(line.text)
          : line.text.toUpperCase().trim()
    if (value) out[name] = { value, confidence: line.confidence }
  }
  return out
}

/** What the labels of the print say where nothing else does: one reading, never sure. */
export const printedOnly = (sides: Sides, known: Fields): Fields => {
  const out: Partial<Record<FieldName, Field>> = {}
  for (const [side, { viz }] of sidesOf(sides))
    for (const [name, { value, confidence }] of Object.entries(readLabelled(viz)) as [
      FieldName,
      { value: string; confidence: number },
    ][])
      if (!known[name] && !out[name])
        out[name] = {
          value,
          confidence: Math.round(confidence * 1000) / 1000,
          sources: ['visual'],
          side,
          shownOn: side,
          sure: false,
          unsure: ['one_source'],
        }
  return out
}
