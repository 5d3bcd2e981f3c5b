import { canonicalLine, characterProblem } from './characters.ts'

const MAX_LOCAL = 64

/** The A-labels of a domain in lower case (RFC 5890, 2.3.2.1; the URL standard's "domain to ASCII"), or undefined. */
const canonicalDomain = (domain: string): string | undefined => {
  if (domain.length > 255 || !/^[\p{L}\p{N}\p{M}.\u3002\uff0e\uff61-]+$/u.test(domain)) return undefined
  if (!URL.canParse(`http://${domain}`)) return undefined
  const { hostname } = new URL(`http://${domain}`)
  const isDomain = hostname.split('.').every((label) => /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/.test(label))
  return isDomain && /\.[a-z][a-z\d-]*[a-z\d]$/.test(hostname) ? hostname : undefined
}

/** Atoms of RFC 5321, 4.1.2, with the letters that RFC 6531, 3.3 adds. Quoted local parts are not taken: hardly a mail system does. */
const localPart = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u

/**
 * An e-mail address in its one form: without invisible characters and spaces at the ends, in Unicode normalization form C, the domain
 * as lower-case A-labels, so that `ada@Müller.example` and `ada@xn--mller-kva.example` are one address. What is no address stays as
 * it is: `emailProblem` says so.
 */
export const canonicalEmail = (text: string): string => {
  const line = canonicalLine(text)
  const at = line.lastIndexOf('@')
  const domain = line.length > 1000 || at < 1 ? undefined : canonicalDomain(line.slice(at + 1))
  return domain === undefined ? line : `${line.slice(0, at)}@${domain}`
}

/** What is wrong with a canonical address, as a sentence; undefined when nothing is, or when there is none. */
export const emailProblem = (email: string): string | undefined => {
  if (email === '' || email.length > 1000) return undefined
  const at = email.lastIndexOf('@')
  const [local, domain] = [email.slice(0, at), email.slice(at + 1)]
  const isAddress =
    at > 0 &&
    new TextEncoder().encode(local).length <= MAX_LOCAL &&
    localPart.test(local) &&
    characterProblem(email) === undefined &&
    canonicalDomain(domain) === domain
  return isAddress ? undefined : 'Enter an email address, like name@example.com.'
}
