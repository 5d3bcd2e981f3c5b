import type { ApiScope } from '@veridoor/contract'
import type { FastifyRequest } from 'fastify'
import type { Caller, User } from '../accounts/index.ts'
import type { Deps } from './deps.ts'
import type { Envelope } from './envelope.ts'

/** Who makes a call: a person by their session, an application by its credentials or by a token of its own, or an application for a person. */
export type Principal =
  | { readonly kind: 'person'; readonly caller: Caller; readonly token: string }
  /** `scopes`: what the application's management switch allows, or as much of it as its token carries. */
  | { readonly kind: 'application'; readonly caller: Caller; readonly scopes: readonly ApiScope[] }
  | PersonToken

/** An access token that an application holds for a person. `subject`: the person as that application knows them. */
export type PersonToken = {
  readonly kind: 'token'
  readonly user: User
  readonly subject: string
  readonly scopes: readonly string[]
  /** The person has agreed that the token's application learns their real name. */
  readonly isRealNameShared: boolean
}

/** One call of a client of Casdoor. `principal` is undefined when the call carries no credentials. */
export type Call = {
  readonly request: FastifyRequest
  readonly query: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
  readonly principal: Principal | undefined
}

/**
 * What an application's own credentials need for a call: a scope of its management switch; `always` for what every application may ask,
 * and `never` for what only people may do.
 */
export type ApplicationAccess = ApiScope | 'always' | 'never'

/** A call that this package answers. A query parameter that is not listed is refused. */
export type CallDefinition = {
  readonly handle: (deps: Deps, call: Call) => Promise<Envelope>
  readonly parameters: readonly string[]
  readonly application: ApplicationAccess
}
