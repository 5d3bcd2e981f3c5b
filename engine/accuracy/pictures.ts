import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EngineError } from '../src/errors.ts'
import { decodePicture } from '../src/pictures/decode.ts'
import type { Picture } from '../src/pictures/picture.ts'

export const foldersIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()

export const picturesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => /\.(jpe?g|png|webp)$/i.test(name))
    .sort()
    .map((name) => join(folder, name))

/** The picture, or null where the file is none that the engine takes. */
export const openPicture = async (file: string, side: number): Promise<Picture | null> => {
  try {
    return await decodePicture(readFileSync(file), side)
  } catch (error) {
    if (error instanceof EngineError) return null
    throw error
  }
}
