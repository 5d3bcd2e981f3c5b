import { characterProblem, dropInvisible, isOneScript } from './characters.ts'

/** Full-width and half-width characters, which RFC 8265 maps to their usual forms (section 3.3.2, width mapping rule). */
const otherWidths = /[\u3000\uff01-\uffee]/g
/** Signs that mean something in the addresses of objects. */
const reservedSigns = /[/?:#&%=+;\\\s]/u

/**
 * The one form of a user name: profile UsernameCaseMapped of RFC 8265, section 3.3.2. Width mapping, lower case, Unicode
 * normalization form C. Spaces at the ends are dropped, since they come from pasting. Idempotent.
 */
export const canonicalUserName = (text: string): string =>
  text.length > 1000
    ? text
    : text
        .trim()
        .replace(otherWidths, (character) => character.normalize('NFKC'))
        .toLowerCase()
        .normalize('NFC')

/** A name as somebody types it to sign in, or a client to look it up: also without invisible characters. */
export const canonicalSignInName = (text: string): string => canonicalUserName(dropInvisible(text))

/** What the IdentifierClass of RFC 8264, section 4.2, allows: printable ASCII; letters, marks and digits without another form. */
const isIdentifierCharacter = (character: string): boolean =>
  /^[\x21-\x7e]$/.test(character) ||
  (/^[\p{Ll}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}]$/u.test(character) &&
    character.normalize('NFKC') === character &&
    !/^[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]$/.test(character))

const isRightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u

/** What is wrong with the name of an object in a path or address, as a sentence; undefined when nothing is. */
export const objectNameProblem = (name: string): string | undefined => {
  if (name.length > 1000) return undefined
  if (reservedSigns.test(name)) return 'Leave out spaces and the characters / \\ ? : # & % = + ;.'
  if (/^\.{1,2}$/.test(name)) return 'A name cannot be only dots.'
  if (dropInvisible(name) !== name) return 'Remove the invisible characters.'
  return characterProblem(name) ?? (isOneScript(name) ? undefined : 'Use the letters of one alphabet.')
}

/** What is wrong with a canonical user name, as a sentence; undefined when nothing is (RFC 8265, section 3.3; UTS 39, 5.2). */
export const userNameProblem = (name: string): string | undefined => {
  if (name.length > 1000) return undefined
  if (name.includes('@')) return 'Leave out the character @.'
  const problem = objectNameProblem(name)
  if (problem) return problem
  if (![...name].every(isIdentifierCharacter)) return 'Use letters, digits and simple signs like - _ . only.'
  // The Bidi Rule (RFC 5893, section 2): no left-to-right letters beside right-to-left ones.
  if (isRightToLeft.test(name) && (/[a-z]/.test(name) || !isRightToLeft.test(name.at(0) ?? '')))
    return 'Use the letters of one alphabet.'
  return /^\p{M}/u.test(name) ? 'Begin with a letter or a digit.' : undefined
}

/** Letters of Cyrillic, Greek and Armenian, and the Latin letters that they look like, in lower case (UTS 39, confusables). */
const similar = [...'аеорсухіјѕԁһԛԝӏвнкмтпгьαεορτυνκιηχγωսոօհց']
const latin = [...'aeopcyxijsdhqwlbhkmtnrbaeoptuvkinxywunohg']
const lookAlikes = new Map(similar.map((letter, index) => [letter, latin[index] ?? letter]))
/** What a name looks like at a glance: look-alike letters and digits as one, without signs. Not a name by itself. */
export const appearanceOf = (name: string): string =>
  [...canonicalUserName(name)]
    .map((letter) => lookAlikes.get(letter) ?? letter)
    .join('')
    .normalize('NFKD')
    .replace(/[\p{M}\p{P}\p{S}]/gu, '')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replace(/[1i]/g, 'l')
    .replaceAll('0', 'o')

/** Names by which people would take somebody for the operator. Only administrators give them (`RFC 2142` has the mailboxes). */
const reserved = new Set(
  [
    'admin',
    'administrator',
    'administrators',
    'root',
    'superuser',
    'sysadmin',
    'system',
    'operator',
    'owner',
    'moderator',
    'support',
    'helpdesk',
    'help',
    'security',
    'abuse',
    'postmaster',
    'hostmaster',
    'webmaster',
    'noreply',
    'official',
    'veridoor',
    'verifier',
    'builtin',
    'everyone',
    'anonymous',
    'null',
    'undefined',
  ].map(appearanceOf),
)
/** Whether a name is, or looks like, one that only an administrator may give. */
export const isReservedName = (name: string): boolean => reserved.has(appearanceOf(name))
