import sharp from 'sharp'
import { renderPassport } from '../specimen/passport.ts'
import { pdfOf } from '../specimen/pdf.ts'

/**
 * Valid files. `pictures`: small, of every kind that is taken, with what makes decoders work (metadata, alpha, palette, progressive
 * scans); `pdf`: two pages; `document`: a passport's page that can be read.
 */
export const validFiles = async (): Promise<{ pictures: Buffer[]; pdf: Buffer; document: Buffer }> => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="420" height="300"><rect width="420" height="300" fill="#e8efe8"/><circle cx="120" cy="150" r="80" fill="#b04030"/><path d="M220 60h160v30h-160zM220 120h120v30h-120z" fill="#203040"/></svg>`
  const picture = () => sharp(Buffer.from(svg)).flatten({ background: '#ffffff' })
  const pictures = await Promise.all([
    picture().withMetadata({ orientation: 6, density: 300 }).jpeg({ quality: 80 }).toBuffer(),
    picture().jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
    picture().toColourspace('cmyk').withIccProfile('cmyk').jpeg().toBuffer(),
    picture().ensureAlpha(0.7).png().toBuffer(),
    picture().png({ palette: true, progressive: true }).toBuffer(),
    picture().toColourspace('rgb16').png().toBuffer(),
    picture().webp({ quality: 70 }).toBuffer(),
    picture().webp({ lossless: true }).toBuffer(),
  ])
  const jpeg = await picture().jpeg().toBuffer()
  const page = await renderPassport({
    surname: 'LOVELACE',
    givenNames: 'ADA',
    number: 'L898902C3',
    dateOfBirth: '1990-12-10',
    expiry: '2031-04-15',
    sex: 'F',
  })
  const document = await sharp(page).jpeg({ quality: 85 }).toBuffer()
  return { pictures, pdf: pdfOf({ jpeg, width: 420, height: 300 }, { pages: 2 }), document }
}
