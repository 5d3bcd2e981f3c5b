import { type TokenFormat, tokenFormats } from '@veridoor/contract'
import type { User } from '../accounts/index.ts'
import type { Application } from './clients.ts'

/** The format that an application has set; `JWT` where it has set none, or one that is not known here. */
export const tokenFormatOf = ({ extra }: Pick<Application, 'extra'>): TokenFormat =>
  tokenFormats.find((format) => format === extra.tokenFormat) ?? 'JWT'

const textMembers = (extra: User['extra'], names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(extra).filter(([name, value]) => names.includes(name) && typeof value === 'string'))

/** The members that an application has chosen. Its settings begin them with a capital (`RealName`), a token does not (`realName`). */
const selectedMembers = ({ extra }: Pick<Application, 'extra'>): ReadonlySet<string> =>
  new Set(
    (Array.isArray(extra.tokenFields) ? extra.tokenFields : []).map((field) => {
      const name = String(field)
      return `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`
    }),
  )

type Input = {
  readonly user: User
  readonly application: Application
  /** The identifier of the person for this application. */
  readonly subject: string
  readonly scopes: ReadonlySet<string>
  readonly isVerified: boolean
  /** The person has agreed that this application learns their real name (`isRealNameShared`). */
  readonly isRealNameShared: boolean
}

/** The names of OpenID Connect Core 1.0, section 5.1. */
const standardClaims = ({ user, subject, scopes, isVerified, isRealNameShared }: Input): Record<string, unknown> => ({
  id: subject,
  ...(scopes.has('profile')
    ? {
        owner: user.organization,
        preferred_username: user.name,
        name: user.displayName || user.name,
        is_verified: isVerified,
        ...(isVerified && isRealNameShared ? { real_name: user.identity.realName } : {}),
      }
    : {}),
  ...(scopes.has('email') ? { email: user.email } : {}),
})

const accountMembers = ({ user, subject, scopes }: Input): Record<string, unknown> => ({
  id: subject,
  ...(scopes.has('profile') || scopes.has('read') ? { owner: user.organization, name: user.name } : {}),
  ...(scopes.has('profile') ? { displayName: user.displayName || user.name } : {}),
  ...(scopes.has('email') ? { email: user.email } : {}),
})

const profileMembers = ({ user, scopes, isVerified, isRealNameShared }: Input): Record<string, unknown> =>
  scopes.has('profile')
    ? {
        ...textMembers(user.extra, ['tag', 'avatar']),
        isVerified,
        ...(isVerified && isRealNameShared ? { realName: user.identity.realName } : {}),
      }
    : {}

/**
 * The claims of an access token about its person: at most what userinfo would answer for the same scopes. A format can make them fewer,
 * never more. The document's number and its pictures are in no format.
 */
export const accessTokenClaims = (input: Input): Record<string, unknown> => {
  const format = tokenFormatOf(input.application)
  if (format === 'JWT-Standard') return standardClaims(input)
  if (format === 'JWT-Empty') return accountMembers(input)
  const members = { ...accountMembers(input), ...profileMembers(input) }
  if (format === 'JWT') return members
  const selected = selectedMembers(input.application)
  return Object.fromEntries(Object.entries(members).filter(([name]) => selected.has(name)))
}
