import { readFileSync } from 'node:fs'
import { PDFiumLibrary } from '@hyzyla/pdfium'
import sharp from 'sharp'
import { EngineError } from '../errors.ts'
import { packageFile } from '../models.ts'
import { pdf as limits } from '../thresholds.ts'

/** Of the library: it tells what is wrong in its message only. */
const isStable = (error: unknown): boolean => error instanceof Error && /password|security scheme/i.test(error.message)

type Page = { readonly data: Uint8Array; readonly width: number; readonly height: number }

/**
 * White paper around a scanned document is cut away, so that the document keeps its pixels; a rim stays, since documents are nearly
 * white themselves. A blank page stays whole.
 */
const withoutMargins = async ({ data, width, height }: Page): Promise<Buffer> => {
  const page = () => sharp(data, { raw: { width, height, channels: 4 } }).flatten({ background: '#ffffff' })
  // Where the print is, is looked up on a copy of a quarter of the size.
  const { info } = await sharp(
    await page()
      .resize({ width: Math.ceil(width / 4) })
      .png({ compressionLevel: 0 })
      .toBuffer(),
  )
    .trim({ background: '#ffffff', threshold: 12 })
    .toBuffer({ resolveWithObject: true })
  const rim = Math.round(Math.max(width, height) * limits.rim)
  const left = Math.max(0, -(info.trimOffsetLeft ?? 0) * 4 - rim)
  const top = Math.max(0, -(info.trimOffsetTop ?? 0) * 4 - rim)
  const cut = {
    left,
    top,
    width: Math.min(width - left, info.width * 4 + 2 * rim),
    height: Math.min(height - top, info.height * 4 + 2 * rim),
  }
  return page().extract(cut).jpeg({ quality: 92, chromaSubsampling: '4:4:4' }).toBuffer()
}

/**
 * Renders the first page of a PDF as JPEG. Nothing else of the file is looked at: no other page, no form, no script. Each file gets
 * an instance of its own, whose memory goes with it, so that what one file did to the library meets no other.
 *
 * @throws {EngineError} pdf_locked, pdf_damaged
 */
export const renderFirstPage = async (bytes: Uint8Array): Promise<Buffer> => {
  const wasm = readFileSync(packageFile('@hyzyla/pdfium', 'dist/pdfium.wasm'))
  try {
    const library = await PDFiumLibrary.init({
      wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer,
    })
    const document = await library.loadDocument(bytes)
    if (document.getPageCount() < 1) throw new EngineError('pdf_damaged')
    const page = document.getPage(0)
    const { originalWidth, originalHeight } = page.getOriginalSize()
    const longest = Math.max(originalWidth, originalHeight)
    if (!(longest > 0 && Number.isFinite(longest))) throw new EngineError('pdf_damaged')
    const scale = limits.side / longest
    const width = Math.max(1, Math.round(originalWidth * scale))
    const height = Math.max(1, Math.round(originalHeight * scale))
    return await withoutMargins(await page.render({ scale: 1, width, height, render: 'bitmap' }))
  } catch (error) {
    if (error instanceof EngineError) throw error
    throw new EngineError(isStable(error) ? 'pdf_locked' : 'pdf_damaged', error)
  }
}
