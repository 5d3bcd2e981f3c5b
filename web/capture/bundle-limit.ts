import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** Bytes over the line that the page may ask of a phone before its first word is on the screen. */
const LIMIT = 150_000

/** Syntax that browsers of the last years cannot read: a script that has it is not run at all. Look-behind: Safari before 16.4. */
const UNREADABLE = /\(\?<[=!]/

type Written = { readonly fileName: string; readonly bytes: number; readonly isLanguage: boolean }

/**
 * Fails the build when the page has grown too large, or has a script that older browsers cannot read: every script and style but the languages, of which a person fetches one, so the
 * largest counts.
 */
export const bundleLimit = (): Plugin => ({
  name: 'bundle-limit',
  apply: 'build',
  writeBundle(_options, bundle) {
    // A build inside of tests carries React's own checks, which nobody is sent.
    if (process.env.NODE_ENV !== 'production') return
    const files: Written[] = Object.values(bundle).flatMap((file) => {
      if (!/\.(js|css)$/.test(file.fileName)) return []
      const text = file.type === 'chunk' ? file.code : file.source
      if (UNREADABLE.test(String(text)))
        this.error(`${file.fileName} has a look-behind: Safari before 16.4 shows nothing then.`)
      const isLanguage = file.type === 'chunk' && /\/words\/[a-z]+\.ts$/.test(file.facadeModuleId ?? '')
      return [{ fileName: file.fileName, bytes: gzipSync(text).length, isLanguage }]
    })
    const always = files.filter(({ isLanguage }) => !isLanguage)
    const languages = files.filter(({ isLanguage }) => isLanguage).map(({ bytes }) => bytes)
    if (languages.length < 7) this.error(`Languages are no files of their own any more: ${languages.length} found.`)
    const total = always.reduce((sum, { bytes }) => sum + bytes, 0) + Math.max(...languages)
    if (total > LIMIT) this.error(`The capture page is ${total} bytes of gzip; ${LIMIT} are allowed.`)
    this.info(`The capture page is ${total} bytes of gzip with its largest language; ${LIMIT} are allowed.`)
  },
})
