import type { FieldName } from '../findings.ts'

/** What labels of the printed page say, normalized; both halves of bilingual labels occur, the longer ones are looked for first. */
export const labels: readonly (readonly [FieldName, readonly string[]])[] = [
  ['dateOfBirth', ['DATEOFBIRTH', 'DATEDENAISSANCE', 'GEBURTSDATUM', 'GEBURTSTAG', 'FECHADENACIMIENTO', 'NEELE']],
  [
    'expiry',
    ['DATEOFEXPIRY', 'EXPIRYDATE', 'VALIDUNTIL', 'DATEDEXPIRATION', 'GULTIGBIS', 'FECHADEVALIDEZ', 'SCADENZA'],
  ],
  ['number', ['DOCUMENTNO', 'CARDNO', 'IDNUMBER', 'DOCUMENTNUMBER', 'AUSWEISNUMMER', 'NUMERODELACARTE', 'NUMSOPORT']],
  ['firstName', ['GIVENNAMES', 'FORENAMES', 'FIRSTNAME', 'PRENOMS', 'VORNAMEN', 'NOMBRE', 'PRENOM']],
  ['nationality', ['NATIONALITY', 'NATIONALITE', 'STAATSANGEHORIGKEIT', 'NACIONALIDAD', 'CITTADINANZA']],
  ['lastName', ['SURNAME', 'LASTNAME', 'FAMILYNAME', 'FAMILIENNAME', 'NACHNAME', 'APELLIDOS', 'COGNOME']],
]

/** Labels before a value on the same line. Three letters at least, because many names begin with shorter ones. */
const before: readonly string[] = [
  ...labels.flatMap(([, words]) => words),
  'NAME',
  'NAMES',
  'NOM',
  'VORNAME',
  'APELLIDO',
  'GIVENNAME',
  'PASSPORTNO',
  'PASSPORTNR',
  'PASSNR',
  'PASSEPORTNO',
  'DOCUMENTNR',
  'LICENCENO',
  'LICENSENO',
  'DLN',
]

/** Whether this is a label, or several glued together, as the recogniser hands out `Surname / Nom`. Folded. */
export const isLabel = (text: string): boolean =>
  text !== '' && before.some((word) => text === word || (text.startsWith(word) && isLabel(text.slice(word.length))))
