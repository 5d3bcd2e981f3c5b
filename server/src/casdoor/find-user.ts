import { isUuid } from '@veridoor/foundation'
import { type Caller, findUser, findUserByEmail, findUserById, findUserByPhone, type User } from '../accounts/index.ts'
import type { Call } from './call.ts'
import type { Deps } from './deps.ts'
import { CasdoorError, unauthorized } from './envelope.ts'
import { parseId, requireOrganization } from './principal.ts'

/** The parameters that name a person. */
export const USER_PARAMETERS = ['id', 'userId', 'email', 'phone', 'owner'] as const

type Selector =
  | { readonly by: 'id'; readonly owner: string; readonly name: string }
  | { readonly by: 'userId' | 'email' | 'phone'; readonly value: string; readonly owner: string | undefined }

const invalid = (message: string): CasdoorError => new CasdoorError(message, 'INVALID_INPUT')

/**
 * The person that a call is about: exactly one of `id` (`owner/name`), `userId`, `email` and `phone`, the last three of the organization
 * `owner`, or of the caller's own.
 *
 * @returns undefined when the call names nobody
 * @throws {CasdoorError} when it names somebody in two ways, by an empty value, or by an `id` of another form
 */
export const readSelector = (query: Call['query']): Selector | undefined => {
  const [by, another] = (['id', 'userId', 'email', 'phone'] as const).filter((name) => query[name] !== undefined)
  if (another) throw invalid('Name the person in one way: id, userId, email or phone')
  if (!by) {
    if (query.owner !== undefined) throw invalid('owner needs one of id, userId, email or phone')
    return undefined
  }
  const value = query[by] ?? ''
  if (value.trim() === '') throw invalid(`${by} is empty`)
  const owner = query.owner || undefined
  if (by !== 'id') return { by, value, owner }
  const id = parseId(value)
  if (owner !== undefined && owner !== id.owner) throw invalid('owner and id name different organizations')
  return { by: 'id', ...id }
}

const isSelf = async (deps: Deps, caller: Caller, selector: Selector): Promise<boolean> => {
  if (caller.userId === '') return false
  if (selector.by === 'id') return selector.owner === caller.organization && selector.name === caller.name
  if (selector.owner !== undefined && selector.owner !== caller.organization) return false
  if (selector.by === 'userId') return selector.value === caller.userId
  const own = await findUserById(deps.accounts, caller.userId)
  if (!own) return false
  return selector.by === 'email'
    ? own.email.toLowerCase() === selector.value.toLowerCase()
    : own.phone === selector.value
}

const lookUp = (deps: Deps, organization: string, selector: Selector): Promise<User | undefined> => {
  if (selector.by === 'id') return findUser(deps.accounts, organization, selector.name)
  if (selector.by === 'email') return findUserByEmail(deps.accounts, organization, selector.value)
  if (selector.by === 'phone') return findUserByPhone(deps.accounts, organization, selector.value)
  return isUuid(selector.value) ? findUserById(deps.accounts, selector.value) : Promise.resolve(undefined)
}

/**
 * The person of a selector, for callers who may see them. Whether they may is asked before anything is looked up: neither the answer nor
 * its time tells whether another organization has such a person.
 *
 * @returns undefined for an administrator when there is no such person in their organization
 * @throws {CasdoorError} FORBIDDEN for everybody else, unless they name themselves
 */
export const findVisibleUser = async (deps: Deps, caller: Caller, selector: Selector): Promise<User | undefined> => {
  if (!caller.isAdmin) {
    if (!(await isSelf(deps, caller, selector))) throw unauthorized()
    return findUserById(deps.accounts, caller.userId)
  }
  const organization = requireOrganization(caller, selector.owner ?? caller.organization)
  const user = await lookUp(deps, organization, selector)
  if (!user || selector.by !== 'userId') return user
  const isExpected = selector.owner === undefined ? caller.isGlobalAdmin : user.organization === selector.owner
  return isExpected || user.organization === caller.organization ? user : undefined
}
