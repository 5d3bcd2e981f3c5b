import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decryptBytes, encryptBytes } from '@veridoor/foundation'

/** A picture that is written, and not yet in its place. */
export type StagedPicture = {
  /** Puts it in the place of the one before: at once, whatever its size. */
  keep(): Promise<void>
  /** Removes it; nothing happens when it was kept. */
  discard(): Promise<void>
}

/** Pictures as files, each encrypted under its session's own key. They never enter the database. */
export type PictureStore = {
  /** Encrypts and writes a picture beside those that are kept, which may take its time. */
  prepare(session: string, file: string, key: Uint8Array, bytes: Uint8Array): Promise<StagedPicture>
  /** `prepare` and `keep` in one. */
  write(session: string, file: string, key: Uint8Array, bytes: Uint8Array): Promise<void>
  /** Undefined when there is no such file. @throws {DecryptionError} */
  read(session: string, file: string, key: Uint8Array): Promise<Buffer | undefined>
  /** Names of the files that are kept. */
  kept(session: string): Promise<string[]>
  /** Removes the files of a session whose names begin with `prefix`. Safe to repeat. */
  drop(session: string, prefix: string): Promise<void>
  /** Removes all files of a session. Safe to repeat. */
  remove(session: string): Promise<void>
}

/** JPEG, PNG or WebP by the first bytes, never by what the sender called it; null for everything else, which is not kept. */
export const typeOfPicture = (bytes: Uint8Array): 'image/png' | 'image/webp' | 'image/jpeg' | null => {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  return head.startsWith('RIFF') && head.endsWith('WEBP') ? 'image/webp' : null
}

/** Prefix of files that are being written; no kept file has it. */
const STAGED = '.new-'

/** Keeps pictures below `folder`, those of a session in a folder of its own, which its first picture makes. */
export const createPictureStore = (folder: string): PictureStore => {
  const folderOf = (session: string): string => join(folder, session.slice(0, 2), session)
  const prepare: PictureStore['prepare'] = async (session, file, key, bytes) => {
    await mkdir(folderOf(session), { recursive: true, mode: 0o700 })
    // Whole or not at all: a crash in between leaves the old picture, and of two writers each has a file of its own.
    const staged = join(folderOf(session), `${STAGED}${randomUUID()}`)
    const discard = (): Promise<void> => rm(staged, { force: true })
    try {
      await writeFile(staged, encryptBytes(key, bytes, `${session}:${file}`), { mode: 0o600 })
    } catch (error) {
      await discard()
      throw error
    }
    return { keep: () => rename(staged, join(folderOf(session), file)), discard }
  }
  return {
    prepare,
    async write(...picture) {
      const staged = await prepare(...picture)
      await staged.keep().finally(staged.discard)
    },
    async read(session, file, key) {
      try {
        return decryptBytes(key, await readFile(join(folderOf(session), file)), `${session}:${file}`)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    kept: async (session) =>
      (await readdir(folderOf(session)).catch(() => [])).filter((name) => !name.startsWith(STAGED)),
    async drop(session, prefix) {
      const names = await readdir(folderOf(session)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return []
        throw error
      })
      for (const name of names) if (name.startsWith(prefix)) await rm(join(folderOf(session), name), { force: true })
    },
    remove: (session) => rm(folderOf(session), { recursive: true, force: true }),
  }
}

/** JPEG or PNG by its first bytes: what the wire allows for pictures sent by API (sections 3.14, 4.7). */
export const isApiPicture = (bytes: Uint8Array): boolean =>
  ['image/jpeg', 'image/png'].includes(typeOfPicture(bytes) ?? '')

const JPEG_FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf])

/** Width and height in pixels, from the header of a JPEG (ITU-T T.81, B.2.2) or PNG; undefined where none is found. */
const sizeOf = (bytes: Uint8Array): { width: number; height: number } | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes[0] === 0x89)
    return bytes.length < 24 ? undefined : { width: view.getUint32(16), height: view.getUint32(20) }
  // Segments: a marker of two bytes, then their length, until the one that begins a frame.
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] ?? 0
    if (JPEG_FRAMES.has(marker)) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2)
  }
  return undefined
}

/** Pixels that the sides of a picture sent by API may have (sections 3.14, 4.7). */
const API_SIDE = 8000
const API_LONGEST = 300

/** Whether a picture's sides are what the wire allows; one that hides its size is left to the engine. */
export const isApiSize = (bytes: Uint8Array): boolean => {
  const size = sizeOf(bytes)
  const longest = size && Math.max(size.width, size.height)
  return longest === undefined || (longest > API_LONGEST && longest <= API_SIDE)
}
