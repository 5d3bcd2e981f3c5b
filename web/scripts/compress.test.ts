import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, expect, it } from 'vitest'
import { compressFolder } from './compress.ts'
import { neededSheets } from './mantine-styles.ts'

const folder = mkdtempSync(join(tmpdir(), 'veridoor-compress-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('writes a brotli and a gzip copy of texts that are worth it', () => {
  const text = 'const door = 1\n'.repeat(500)
  writeFileSync(join(folder, 'index.js'), text)
  writeFileSync(join(folder, 'small.js'), 'x')
  writeFileSync(join(folder, 'face.bin'), text)
  expect(compressFolder(folder)).toBe(1)
  expect(brotliDecompressSync(readFileSync(join(folder, 'index.js.br'))).toString()).toBe(text)
  expect(gunzipSync(readFileSync(join(folder, 'index.js.gz'))).toString()).toBe(text)
})

it('needs the styles of the components that the pages use, their parts included, and of no others', () => {
  const sheets = neededSheets()
  // A text field draws itself with Input, a modal with ModalBase and Overlay.
  for (const used of ['Button', 'UnstyledButton', 'Input', 'Modal', 'ModalBase', 'Overlay', 'Notification'])
    expect(sheets, used).toContain(used)
  for (const unused of ['Stepper', 'Timeline', 'Slider', 'Tour']) expect(sheets, unused).not.toContain(unused)
})
