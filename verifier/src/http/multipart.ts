/** A part of a form with files (RFC 7578). */
export type FormPart = { readonly name: string; readonly bytes: Uint8Array }

const PARTS = 20
const HEADER_BYTES = 8_192

/** A parameter of a header, quoted or not: .NET writes names without quotes. */
const parameterOf = (header: string, name: string): string | undefined => {
  const [, quoted, plain] =
    new RegExp(`(?:^|[;\\s])${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s"]+))`, 'i').exec(header) ?? []
  return quoted?.replace(/\\(.)/g, '$1') ?? plain
}

/** Parts of a `multipart/form-data` body; empty for a body that is none. Line ends may be CRLF or LF. */
export const formPartsOf = (contentType: string, body: Buffer): FormPart[] => {
  const boundary = parameterOf(contentType, 'boundary')
  if (!boundary || boundary.length > 200) return []
  const delimiter = Buffer.from(`--${boundary}`)
  const parts: FormPart[] = []
  let start = body.indexOf(delimiter)
  while (start >= 0 && parts.length < PARTS) {
    const from = start + delimiter.length
    const next = body.indexOf(delimiter, from)
    if (next < 0) break
    const part = partOf(body.subarray(from, next))
    if (part) parts.push(part)
    start = next
  }
  return parts
}

const partOf = (section: Buffer): FormPart | undefined => {
  const crlf = section.indexOf('\r\n\r\n')
  const [headEnd, gap] = crlf >= 0 ? [crlf, 4] : [section.indexOf('\n\n'), 2]
  if (headEnd < 0 || headEnd > HEADER_BYTES) return undefined
  const header = section.subarray(0, headEnd).toString('utf8')
  const disposition = /^content-disposition:(.*)$/im.exec(header)?.[1] ?? ''
  const name = parameterOf(disposition, 'name')
  if (name === undefined) return undefined
  const end = section.length - (section.subarray(-2).toString('latin1') === '\r\n' ? 2 : section.at(-1) === 10 ? 1 : 0)
  return { name, bytes: section.subarray(headEnd + gap, Math.max(headEnd + gap, end)) }
}
