import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decryptBytes, encryptBytes } from '@veridoor/foundation'

/** A picture that is written, and not yet in its place. */
export type FreshPicture = {
  /** Puts it in the place of the one before: at once, whatever its size. */
  keep(): Promise<void>
  /** Removes it; nothing happens when it was kept. */
  discard(): Promise<void>
}

/** Pictures as files, each encrypted under its session's own key. They never enter the database. */
export type PictureStore = {
  /** Encrypts and writes beside what is kept, which may take its time. */
  prepare(session: string, part: string, key: Uint8Array, bytes: Uint8Array): Promise<FreshPicture>
  /** `prepare` and `keep` in one. */
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

/** Begins the names of files that are being written; no part's name does. */
const FRESH = '.new-'

/** Keeps pictures below `folder`, those of a session in a folder of its own, which its first picture makes. */
export const createPictureStore = (folder: string): PictureStore => {
  const of = (session: string): string => join(folder, session.slice(0, 2), session)
  const prepare: PictureStore['prepare'] = async (session, part, key, bytes) => {
    await mkdir(of(session), { recursive: true, mode: 0o700 })
    // Whole or not at all: a crash in between leaves the old picture, and of two writers each has a file of its own.
    const fresh = join(of(session), `${FRESH}${randomUUID()}`)
    const discard = (): Promise<void> => rm(fresh, { force: true })
    try {
      await writeFile(fresh, encryptBytes(key, bytes, `${session}:${part}`), { mode: 0o600 })
    } catch (error) {
      await discard()
      throw error
    }
    return { keep: () => rename(fresh, join(of(session), part)), discard }
  }
  return {
    prepare,
    async write(...picture) {
      const fresh = await prepare(...picture)
      await fresh.keep().finally(fresh.discard)
    },
    async read(session, part, key) {
      try {
        return decryptBytes(key, await readFile(join(of(session), part)), `${session}:${part}`)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    kept: async (session) => (await readdir(of(session)).catch(() => [])).filter((name) => !name.startsWith(FRESH)),
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
