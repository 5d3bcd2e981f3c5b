import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from './start-refused.ts'

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The boot id and start time tell a living holder from a number that another program got after a crash. */
const startOf = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

/**
 * One Veridoor a data folder: two starts at once would prepare the same database. A lock left by a killed start is taken over.
 * @returns a function that gives the lock back
 * @throws {StartError} when another Veridoor runs on this folder
 */
export const lockFolder = (folder: string): (() => void) => {
  const file = join(folder, 'veridoor.lock')
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      writeFileSync(file, `${process.pid} ${startOf(process.pid)}`, { flag: 'wx', mode: 0o600 })
      return () => rmSync(file, { force: true })
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'EEXIST')
        throw new StartError(
          `The data folder ${folder} cannot be written (${code}). Set VERIDOOR_DATA to a folder that you own.`,
          error,
        )
      const [pid, start] = existsSync(file) ? readFileSync(file, 'utf8').split(' ') : []
      if (isAlive(Number(pid)) && startOf(Number(pid)) === (start ?? ''))
        throw new StartError(
          `Veridoor already runs on ${folder} (process ${pid}). Stop it first, or set VERIDOOR_DATA to another folder.`,
        )
      rmSync(file, { force: true })
    }
  }
  throw new StartError(`The data folder ${folder} is being started by someone else. Try again.`)
}
