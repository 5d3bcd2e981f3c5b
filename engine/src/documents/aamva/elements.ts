/**
 * Splits the text of an AAMVA bar code into its elements (DL/ID Card Design Standard, annex D.12). Issuers and scanners write the
 * frame in many ways, so nothing depends on the separators of the header or on the offsets of its directory.
 */
export type Elements = {
  /** Issuer identification number, six digits. */
  readonly issuer: string
  /** Version of the standard, 1 to 11; 0 where the header has none. */
  readonly version: number
  readonly subfile: 'DL' | 'ID'
  /** Values by element identifier, trimmed. An element that is present and empty has an empty value; of two the first counts. */
  readonly values: ReadonlyMap<string, string>
}

/** Characters that are read: a PDF417 symbol holds 1,850 characters of text at most (ISO/IEC 15438). */
const MAX_CHARACTERS = 4096
/** Characters before which the file type stands: compliance indicator, separators, and what keyboard scanners add. */
const MAX_HEADER = 40
const FILE_TYPE = /(?:ANSI|AAMVA)\s{0,2}(\d{6})(\d{2})?/i
/** A directory entry: subfile type, offset and length. Some issuers leave digits out. */
const DIRECTORY_ENTRY = /^\s*(DL|ID|EN|Z[A-Z])(?:\d{8}|[0-9a-z]{1,8})/
const SUBFILE_NAME = /^\s*(DL|ID|EN)(?=\s*(?:D[A-D][A-Z]|$))/
const ELEMENT = /^(D[A-D][A-Z])(.*)$/s
/** Jurisdictions that replaced control characters by a visible one put it behind the compliance indicator. */
const VISIBLE_SEPARATOR = /^\s*@([|;^~$%&#!])/
/** A keyboard scanner types the segment terminator (Ctrl-M) as the letter. */
const TYPED_TERMINATOR = /M\s*$/

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** The record's lines: control characters separate elements, whichever of them an issuer uses. */
const linesOf = (body: string, visible: string | undefined): string[] =>
  body.split(new RegExp(`[\\u0000-\\u001f${visible ? escaped(visible) : ''}]+`, 'u'))

/**
 * The elements of a bar code's text, Latin-1.
 *
 * @returns null for text that does not begin as a record of this standard
 */
export const elementsOf = (text: string): Elements | null => {
  const bounded = text.slice(0, MAX_CHARACTERS)
  const header = FILE_TYPE.exec(bounded.slice(0, MAX_HEADER + 16))
  if (!header || header.index > MAX_HEADER) return null
  const [fileType, issuer = '', version] = header
  const before = bounded.slice(0, header.index)
  const [first = '', ...more] = linesOf(
    bounded.slice(header.index + fileType.length),
    VISIBLE_SEPARATOR.exec(before)?.[1],
  )
  // Version 1 has the count of subfiles next, later ones the issuer's own version before it.
  let rest = first.replace(/^\s*\d{0,4}/, '')
  let subfile: Elements['subfile'] | undefined
  for (let entry = DIRECTORY_ENTRY.exec(rest); entry; entry = DIRECTORY_ENTRY.exec(rest)) {
    if (!entry[1]?.startsWith('Z')) subfile ??= entry[1] === 'ID' ? 'ID' : 'DL'
    rest = rest.slice(entry[0].length)
  }
  const values = new Map<string, string>()
  const lines = [rest, ...more]
  const last = lines.findLastIndex((line) => line.trim() !== '')
  for (const [index, line] of lines.entries()) {
    const name = SUBFILE_NAME.exec(line)
    if (name) subfile = values.size === 0 ? (name[1] === 'ID' ? 'ID' : 'DL') : subfile
    const typed = index === last && TYPED_TERMINATOR.test(before) ? line.replace(TYPED_TERMINATOR, '') : line
    const element = ELEMENT.exec(typed.slice(name?.[0].length ?? 0).trimStart())
    if (element?.[1] && !values.has(element[1])) values.set(element[1], (element[2] ?? '').trim())
  }
  if (values.size === 0) return null
  return { issuer, version: Number(version ?? 0), subfile: subfile ?? 'DL', values }
}
