import { documentTypes } from '@veridoor/contract'
import { enabledFields, keepsUrlRules, locales, workflowIds } from '@veridoor/jumio'
import { isAcceptedBy, issuingStates, offerable } from '../session/accepted.ts'
import { type Client, livenessModes } from '../session/schema.ts'

/** What an operator sets for an API client: in the portal, or by environment at the first start. */
export type ClientSettings = Pick<
  Client,
  | 'name'
  | 'color'
  | 'logoUrl'
  | 'callbackUrl'
  | 'successUrl'
  | 'errorUrl'
  | 'workflowId'
  | 'locale'
  | 'liveness'
  | 'tokenLifetimeMinutes'
  | 'retentionDays'
  | 'acceptedCountries'
  | 'acceptedTypes'
  | 'enabledFields'
  | 'masking'
  | 'findRepeatedFaces'
  | 'findRepeatedPictures'
  | 'startsPerSecond'
>
/** A setting of a client, as forms and the environment are asked for it. */
export type SettingName = keyof ClientSettings

/** As a form or the environment gives them: text, empty where nothing is set. */
export type GivenSettings = Partial<Record<SettingName, string>>

/** What holds where a client sets nothing. */
export const defaultSettings: ClientSettings = {
  name: 'Veridoor',
  color: null,
  logoUrl: null,
  callbackUrl: null,
  successUrl: null,
  errorUrl: null,
  workflowId: 200,
  locale: null,
  liveness: 'required',
  tokenLifetimeMinutes: 30,
  retentionDays: 30,
  acceptedCountries: null,
  acceptedTypes: null,
  enabledFields: null,
  masking: false,
  findRepeatedFaces: false,
  findRepeatedPictures: true,
  startsPerSecond: 50,
}

/** A locale of the wire; clients of the field write `en_GB` too. */
export const knownLocale = (asked: string | undefined): string | undefined =>
  locales.find((known) => known.toLowerCase() === asked?.replace('_', '-').toLowerCase())

const wholeNumber = (text: string, least: number, most: number): number | undefined => {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : undefined
}

/** Words separated by spaces or commas; undefined when one is not among the known. */
const wordsOf = (text: string, known: readonly string[], fold: (word: string) => string): string[] | undefined => {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  const found = words.map(fold)
  return found.every((word) => known.includes(word)) ? [...new Set(found)] : undefined
}

/** What stands in a field of its own when nothing is wrong with it, and what to do otherwise. Undefined refuses. */
type Reader<N extends SettingName> = {
  readonly read: (text: string) => ClientSettings[N] | undefined
  readonly sentence: string
}

const address = (
  maxLength: number,
  allowLoopback: boolean,
): Reader<'callbackUrl'> & Reader<'successUrl'> & Reader<'errorUrl'> => ({
  read: (text) => (keepsUrlRules(text, { maxLength, allowLoopback }) ? text : undefined),
  sentence:
    'Use an https address of your own domain, without a port, a fragment, or a parameter that is added on return.',
})

const onOrOff: Reader<'masking'> & Reader<'findRepeatedFaces'> & Reader<'findRepeatedPictures'> = {
  read: (text) => (text === 'on' ? true : text === 'off' ? false : undefined),
  sentence: 'Use on or off.',
}

const readers = (allowLoopback: boolean): { [N in SettingName]: Reader<N> } => ({
  name: {
    read: (text) => (text.length <= 60 && !text.includes('\0') ? text : undefined),
    sentence: 'Use a name of up to 60 characters. People see it during the check.',
  },
  color: {
    read: (text) => (/^#[0-9a-f]{6}$/i.test(text) ? text.toLowerCase() : undefined),
    sentence: 'Use a colour such as #0b5a6b.',
  },
  logoUrl: {
    read: (text) => (URL.canParse(text) && /^https:\/\/[\x21-\x7e]{1,240}$/.test(text) ? text : undefined),
    sentence: 'Use an address that begins with https://.',
  },
  callbackUrl: address(255, allowLoopback),
  successUrl: address(2047, allowLoopback),
  errorUrl: address(255, allowLoopback),
  workflowId: {
    read: (text) => workflowIds.find((id) => String(id) === text),
    sentence: `Use one of ${workflowIds.join(', ')}.`,
  },
  locale: { read: (text) => knownLocale(text), sentence: 'Use a language tag such as en, de or pt-BR.' },
  liveness: {
    read: (text) => livenessModes.find((mode) => mode === text),
    sentence: `Use ${livenessModes.join(', ')}.`,
  },
  tokenLifetimeMinutes: {
    read: (text) => wholeNumber(text, 5, 86_400),
    sentence: 'Use whole minutes from 5 to 86400.',
  },
  retentionDays: { read: (text) => wholeNumber(text, 1, 3650), sentence: 'Use whole days from 1 to 3650.' },
  acceptedCountries: {
    read: (text) => wordsOf(text, issuingStates, (word) => word.toUpperCase()),
    sentence: 'Use three-letter codes of countries, such as AUT DEU FRA.',
  },
  acceptedTypes: {
    read: (text) => wordsOf(text, documentTypes, (word) => word.toUpperCase()),
    sentence: `Use ${documentTypes.join(', ')}.`,
  },
  enabledFields: {
    read: (text) => wordsOf(text, enabledFields, (word) => word),
    sentence: `Use names of ${enabledFields.join(', ')}.`,
  },
  masking: onOrOff,
  findRepeatedFaces: onOrOff,
  findRepeatedPictures: onOrOff,
  startsPerSecond: {
    read: (text) => wholeNumber(text, 1, 10_000),
    sentence: 'Use a whole number from 1 to 10000.',
  },
})

/** By setting that cannot be used a sentence that says what to do; what is fine is absent. */
export type SettingFaults = Partial<Record<SettingName, string>>

/**
 * Reads settings from text; what is empty gets its default.
 * @returns the settings, and for each that cannot be used a sentence that says what to do
 */
export const readClientSettings = (
  given: GivenSettings,
  options: { allowLoopback: boolean },
): { settings: ClientSettings; faults: SettingFaults } => {
  const faults: SettingFaults = {}
  const known = readers(options.allowLoopback)
  const one = <N extends SettingName>(name: N): ClientSettings[N] => {
    const text = (given[name] ?? '').trim()
    if (text === '') return defaultSettings[name]
    const value = known[name].read(text)
    if (value === undefined) faults[name] = known[name].sentence
    return value ?? defaultSettings[name]
  }
  const settings: ClientSettings = {
    name: one('name'),
    color: one('color'),
    logoUrl: one('logoUrl'),
    callbackUrl: one('callbackUrl'),
    successUrl: one('successUrl'),
    errorUrl: one('errorUrl'),
    workflowId: one('workflowId'),
    locale: one('locale'),
    liveness: one('liveness'),
    tokenLifetimeMinutes: one('tokenLifetimeMinutes'),
    retentionDays: one('retentionDays'),
    acceptedCountries: one('acceptedCountries'),
    acceptedTypes: one('acceptedTypes'),
    enabledFields: one('enabledFields'),
    masking: one('masking'),
    findRepeatedFaces: one('findRepeatedFaces'),
    findRepeatedPictures: one('findRepeatedPictures'),
    startsPerSecond: one('startsPerSecond'),
  }
  // A page that offers nothing helps nobody.
  if (!offerable(false).some((entry) => isAcceptedBy(settings, entry) === 'yes'))
    faults.acceptedCountries ??= 'No document of the kinds below is read of these countries. Take more of either.'
  return { settings, faults }
}
