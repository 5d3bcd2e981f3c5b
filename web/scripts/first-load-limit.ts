import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** Bytes of gzip that a browser may fetch as scripts before the sign-in page is on the screen. */
const LIMIT = 170_000

/** Fails the build when the scripts of the first page have grown too large: the entry and everything that it imports at once. */
export const firstLoadLimit = (): Plugin => ({
  name: 'first-load-limit',
  apply: 'build',
  writeBundle(_options, bundle) {
    // A build inside of tests carries React's own checks, which are never sent to people.
    if (process.env.NODE_ENV !== 'production') return
    const needed = new Set<string>()
    const add = (fileName: string): void => {
      const chunk = bundle[fileName]
      if (chunk?.type !== 'chunk' || needed.has(fileName)) return
      needed.add(fileName)
      for (const next of chunk.imports) add(next)
    }
    for (const file of Object.values(bundle)) if (file.type === 'chunk' && file.isEntry) add(file.fileName)
    const total = [...needed].reduce((sum, fileName) => {
      const chunk = bundle[fileName]
      return sum + (chunk?.type === 'chunk' ? gzipSync(chunk.code).length : 0)
    }, 0)
    if (total > LIMIT) this.error(`The sign-in page needs ${total} bytes of gzip as scripts; ${LIMIT} are allowed.`)
    this.info(`The sign-in page needs ${total} bytes of gzip as scripts; ${LIMIT} are allowed.`)
  },
})
