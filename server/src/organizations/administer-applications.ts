import { randomUUID } from 'node:crypto'
import {
  ApiError,
  type ClientAuthentication,
  DisplayName,
  LineOfText,
  type ManagementLevel,
  ObjectName,
  readExtra,
  readField,
  type SecurityProfile,
  type SignUpFields,
} from '@veridoor/contract'
import { newToken, type Transaction } from '@veridoor/foundation'
import { and, count, eq, sql } from 'drizzle-orm'
import { type Actor, type OrganizationsDeps, SHARED_OWNER } from './deps.ts'
import { judgeApplication } from './judge-application.ts'
import { findProvider } from './provider-rows.ts'
import { applicationProviders, applications } from './schema.ts'
import { asConflict, findApplication, findApplicationByClientId, findOrganization } from './store.ts'

/**
 * What an administrator sets of an application; `providers` in the order in which they are tried. What is left out has its
 * default in a new one, and stays in a changed one.
 */
export type ApplicationInput = {
  readonly displayName: string
  readonly logo: string
  readonly colour?: string
  readonly homepageUrl: string
  readonly redirectUris: string[]
  readonly postLogoutRedirectUris?: string[] | undefined
  readonly isPublic?: boolean
  readonly requirePkce?: boolean | undefined
  readonly clientAuthentication?: ClientAuthentication | undefined
  readonly jwks?: { keys: Record<string, unknown>[] } | null | undefined
  readonly jwksUri?: string | undefined
  readonly securityProfile?: SecurityProfile | undefined
  readonly requireConsent?: boolean
  readonly management?: ManagementLevel
  readonly pairwiseSubjects?: boolean
  readonly backchannelLogoutUri?: string
  readonly enableSignUp?: boolean | undefined
  readonly enablePassword: boolean
  readonly enableEmailCode?: boolean
  readonly signUpFields?: SignUpFields
  readonly providers: readonly { organization: string; name: string }[]
  /** Replaces the keys that are kept for other clients; left out, they stay. */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** Its texts, each in its one form. @throws {ApiError} INVALID_INPUT naming the field */
const textsOf = (input: ApplicationInput) => ({
  displayName: readField('displayName', DisplayName, input.displayName),
  logo: readField('logo', LineOfText(500), input.logo),
  homepageUrl: readField('homepageUrl', LineOfText(2000), input.homepageUrl),
})

/** What a client secret is encrypted for. */
export const clientSecretAad = (name: string): string => `application:${name}:clientSecret`

/** In clear, because protocols compare it; empty for an application without one. Never part of an answer. */
export const clientSecretOf = (deps: OrganizationsDeps, row: { name: string; clientSecret: string }): string =>
  row.clientSecret === '' ? '' : deps.cipher.decrypt(row.clientSecret, clientSecretAad(row.name))

/** Replaces the providers of an application. One tenant must not spend another's account: only own and shared ones. */
const setProviders = async (
  tx: Transaction,
  application: string,
  organization: string,
  rows: ApplicationInput['providers'],
): Promise<void> => {
  await tx.delete(applicationProviders).where(eq(applicationProviders.application, application))
  for (const [position, row] of rows.entries()) {
    const known = row.organization === organization || row.organization === SHARED_OWNER
    if (!known || !(await findProvider(tx, row.organization, row.name)))
      throw new ApiError('INVALID_INPUT', {
        fields: [{ path: `providers.${position}`, message: 'There is no such provider here.' }],
      })
    await tx
      .insert(applicationProviders)
      .values({ application, position, providerOwner: row.organization, providerName: row.name })
      .onConflictDoNothing()
  }
}

/** Those of an application that moves here, so that its clients need no new ones. What is left out is made here. */
export type Credentials = { readonly clientId?: string | undefined; readonly clientSecret?: string | undefined }

/** Settings of a new application that are judged together; `ApplicationInput` says the rest. */
const NEW = {
  homepageUrl: '',
  postLogoutRedirectUris: [],
  backchannelLogoutUri: '',
  isPublic: false,
  clientAuthentication: 'client_secret',
  jwks: null,
  jwksUri: '',
  securityProfile: 'standard',
}
/** The members that are given: what is left out does not count as a value. */
const given = <T extends object>(input: T): T =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as T

/** @throws {ApiError} CONFLICT when the name or the client id is taken; NOT_FOUND for an unknown organization; INVALID_INPUT */
export const createApplication = (
  deps: OrganizationsDeps,
  actor: Actor,
  organization: string,
  wanted: string,
  input: ApplicationInput & { readonly credentials?: Credentials },
) =>
  asConflict(
    () =>
      deps.db.transaction(async (tx) => {
        if (!(await findOrganization(tx, organization))) throw new ApiError('NOT_FOUND')
        const name = readField('name', ObjectName, wanted)
        const { providers: rows, extra, credentials, ...fields } = input
        if (credentials?.clientId !== undefined && (await findApplicationByClientId(tx, credentials.clientId)))
          throw new ApiError('CONFLICT', { fields: [{ path: 'clientId', message: 'This client ID is taken.' }] })
        await tx.insert(applications).values({
          ...given(fields),
          ...judgeApplication({ ...NEW, ...given(fields) }),
          ...textsOf(input),
          // Administrators of the built-in organization are those of the whole installation: nobody joins it by default.
          enableSignUp: fields.enableSignUp ?? organization !== 'built-in',
          ...(extra ? { extra: readExtra(extra) } : {}),
          name,
          organization,
          clientId: credentials?.clientId ?? randomUUID().replaceAll('-', '').slice(0, 20),
          clientSecret: deps.cipher.encrypt(credentials?.clientSecret ?? newToken(), clientSecretAad(name)),
          createdAt: deps.clock.now(),
        })
        await setProviders(tx, name, organization, rows)
        await deps.audit.append(tx, {
          organization,
          actor: actor.name,
          action: 'add-application',
          target: name,
          address: actor.address,
        })
      }),
    'name',
  )

/**
 * @param version the version that was read; another one means someone changed it meanwhile
 * @throws {ApiError} CHANGED_MEANWHILE, NOT_FOUND, INVALID_INPUT
 */
export const updateApplication = (
  deps: OrganizationsDeps,
  actor: Actor,
  organization: string,
  name: string,
  input: ApplicationInput,
  version?: number,
) =>
  deps.db.transaction(async (tx) => {
    const before = await findApplication(tx, name)
    if (before?.organization !== organization) throw new ApiError('NOT_FOUND')
    const { providers: rows, extra, ...fields } = input
    const addresses = judgeApplication({ ...before, ...given(fields) })
    const changed = await tx
      .update(applications)
      .set({
        ...given(fields),
        ...addresses,
        ...textsOf(input),
        ...(extra ? { extra: readExtra(extra) } : {}),
        version: sql`${applications.version} + 1`,
      })
      .where(
        and(
          eq(applications.name, name),
          eq(applications.organization, organization),
          version === undefined ? undefined : eq(applications.version, version),
        ),
      )
      .returning({ name: applications.name })
    if (changed.length === 0) throw new ApiError((await findApplication(tx, name)) ? 'CHANGED_MEANWHILE' : 'NOT_FOUND')
    await setProviders(tx, name, organization, rows)
    await deps.audit.append(tx, {
      organization,
      actor: actor.name,
      action: 'update-application',
      target: name,
      address: actor.address,
    })
  })

/** @throws {ApiError} IN_USE for the last application of an organization; NOT_FOUND */
export const removeApplication = (deps: OrganizationsDeps, actor: Actor, organization: string, name: string) =>
  deps.db.transaction(async (tx) => {
    const [sum] = await tx
      .select({ total: count() })
      .from(applications)
      .where(eq(applications.organization, organization))
    // People of an organization without any application could not sign in.
    if ((sum?.total ?? 0) <= 1) throw new ApiError('IN_USE')
    const gone = await tx
      .delete(applications)
      .where(and(eq(applications.name, name), eq(applications.organization, organization)))
      .returning({ name: applications.name })
    if (gone.length === 0) throw new ApiError('NOT_FOUND')
    await deps.audit.append(tx, {
      organization,
      actor: actor.name,
      action: 'delete-application',
      target: name,
      address: actor.address,
    })
  })

/**
 * Gives the application a new client secret: the only moment at which it is known in clear. The old one ends at once.
 * @returns the secret, and the version of the application
 * @throws {ApiError} NOT_FOUND
 */
export const resetClientSecret = (deps: OrganizationsDeps, actor: Actor, organization: string, name: string) =>
  deps.db.transaction(async (tx) => {
    const secret = newToken()
    const changed = await tx
      .update(applications)
      // The version stays: what a form shows does not change with the secret, and its next save must not fail.
      .set({ clientSecret: deps.cipher.encrypt(secret, clientSecretAad(name)) })
      .where(and(eq(applications.name, name), eq(applications.organization, organization)))
      .returning({
        name: applications.name,
        clientId: applications.clientId,
        organization: applications.organization,
        version: applications.version,
      })
    const [application] = changed
    if (!application) throw new ApiError('NOT_FOUND')
    for (const hook of deps.onSecretReplaced) await hook(tx, application)
    await deps.audit.append(tx, {
      organization,
      actor: actor.name,
      action: 'reset-client-secret',
      target: name,
      address: actor.address,
    })
    return { secret, version: application.version }
  })
