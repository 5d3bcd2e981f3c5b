import type { AamvaRecord } from './parse.ts'

/**
 * Made-up records in the forms that issuers and scanners write: 72 over the versions 1 to 11. The people and numbers are invented; the
 * forms were seen in public test suites of licence readers.
 */
export type RecordForm = {
  readonly form: string
  readonly text: string
  readonly expected: Partial<AamvaRecord>
}

const ines = {
  lastName: 'MARLOW',
  givenNames: ['INES', 'ROSA'],
  suffix: null,
  number: 'M4401973',
  dateOfBirth: '1985-03-09',
  expiry: '2031-03-09',
  sex: 'F',
} as const satisfies Partial<AamvaRecord>

const american = ['DBA03092031', 'DBB03091985', 'DBD03092023', 'DBC2']
const yearFirst = ['DBA20310309', 'DBB19850309', 'DBD20230309', 'DBC2']
const address = ['DAG12 ELM ST', 'DAIANYTOWN', 'DAJVA', 'DAK230010000  ']

type Frame = {
  readonly issuer?: string
  readonly version?: string
  readonly before?: string
  readonly type?: string
  readonly directory?: string
  readonly name?: string
  readonly between?: string
  readonly behind?: string
}

/** A record by its parts, each of which an issuer may write otherwise. */
const written = (elements: readonly string[], frame: Frame = {}): string => {
  const version = frame.version ?? '08'
  const own = Number(version) < 2 ? '' : '00'
  return [
    frame.before ?? '@\n\x1e\r',
    frame.type ?? 'ANSI ',
    frame.issuer ?? '636000',
    version,
    own,
    frame.directory ?? '01DL00410278',
    frame.name ?? 'DL',
    elements.join(frame.between ?? '\n'),
    frame.behind ?? '\r',
  ].join('')
}

const four = ['DAQM4401973', 'DCSMARLOW', 'DDEN', 'DACINES', 'DDFN', 'DADROSA', 'DDGN', ...american, ...address]
const three = ['DAQM4401973', 'DCSMARLOW', 'DCTINES ROSA', ...american, ...address]
const one = ['DAQM4401973', 'DAAMARLOW,INES,ROSA', ...yearFirst, ...address]

const ofVersions: RecordForm[] = [
  { form: 'version 1, one name element', text: written(one, { version: '01' }), expected: { ...ines, version: 1 } },
  {
    form: 'version 1, separate name elements',
    text: written(['DAQM4401973', 'DABMARLOW', 'DACINES', 'DADROSA', ...yearFirst], { version: '01' }),
    expected: { ...ines, version: 1 },
  },
  ...['02', '03'].map((version) => ({
    form: `version ${version}, given names in one element`,
    text: written(three, { version }),
    expected: { ...ines, version: Number(version) },
  })),
  ...['04', '05', '06', '07', '08', '09', '10', '11'].map((version) => ({
    form: `version ${version}`,
    text: written(four, { version }),
    expected: { ...ines, version: Number(version) },
  })),
]

const header = (form: string, before: string, more: Partial<RecordForm['expected']> = {}): RecordForm => ({
  form: `header ${form}`,
  text: written(four, { before }),
  expected: { ...ines, ...more },
})

const headers: RecordForm[] = [
  header('without compliance indicator', ''),
  header('without separators', '@'),
  header('with two line feeds', '@\n\n'),
  header('with a line feed alone', '@\n'),
  header('with CRLF pairs', '@\r\n\x1e\r\n'),
  header('without a record separator', '@\n\r'),
  header('with a file separator', '@\n\x1c\r'),
  header('with a group separator', '@\n\x1d\r'),
  header('behind a blank', ' @\n\x1e\r'),
  header('behind line ends', '\r\n\r\n@\n\x1e\r'),
  header('typed by a keyboard scanner', '@\n6M'),
  header('typed with an accented letter', '@\nÜM'),
  header('with a letter in place of the separators', '@a\n'),
  header('with letters in place of all separators', '@ac'),
  header('with a zero byte', '@\n\x00\x1e\r'),
  header('with a letter before the file type', '@\n\x1e\rM'),
  header('behind a byte order mark', 'ï»¿@\n\x1e\r'),
  {
    form: 'header of type AAMVA, version 1',
    text: written(one, { version: '01', type: 'AAMVA', name: '' }),
    expected: { ...ines, version: 1 },
  },
  {
    form: 'header of type AAMVA, typed',
    text: written(one, { version: '01', type: 'AAMVA', name: '', before: '@\n6' }),
    expected: { ...ines, version: 1 },
  },
  {
    form: 'header of type AAMVA with the subfile name',
    text: written(one, { version: '01', type: 'AAMVA' }),
    expected: { ...ines, version: 1 },
  },
  { form: 'header of type ANSI without a blank', text: written(four, { type: 'ANSI' }), expected: ines },
]

const bodies: RecordForm[] = [
  { form: 'line end behind the subfile name', text: written(four, { name: 'DL\n' }), expected: ines },
  { form: 'CRLF behind the subfile name', text: written(four, { name: 'DL\r\n' }), expected: ines },
  { form: 'no subfile name', text: written(four, { name: '' }), expected: ines },
  {
    form: 'no subfile name behind two directory entries',
    text: written(['DCAC', ...four], { directory: '02DL00410266ZW03070036', name: '' }),
    expected: ines,
  },
  { form: 'letters in place of offsets', text: written(four, { directory: '01DLabac' }), expected: ines },
  { form: 'offset zero', text: written(four, { directory: '01DL00000367' }), expected: ines },
  { form: 'wrong offset', text: written(four, { directory: '01DL99990001' }), expected: ines },
  { form: 'no directory', text: written(four, { directory: '01' }), expected: ines },
  { form: 'CR between elements', text: written(four, { between: '\r' }), expected: ines },
  { form: 'CRLF between elements', text: written(four, { between: '\r\n' }), expected: ines },
  { form: 'empty lines between elements', text: written(four, { between: '\n\n' }), expected: ines },
  { form: 'record separators between elements', text: written(four, { between: '\x1e' }), expected: ines },
  { form: 'pipes between elements', text: written(four, { before: '@||', between: '|', behind: '|' }), expected: ines },
  { form: 'no terminator', text: written(four, { behind: '' }), expected: ines },
  {
    form: 'a typed terminator behind the number',
    text: written([...four.slice(1), 'DAQM4401973'], { before: '@\n6M', behind: 'M' }),
    expected: ines,
  },
  {
    form: 'a typed terminator behind a date',
    text: written([...four.filter((line) => !line.startsWith('DBA')), 'DBA03092031'], { before: '@\nÜM', behind: 'M' }),
    expected: ines,
  },
  { form: 'filling behind', text: written(four, { behind: `\n${'8'.repeat(120)}` }), expected: ines },
  { form: 'unreadable bytes behind', text: written(four, { behind: '\r\x80\xff\x00\\928\\111' }), expected: ines },
  {
    form: 'a jurisdiction subfile behind',
    text: written(four, { directory: '02DL00410278ZV03190008', behind: '\rZVZVA01\rDCSNOT HERS\r' }),
    expected: ines,
  },
  {
    form: 'a jurisdiction subfile before',
    text: written(['ZCZCAY\rZCBCORR LENS\rDLDAQM4401973', ...four.slice(1)], {
      directory: '02ZC00410022DL00630256',
      name: '',
    }),
    expected: ines,
  },
  {
    form: 'jurisdiction elements that contain element names',
    text: written(['ZAZAADACNOT', 'ZABDCSHERS', ...four], { name: '', directory: '02ZA00310022DL00630256' }),
    expected: ines,
  },
  {
    form: 'an identity card',
    text: written(four, { directory: '01ID00310278', name: 'ID' }),
    expected: { ...ines, kind: 'ID_CARD' },
  },
  {
    form: 'an identity card behind a jurisdiction entry',
    text: written(four, { directory: '02ID00410228ZT02690036', name: 'ID' }),
    expected: { ...ines, kind: 'ID_CARD' },
  },
  { form: 'an enhanced licence', text: written(four, { directory: '01EN00310278', name: 'EN' }), expected: ines },
  {
    form: 'padded values',
    text: written(four.map((line) => line.padEnd(40))),
    expected: ines,
  },
]

const withNames = (
  form: string,
  elements: readonly string[],
  expected: Partial<AamvaRecord>,
  frame: Frame = {},
): RecordForm => ({
  form: `names ${form}`,
  text: written(['DAQM4401973', ...elements, ...american], frame),
  expected: { number: 'M4401973', dateOfBirth: '1985-03-09', expiry: '2031-03-09', ...expected },
})
const version1: Frame = { version: '01' }

const names: RecordForm[] = [
  withNames('with blanks in one element', ['DAAINES MARLOW'], { lastName: 'MARLOW', givenNames: ['INES'] }, version1),
  withNames(
    'with blanks and a middle name',
    ['DAAINES P MARLOW'],
    { lastName: 'MARLOW', givenNames: ['INES', 'P'] },
    version1,
  ),
  withNames(
    'with blanks and a suffix',
    ['DAAJOAO CARLOS MARLOW JR'],
    { lastName: 'MARLOW', givenNames: ['JOAO', 'CARLOS'], suffix: 'JR' },
    version1,
  ),
  withNames(
    'with commas and a suffix',
    ['DAAMARLOW,JOAO,,3RD'],
    { lastName: 'MARLOW', givenNames: ['JOAO'], suffix: '3RD' },
    version1,
  ),
  withNames(
    'with two middle names and a suffix',
    ['DAAMARLOW,JOAO,CARLOS LUIS,JR'],
    { lastName: 'MARLOW', givenNames: ['JOAO', 'CARLOS', 'LUIS'], suffix: 'JR' },
    version1,
  ),
  withNames(
    'with empty places',
    ['DAAMarlow,Ines, ,'],
    { lastName: 'Marlow', givenNames: ['Ines'], suffix: null },
    version1,
  ),
  withNames(
    'with a blank behind a comma',
    ['DAAMARLOW,INES, MIDLAND'],
    { lastName: 'MARLOW', givenNames: ['INES', 'MIDLAND'] },
    version1,
  ),
  withNames(
    'with dollar signs',
    ['DAAMARLOW$INES$ROSA'],
    { lastName: 'MARLOW', givenNames: ['INES', 'ROSA'] },
    version1,
  ),
  withNames(
    'given names first, as Colorado did',
    ['DAAINES,ROSA,MARLOW'],
    { lastName: 'MARLOW', givenNames: ['INES', 'ROSA'] },
    { ...version1, issuer: '636020' },
  ),
  withNames('in all elements at once', ['DCSMARLOW', 'DCTINES ROSA', 'DABMARLOW', 'DACINES', 'DADROSA'], {
    lastName: 'MARLOW',
    givenNames: ['INES', 'ROSA'],
  }),
  withNames('with a repeated middle name', ['DCSMARLOW', 'DCTINES ROSA', 'DADROSA'], { givenNames: ['INES', 'ROSA'] }),
  withNames('of somebody with one name twice', ['DCSMARLOW', 'DACJOHN', 'DADJOHN'], { givenNames: ['JOHN', 'JOHN'] }),
  withNames('with commas in the given names', ['DCSMARLOW,', 'DCTINES,ROSA'], {
    lastName: 'MARLOW',
    givenNames: ['INES', 'ROSA'],
  }),
  withNames('without a middle name', ['DCSMARLOW', 'DACINES', 'DADNONE', 'DCUNONE'], {
    givenNames: ['INES'],
    suffix: null,
  }),
  withNames('with an empty middle name', ['DCSMARLOW', 'DACINES', 'DAD', 'DCU'], {
    givenNames: ['INES'],
    suffix: null,
  }),
  withNames('with a suffix', ['DCSMARLOW', 'DACJOAO', 'DADC', 'DCUJR'], { givenNames: ['JOAO', 'C'], suffix: 'JR' }),
  ...['NULL', 'NONE', 'NA', 'UNK', 'NO', 'X', 'Null', 'None'].map((surname) =>
    withNames(`of somebody called ${surname}`, [`DCS${surname}`, 'DACNA', 'DADNO'], {
      lastName: surname,
      givenNames: ['NA', 'NO'],
    }),
  ),
  withNames(
    'of somebody called Null, version 1',
    ['DAANULL,NA,X'],
    { lastName: 'NULL', givenNames: ['NA', 'X'] },
    version1,
  ),
  withNames('without any given name', ['DCSMARLOW', 'DACNONE', 'DADNONE'], { lastName: 'MARLOW', givenNames: [] }),
  withNames('that are cut', ['DCSMARLOW', 'DDET', 'DACINES', 'DDFN', 'DADROSA', 'DDGT'], {
    truncated: { lastName: true, givenNames: true },
  }),
  withNames('that fill their element', [`DCS${'MARLOW'.repeat(7).slice(0, 40)}`, 'DDEU', 'DACINES'], {
    truncated: { lastName: true, givenNames: false },
  }),
]

const canada = { issuer: '636012', version: '03' }
const dates: RecordForm[] = [
  {
    form: 'Canadian dates',
    text: written(['DAQM4401973', 'DCSMARLOW,', 'DCTINES,ROSA', ...yearFirst, 'DCGCAN', 'DAJON'], canada),
    expected: { ...ines, country: 'CAN', state: 'ON', faults: [] },
  },
  {
    form: 'Canadian issuer with American dates',
    text: written(four, { issuer: '604426', version: '09' }),
    expected: { ...ines, country: 'CAN', state: 'PE' },
  },
  {
    form: 'Canadian record in two languages',
    text: written([...three, 'DCGCAN', 'ZNBNONE¿AUCUNE', 'DAYBLU¿BLE'], { issuer: '636017', version: '02' }),
    expected: { ...ines, country: 'CAN', state: 'NB' },
  },
  {
    form: 'American issuer with the year first',
    text: written(['DAQM4401973', 'DCSMARLOW', 'DACINES', 'DADROSA', ...yearFirst]),
    expected: ines,
  },
  {
    form: 'dates with slashes',
    text: written(['DAQM4401973', 'DCSMARLOW', 'DACINES', 'DADROSA', 'DBB03/09/1985', 'DBA03/09/2031', 'DBC2']),
    expected: ines,
  },
  {
    form: 'dates with dashes',
    text: written(['DAQM4401973', 'DCSMARLOW', 'DACINES', 'DADROSA', 'DBB1985-03-09', 'DBA2031-03-09', 'DBC2']),
    expected: ines,
  },
  {
    form: 'no expiry',
    text: written(['DAQM4401973', 'DCSMARLOW', 'DACINES', 'DADROSA', 'DBB03091985', 'DBA00000000', 'DBC2']),
    expected: { ...ines, expiry: null, faults: [] },
  },
  {
    form: 'an issuer on no list',
    text: written(['DAQM4401973', 'DCSMARLOW', 'DACINES', 'DADROSA', ...yearFirst], {
      issuer: '990876',
      version: '03',
    }),
    expected: { ...ines, country: null, faults: ['unknown_country'] },
  },
]

export const recordForms: readonly RecordForm[] = [...ofVersions, ...headers, ...bodies, ...names, ...dates]
