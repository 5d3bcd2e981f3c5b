import { isIP } from 'node:net'

/** What Jumio appends to addresses; none may have them already (sections 3.6 and 4.9). */
const reserved = [
  'transactionStatus',
  'customerInternalReference',
  'transactionReference',
  'errorCode',
  'accountId',
  'workflowExecutionId',
  'acquisitionStatus',
]

/** What an address may be. `maxLength` in characters: it differs by field (sections 3.3 and 4.4). */
export type UrlRules = {
  readonly maxLength: number
  /** Our own verifier on this machine: http, ports and addresses are then allowed. */
  readonly allowLoopback?: boolean
}

const isLoopbackHost = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host)

/** Whether a service runs on this machine, so that the addresses given to it may do so too. */
export const isNear = (baseUrl: string): boolean =>
  URL.canParse(baseUrl) && isLoopbackHost(new URL(baseUrl).hostname.replace(/^\[|\]$/g, ''))

/** Whether an address is one of Jumio's own hosts (section 2.1): its published rates hold there, and nowhere else. */
export const isJumioHost = (baseUrl: string): boolean =>
  URL.canParse(baseUrl) && /(^|\.)(netverify\.com|jumio\.(ai|com))$/i.test(new URL(baseUrl).hostname)

/** Whether an address keeps Jumio's rules (section 2.4): https, no address literal, no port, no fragment, no reserved name. */
export const keepsUrlRules = (text: string, rules: UrlRules): boolean => {
  if (text.length > rules.maxLength || !URL.canParse(text) || /[^\x21-\x7e]/.test(text)) return false
  const url = new URL(text)
  if (url.hash !== '' || url.username !== '' || url.password !== '') return false
  if (reserved.some((name) => url.searchParams.has(name))) return false
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (rules.allowLoopback && isLoopbackHost(host)) return /^https?:$/.test(url.protocol)
  return url.protocol === 'https:' && url.port === '' && isIP(host) === 0
}
