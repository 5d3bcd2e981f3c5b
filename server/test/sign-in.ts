import { createServer } from 'node:net'
import type { TestServer } from './harness.ts'

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const port = 15_000 + Math.floor(Math.random() * 15_000)
    const probe = createServer().once('error', () => resolve(freePort()))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(port)))
  })

/** Follows an application's sign-in address as a signed-in person's browser would, agreeing where it is asked, until it leaves with a code. */
export const codeFor = async (
  browser: Pick<ReturnType<TestServer['browser']>, 'call'>,
  url: string,
  address: string,
): Promise<string> => {
  let at = new URL(address)
  for (let hops = 0; hops < 10; hops += 1) {
    const answer = await browser.call('GET', `${at.pathname}${at.search}`)
    const isConsent = answer.headers.location === undefined && at.pathname.includes('/interaction/')
    const next = isConsent
      ? (await browser.call('POST', `${at.pathname}/decision`, { allow: true })).json?.redirectUrl
      : answer.headers.location
    if (!next) throw new Error(`no redirect from ${at.pathname}: ${answer.status}`)
    at = new URL(String(next), url)
    if (at.origin !== url) return at.searchParams.get('code') ?? ''
  }
  throw new Error('too many redirects')
}
