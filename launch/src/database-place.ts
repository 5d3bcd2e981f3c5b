import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

/** Where the built-in database keeps its files and finds its programs. */
export type DatabasePlace = { readonly folder: string; readonly native: string; readonly moved: boolean }

const isOpenToAll = (path: string): boolean => {
  for (let at = path; ; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false
    if (at === dirname(at)) return true
  }
}

/**
 * As root the database runs as `nobody`, who must be able to enter every parent of its folder and of its programs. A clone
 * under `/root`, or a data folder with mode 0700, is not such a place: then both live under `shelter`, and a file in the
 * data folder says where, so that a new data folder still begins empty.
 *
 * @param options.asRoot whether this process runs as root
 * @param options.shelter a folder that everyone may enter
 */
export const chooseDatabasePlace = (
  dataFolder: string,
  native: string,
  options: { asRoot: boolean; shelter: string },
): DatabasePlace => {
  const usual = join(dataFolder, 'postgres')
  if (!options.asRoot || (isOpenToAll(dataFolder) && isOpenToAll(native)))
    return { folder: usual, native, moved: false }

  mkdirSync(options.shelter, { recursive: true, mode: 0o755 })
  chmodSync(options.shelter, 0o755)
  let folder = usual
  if (!isOpenToAll(dataFolder)) {
    const note = join(dataFolder, 'postgres-place')
    if (!existsSync(note)) writeFileSync(note, join(options.shelter, randomUUID(), 'postgres'), { mode: 0o600 })
    folder = readFileSync(note, 'utf8').trim()
    mkdirSync(dirname(folder), { recursive: true, mode: 0o755 })
    chmodSync(dirname(folder), 0o755)
  }
  if (isOpenToAll(native)) return { folder, native, moved: folder !== usual }

  const version = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')).version as string
  const copy = join(options.shelter, `programs-${version}`)
  if (!existsSync(copy)) {
    const half = `${copy}.${process.pid}`
    cpSync(native, half, { recursive: true, verbatimSymlinks: true })
    chmodSync(half, 0o755)
    try {
      renameSync(half, copy)
    } catch {
      // Another start made it meanwhile.
      rmSync(half, { recursive: true, force: true })
    }
  }
  return { folder, native: copy, moved: true }
}
