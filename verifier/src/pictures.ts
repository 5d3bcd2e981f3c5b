import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openBytes, sealBytes } from '@veridoor/foundation'

/** Pictures as files, each encrypted under its session's own key. They never enter the database. */
export type PictureStore = {
  write(session: string, part: string, key: Uint8Array, bytes: Uint8Array): Promise<void>
  /** Undefined when there is none. @throws {SealBroken} */
  read(session: string, part: string, key: Uint8Array): Promise<Buffer | undefined>
  /** Names of those that are kept. */
  kept(session: string): Promise<string[]>
  /** Those of a session whose part begins so. Safe to repeat. */
  drop(session: string, beginning: string): Promise<void>
  /** All of a session. Safe to repeat. */
  remove(session: string): Promise<void>
}

/** JPEG, PNG or WebP by the first bytes, never by what the sender called it; null for everything else, which is not kept. */
export const typeOfPicture = (bytes: Uint8Array): 'image/png' | 'image/webp' | 'image/jpeg' | null => {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  return head.startsWith('RIFF') && head.endsWith('WEBP') ? 'image/webp' : null
}

export const createPictureStore = (folder: string): PictureStore => {
  const of = (session: string): string => join(folder, session.slice(0, 2), session)
  return {
    async write(session, part, key, bytes) {
      await mkdir(of(session), { recursive: true, mode: 0o700 })
      const file = join(of(session), part)
      // Whole or not at all: a crash in between leaves the old picture.
      await writeFile(`${file}.new`, sealBytes(key, bytes, `${session}:${part}`), { mode: 0o600 })
      await rename(`${file}.new`, file)
    },
    async read(session, part, key) {
      try {
        return openBytes(key, await readFile(join(of(session), part)), `${session}:${part}`)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    kept: (session) => readdir(of(session)).catch(() => []),
    async drop(session, beginning) {
      const names = await readdir(of(session)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return []
        throw error
      })
      for (const name of names) if (name.startsWith(beginning)) await rm(join(of(session), name), { force: true })
    },
    remove: (session) => rm(of(session), { recursive: true, force: true }),
  }
}

/** JPEG or PNG by its first bytes: what the wire allows for pictures sent by API (sections 3.14, 4.7). */
export const isApiPicture = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) ||
  Buffer.from(bytes.subarray(0, 8)).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
