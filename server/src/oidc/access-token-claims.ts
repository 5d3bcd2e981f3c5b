import { type TokenFormat, tokenFormats } from '@veridoor/contract'
import type { User } from '../accounts/index.ts'
import type { Application } from './clients.ts'

/** What an application asked for, `JWT` where it asked for nothing that we know. */
export const tokenFormatOf = ({ extra }: Pick<Application, 'extra'>): TokenFormat =>
  tokenFormats.find((format) => format === extra.tokenFormat) ?? 'JWT'

const texts = (extra: User['extra'], names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(extra).filter(([name, value]) => names.includes(name) && typeof value === 'string'))

/** Names of fields as Casdoor's settings spell them (`RealName`), as keys of a token (`realName`). */
const chosenOf = ({ extra }: Pick<Application, 'extra'>): ReadonlySet<string> =>
  new Set(
    (Array.isArray(extra.tokenFields) ? extra.tokenFields : []).map((field) => {
      const name = String(field)
      return `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`
    }),
  )

/**
 * What an access token tells of its person: as much as userinfo would for the same scopes, in the names that Casdoor's clients read.
 * A format can make it less, never more. The document's number and its pictures are in none.
 *
 * @param subject the person as this application knows them
 */
export const accessTokenClaims = (input: {
  readonly user: User
  readonly application: Application
  readonly subject: string
  readonly scopes: ReadonlySet<string>
  readonly isVerified: boolean
  /** The person took it out where an application asked for it (`isNameDeclined`). */
  readonly isNameDeclined: boolean
}): Record<string, unknown> => {
  const { user, application, subject, scopes, isVerified } = input
  const tellsName = isVerified && !input.isNameDeclined
  const format = tokenFormatOf(application)
  const hasProfile = scopes.has('profile')
  const account = { owner: user.organization, name: user.name }
  const displayName = user.displayName || user.name
  const email = scopes.has('email') ? { email: user.email } : {}
  if (format === 'JWT-Standard')
    return {
      id: subject,
      ...(hasProfile
        ? {
            owner: user.organization,
            preferred_username: user.name,
            name: displayName,
            is_verified: isVerified,
            ...(tellsName ? { real_name: user.identity.realName } : {}),
          }
        : {}),
      ...email,
    }
  const empty = {
    id: subject,
    ...(hasProfile || scopes.has('read') ? account : {}),
    ...(hasProfile ? { displayName } : {}),
    ...email,
  }
  if (format === 'JWT-Empty') return empty
  const whole = {
    ...empty,
    ...(hasProfile
      ? {
          ...texts(user.extra, ['tag', 'avatar']),
          isVerified,
          ...(tellsName ? { realName: user.identity.realName } : {}),
        }
      : {}),
  }
  if (format === 'JWT') return whole
  const chosen = chosenOf(application)
  return Object.fromEntries(Object.entries(whole).filter(([name]) => chosen.has(name)))
}
