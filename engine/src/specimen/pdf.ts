import { randomBytes } from 'node:crypto'

/**
 * A PDF whose first page is one JPEG, as scanners write it (ISO 32000-1, DCTDecode): A4, the picture across its upper half.
 *
 * @param options.locked says that a password is needed, which nobody has
 * @param options.pages pages after the first, all of them blank
 */
export const pdfOf = (
  picture: { readonly jpeg: Uint8Array; readonly width: number; readonly height: number },
  options: { readonly locked?: boolean; readonly pages?: number } = {},
): Buffer => {
  const wide = 495
  const high = Math.round((wide * picture.height) / picture.width)
  const drawing = `q ${wide} 0 0 ${high} 50 ${792 - high} cm /Photo Do Q`
  const hex = (length: number): string => `<${randomBytes(length).toString('hex')}>`
  const blanks = Array.from({ length: options.pages ?? 0 }, (_value, index) => 7 + index)
  const kids = [3, ...blanks].map((number) => `${number} 0 R`).join(' ')
  const bodies: (string | Buffer)[] = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${1 + blanks.length} >>`,
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /Photo 5 0 R >> >> >>',
    `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
    Buffer.concat([
      Buffer.from(
        `<< /Type /XObject /Subtype /Image /Width ${picture.width} /Height ${picture.height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${picture.jpeg.length} >>\nstream\n`,
      ),
      picture.jpeg,
      Buffer.from('\nendstream'),
    ]),
    `<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O ${hex(32)} /U ${hex(32)} >>`,
    ...blanks.map(() => '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>'),
  ]
  const parts = [Buffer.from('%PDF-1.5\n')]
  const places: number[] = []
  let at = parts[0]?.length ?? 0
  for (const [index, body] of bodies.entries()) {
    const object = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(body), Buffer.from('\nendobj\n')])
    places.push(at)
    parts.push(object)
    at += object.length
  }
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  const lock = options.locked ? ` /Encrypt 6 0 R /ID [${hex(16)} ${hex(16)}]` : ''
  parts.push(
    Buffer.from(
      `xref\n0 ${bodies.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${bodies.length + 1} /Root 1 0 R${lock} >>\nstartxref\n${at}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(parts)
}
