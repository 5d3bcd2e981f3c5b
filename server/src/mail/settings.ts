import { isIP } from 'node:net'
import { isLoopback, readSwitch, Secret, SettingError } from '@veridoor/foundation'

/** The mail server that messages are given to. */
export type Smtp = {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (`smtps://`); else it is begun by STARTTLS. */
  readonly implicitTls: boolean
  /** Without encryption nothing is sent. */
  readonly requireTls: boolean
  readonly user: string | undefined
  readonly password: Secret | undefined
  readonly from: string
  /** What this server calls itself to the mail server (EHLO, RFC 5321, section 4.1.1.1). */
  readonly ehloName?: string | undefined
}

/** `no-reply@example.com`, or with a name before it: `Acme <no-reply@example.com>`. */
const SENDER = /^(?:[^<>\r\n@]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/

/**
 * `SMTP_EHLO_NAME`, else the host of the public address. A mail server may refuse a name that is not a full host name; an address is
 * written in brackets (RFC 5321, section 4.1.3). Undefined for an address on this machine: then the mail library chooses.
 */
const readEhloName = (env: Readonly<Record<string, string | undefined>>): string | undefined => {
  const given = env.SMTP_EHLO_NAME
  if (given) {
    if (/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$|^\[[0-9a-f.:ipv-]+\]$/i.test(given))
      return given
    throw new SettingError('SMTP_EHLO_NAME', 'SMTP_EHLO_NAME must be a host name like mail.example.com.')
  }
  if (!env.VERIDOOR_URL || !URL.canParse(env.VERIDOOR_URL)) return undefined
  const host = new URL(env.VERIDOOR_URL).hostname.replace(/^\[|\]$/g, '')
  if (isLoopback(host)) return undefined
  if (isIP(host) === 4) return `[${host}]`
  return isIP(host) === 6 ? `[IPv6:${host}]` : host
}

/**
 * Reads `SMTP_URL`, `MAIL_FROM` and `SMTP_TLS`. Undefined where no mail server is set.
 * @throws {SettingError} never quoting the address, which may hold a password
 */
export const readSmtp = (env: Readonly<Record<string, string | undefined>>): Smtp | undefined => {
  const text = env.SMTP_URL
  if (!text) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '')
    throw new SettingError(
      'SMTP_URL',
      'SMTP_URL must be an address like smtps://user:password@mail.example.com:465, or smtp://… for STARTTLS.',
    )
  const from = env.MAIL_FROM?.trim() ?? ''
  if (!SENDER.test(from))
    throw new SettingError(
      'MAIL_FROM',
      'MAIL_FROM must be the address that mail is sent from, like Acme <no-reply@example.com>, when SMTP_URL is set.',
    )
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const implicitTls = url.protocol === 'smtps:'
  return {
    host,
    port: url.port === '' ? (implicitTls ? 465 : 587) : Number(url.port),
    implicitTls,
    // On the way to another machine, codes and links in clear could be read by anybody in between.
    requireTls: implicitTls || readSwitch('SMTP_TLS', env.SMTP_TLS, !isLoopback(host)),
    user: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: url.password === '' ? undefined : new Secret(decodeURIComponent(url.password)),
    from,
    ehloName: readEhloName(env),
  }
}
