import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export type Visitor = { readonly page: Page; readonly context: BrowserContext; close(): Promise<void> }

/**
 * A person with a browser of their own. `camera` is a clip that their camera shows, `actor` a script that acts before it, `language`
 * what their browser is set to.
 */
export const visit = async (
  options: { camera?: string; actor?: string; wide?: boolean; language?: string } = {},
): Promise<Visitor> => {
  const profile = mkdtempSync(join(tmpdir(), 'veridoor-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    headless: true,
    ...(options.language ? { locale: options.language } : {}),
    viewport: options.wide ? { width: 1440, height: 900 } : { width: 390, height: 844 },
    args: [
      ...flags,
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      ...(options.camera ? [`--use-file-for-fake-video-capture=${options.camera}`] : []),
    ],
  })
  if (options.actor) await context.addInitScript({ content: options.actor })
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(30_000)
  return {
    page,
    context,
    async close() {
      await context.close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    },
  }
}
