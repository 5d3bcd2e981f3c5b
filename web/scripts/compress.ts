import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

/**
 * Writes a brotli and a gzip copy of each text file beside it, so that no request waits for a compressor. Pictures and models are
 * compressed already; of files under 1 kB the copy is not worth its own header.
 */
const texts = new Set(['.html', '.js', '.css', '.svg', '.json', '.txt'])
const SMALLEST = 1_024

export const compressFolder = (folder: string): number => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => texts.has(extname(name)))
  let written = 0
  for (const name of files) {
    const file = join(folder, name)
    const bytes = readFileSync(file)
    if (bytes.length < SMALLEST) continue
    writeFileSync(
      `${file}.br`,
      brotliCompressSync(bytes, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      }),
    )
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
    written += 1
  }
  return written
}

if (import.meta.main)
  for (const app of ['app', 'capture']) {
    const folder = fileURLToPath(new URL(`../dist/${app}`, import.meta.url))
    process.stdout.write(`${app}: ${compressFolder(folder)} files compressed\n`)
  }
