import { createHash } from 'node:crypto'
import type { Specimen, SpecimenType } from './specimen.ts'

const surnames = [
  'Lovelace',
  'Müller-Åström',
  'Nguyễn',
  'O’Brien',
  'García López',
  'Łukasiewicz',
  'Ó Súilleabháin',
  'Ødegård',
  'Weiß',
  'Dubois',
  'Kowalska',
  'Ivanova',
  'Al Rashid',
  'van der Berg',
  'Çelik',
  'Horváth',
  'Papadopoulou',
  'Li',
  'Okonkwo',
  'Sørensen',
  'Bianchi',
  'Novák',
  'Þórsdóttir',
  'Zimmermann',
  'Ilić',
]
const givenNames = [
  'Ada',
  'Jörg Øyvind',
  'Thị Minh Khai',
  'Seán',
  'María José',
  'Zofia',
  'Anna Maria',
  'Bo',
  'Chloé',
  'Ibrahim',
  'Olga',
  'Li',
  'Jean-Luc',
  'Björk',
  'Émile',
  'Amélie Sophie',
  'Quentin',
  'Ole',
  'Iris',
  'Bilal',
]
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** Characters that look similar are frequent here, because readers confuse them. */
const symbols = `${letters}0123456789O0I1S5B8Z2G6`

/**
 * A made-up person by seed, the same one each time. Nobody's data: names and numbers are drawn from lists.
 * @param type the kind of document that the number has to fit
 */
export const madeUpPerson = (seed: number, type: SpecimenType = 'passport'): Specimen => {
  let drawn = 0
  const draw = (below: number): number => {
    drawn += 1
    return createHash('sha256').update(`${seed}:${drawn}`).digest().readUInt32BE() % below
  }
  const pick = <T>(from: ArrayLike<T>): T => from[draw(from.length)] as T
  const two = (value: number): string => String(value).padStart(2, '0')
  const surname = pick(surnames)
  const given = pick(givenNames)
  const dateOfBirth = `${1945 + draw(60)}-${two(1 + draw(12))}-${two(1 + draw(28))}`
  const expiry = `${2027 + draw(9)}-${two(1 + draw(12))}-${two(1 + draw(28))}`
  const sex = pick(['F', 'M', 'X'] as const)
  const first = pick(letters)
  const mixed = (count: number): string => Array.from({ length: count }, () => pick(symbols)).join('')
  // One in three is as hard to read as can be; the others are letters and digits as most states give them.
  const number = first + (draw(3) === 0 ? mixed(8) : String(10_000_000 + draw(90_000_000)))
  const person = { surname, givenNames: given, number, dateOfBirth, expiry, sex }
  switch (type) {
    case 'id-card-france':
      return {
        ...person,
        number: `${two(10 + draw(11))}${two(1 + draw(12))}${two(1 + draw(95))}${draw(10)}${String(draw(100_000)).padStart(5, '0')}`,
        sex: sex === 'X' ? 'F' : sex,
      }
    case 'id-card':
      return {
        ...person,
        number: draw(4) === 0 ? number + mixed(3) : number,
        ...(draw(3) === 0 ? { personalNumber: mixed(8) } : {}),
        ...(draw(3) === 0 ? { optionalData: mixed(6) } : {}),
      }
    case 'id-card-td2':
      return draw(4) === 0
        ? { ...person, number: number + mixed(2) }
        : { ...person, ...(draw(3) === 0 ? { personalNumber: mixed(5) } : {}) }
    default:
      return person
  }
}
