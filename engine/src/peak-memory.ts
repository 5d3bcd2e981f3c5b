import { readFileSync } from 'node:fs'

/**
 * The most memory that this process ever held, in bytes. Of Linux its own mark (`VmHWM`), since the one that Node tells
 * (`ru_maxrss`) begins with what the parent held when it forked; elsewhere Node's.
 */
export const peakMemory = (): number => {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
    if (kilobytes) return Number(kilobytes) * 1024
  } catch {
    // There is no such file here.
  }
  return process.resourceUsage().maxRSS * 1024
}
