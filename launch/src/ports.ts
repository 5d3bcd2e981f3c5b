import { createServer } from 'node:net'
import { StartError } from './start-refused.ts'

/** @throws {StartError} when something else listens on the port, or the address is not this machine's */
export const checkPort = (host: string, port: number, setting: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const sentence =
        error.code === 'EADDRINUSE'
          ? `Port ${port} is in use by another program. Stop that program, or set ${setting} to a free port.`
          : error.code === 'EACCES'
            ? `Port ${port} may not be opened by this user. Set ${setting} to a port above 1023.`
            : `Veridoor cannot listen on ${host}:${port} (${error.code}). Check the host setting.`
      reject(new StartError(sentence, error))
    })
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
