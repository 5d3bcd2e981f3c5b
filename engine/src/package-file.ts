import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { EngineError } from './errors.ts'

const require = createRequire(import.meta.url)

/** A file inside an installed package; models come with npm packages and are never downloaded. */
export const packageFile = (name: string, path: string): string => {
  for (const folder of require.resolve.paths(name) ?? []) {
    const file = join(folder, name, path)
    if (existsSync(file)) return file
  }
  throw new EngineError('model_missing')
}
