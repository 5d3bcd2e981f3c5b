import { ApiError } from '@veridoor/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type Provider from 'oidc-provider'
import { errors, type InteractionResults } from 'oidc-provider'
import { z } from 'zod'
import { type Caller, callerOf, countsAsVerified, findUserById } from '../accounts/index.ts'
import { findApplicationByClientId, findOrganization } from '../organizations/index.ts'
import { askedNames, consentNameOf, isConsentName } from './claims/index.ts'
import type { Application } from './clients.ts'
import { signInFault } from './logout-pages.ts'
import { mayEnter, type OidcParts } from './provider.ts'
import { claimsBeyondScopes } from './scope-claims.ts'

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>
type Step = { interaction: Interaction; application: Application; caller: Caller | undefined }

const Decision = z.object({ allow: z.boolean(), claims: z.array(z.string().max(100)).max(100).default([]) })

const placesOf = (interaction: Interaction): unknown[] => {
  const text = interaction.params.claims
  if (typeof text !== 'string') return []
  const claims = JSON.parse(text) as { userinfo?: unknown; id_token?: unknown }
  return [claims.userinfo, claims.id_token]
}
const scopesOf = (interaction: Interaction): string[] =>
  String(interaction.params.scope ?? '')
    .split(' ')
    .filter(Boolean)
const claimsBeyondScopesOf = (interaction: Interaction): string[] =>
  claimsBeyondScopes(placesOf(interaction), scopesOf(interaction))
/** Claims of the request that the person was never asked about. */
const missingOf = (interaction: Interaction): string[] =>
  (interaction.prompt.details.missingOIDCClaims as string[] | undefined) ?? []

/**
 * The steps between an application's request and its answer: signing in, being verified where the application asks for it,
 * and agreeing to what it learns. The pages ask `…/details` what to show and post the person's decision.
 */
export const createInteractions = (deps: OidcParts, providerNow: () => Promise<Provider>) => {
  const { accounts, organizations, clock } = deps

  /** @throws SessionNotFound when the step has ended, or belongs to another browser */
  const stepOf = async (request: FastifyRequest, reply: FastifyReply): Promise<Step> => {
    const interaction = await (await providerNow()).interactionDetails(request.raw, reply.raw)
    const application = await findApplicationByClientId(organizations.db, String(interaction.params.client_id))
    if (!application) throw new errors.SessionNotFound('client not found')
    const token = deps.sessionTokenOf(request.headers.cookie)
    return { interaction, application, caller: token ? await callerOf(accounts, token, request.ip) : undefined }
  }

  /** A new sign-in is asked for by `prompt=login` and `max_age`; a session from before this request is none. */
  const isFresh = ({ interaction, caller }: Step): boolean => {
    const { reasons } = interaction.prompt
    if (!reasons.includes('login_prompt') && !reasons.includes('max_age')) return true
    return caller !== undefined && caller.signedInAt.getTime() >= interaction.iat * 1000 - 1000
  }

  const finish = async (request: FastifyRequest, reply: FastifyReply, result: InteractionResults): Promise<string> =>
    (await providerNow()).interactionResult(request.raw, reply.raw, result, {
      mergeWithLastSubmission: !('error' in result),
    })

  /**
   * Records what the person agreed to: scopes as asked, identity claims one by one. What they say now replaces what they said
   * before: a claim declined once may be agreed to later, and the other way round, and tokens of the earlier word end with it. What was
   * taken out stays out for this sign-in at the application; another one asks only for what the request names.
   */
  const grantOf = async ({ interaction, caller }: Step, claims: readonly string[]): Promise<string> => {
    const clientId = String(interaction.params.client_id)
    const asked = askedNames(placesOf(interaction))
    const provider = await providerNow()
    const before = interaction.grantId ? await provider.Grant.find(interaction.grantId) : undefined
    const grant =
      before && asked.length === 0 ? before : new provider.Grant({ accountId: caller?.userId ?? '', clientId })
    if (before && grant !== before) {
      grant.addOIDCScope(before.getOIDCScope())
      const isLeft = (name: string): boolean => !asked.map(consentNameOf).includes(name)
      grant.addOIDCClaims(before.getOIDCClaims().filter(isLeft))
      // Without the mark they are of a version before, which did not tell the plain name from the verified one.
      grant.rejectOIDCClaims(before.getRejectedOIDCClaims().filter((name) => isConsentName(name) && isLeft(name)))
    }
    grant.addOIDCScope(String(interaction.params.scope ?? 'openid'))
    grant.rejectOIDCClaims(asked.filter((name) => !claims.includes(name)).map(consentNameOf))
    grant.addOIDCClaims([...claims.map(consentNameOf), 'verified_claims', ...missingOf(interaction)])
    const id = await grant.save()
    if (before && grant !== before) await before.destroy()
    return id
  }

  const login = ({ userId, methods, signedInAt }: Caller): InteractionResults => ({
    login: {
      accountId: userId,
      amr: [...methods, ...(methods.length > 1 ? ['mfa'] : [])],
      ts: Math.floor(signedInAt.getTime() / 1000),
    },
  })

  /** Where the browser goes now, or undefined when a page has to ask something. */
  const advance = async (request: FastifyRequest, reply: FastifyReply): Promise<string | undefined> => {
    const step = await stepOf(request, reply)
    const { interaction, application, caller } = step
    const user = caller && (await findUserById(accounts, caller.userId))
    // Someone else knows this password: nobody is let on with it, and choosing another one comes back here.
    if (caller?.mustChangePassword)
      return `/account/security?to=${encodeURIComponent(`/login/oauth/interaction/${interaction.uid}`)}`
    if (interaction.prompt.name === 'login') {
      if (!caller || !user || !isFresh(step))
        return `/login/${encodeURIComponent(application.name)}?to=${encodeURIComponent(`/login/oauth/interaction/${interaction.uid}`)}`
      if (!mayEnter(user, application)) return undefined
      return finish(request, reply, login(caller))
    }
    if (!caller || caller.userId !== interaction.session?.accountId)
      return finish(request, reply, { error: 'login_required', error_description: 'signed out meanwhile' })
    if (interaction.prompt.name === 'verification')
      return user && countsAsVerified(user, deps.demonstration)
        ? finish(request, reply, { ...login(caller), verification: {} })
        : undefined
    // Scopes alone are agreed to by using the application, unless it wants people asked; claims that are named one by one never are.
    const missing = missingOf(interaction)
    const isAnew = interaction.prompt.reasons.includes('consent_prompt')
    const isMoreAsked = claimsBeyondScopesOf(interaction).some((name) => isAnew || missing.includes(name))
    if (application.requireConsent || isMoreAsked || askedNames(placesOf(interaction)).length > 0) return undefined
    return finish(request, reply, { consent: { grantId: await grantOf(step, []) } })
  }

  return {
    /** The step's page, or the next address. A session that ended is told in words. */
    async open(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
      try {
        const next = await advance(request, reply)
        return next === undefined ? undefined : reply.code(303).header('location', next).send()
      } catch (error) {
        if (!(error instanceof errors.SessionNotFound)) throw error
        return reply.code(400).type('text/html').send(signInFault('session_not_found', ''))
      }
    },

    async details(request: FastifyRequest, reply: FastifyReply) {
      const step = await stepOf(request, reply).catch((error: unknown) => {
        if (error instanceof errors.SessionNotFound) throw new ApiError('NOT_FOUND', { cause: error })
        throw error
      })
      const { interaction, application, caller } = step
      const user = caller && (await findUserById(accounts, caller.userId))
      const organization = await findOrganization(organizations.db, application.organization)
      return {
        step:
          interaction.prompt.name === 'login'
            ? ('other_organization' as const)
            : (interaction.prompt.name as 'verification' | 'consent'),
        application: {
          name: application.name,
          displayName: application.displayName,
          logo: application.logo || organization?.logo || '',
          colour: application.colour || organization?.colour || '',
        },
        organization: organization?.displayName ?? application.organization,
        person: user ? { name: user.displayName || user.name, email: user.email } : null,
        scopes: scopesOf(interaction),
        /** Of the account, beyond the scopes; `claims` are those of the verified identity. */
        accountClaims: claimsBeyondScopesOf(interaction),
        claims: askedNames(placesOf(interaction)),
        at: clock.now().toISOString(),
      }
    },

    /** @returns where the browser goes on. @throws {ApiError} NOT_FOUND, INVALID_INPUT */
    async decide(request: FastifyRequest, reply: FastifyReply): Promise<{ redirectUrl: string }> {
      const decision = Decision.safeParse(request.body)
      if (!decision.success) throw new ApiError('INVALID_INPUT')
      const step = await stepOf(request, reply).catch((error: unknown) => {
        if (error instanceof errors.SessionNotFound) throw new ApiError('NOT_FOUND', { cause: error })
        throw error
      })
      const { interaction, caller } = step
      if (!decision.data.allow) {
        const refused =
          interaction.prompt.name === 'verification'
            ? {
                error: 'unmet_authentication_requirements',
                error_description: 'the person did not verify their identity',
              }
            : { error: 'access_denied', error_description: 'the person did not agree' }
        return { redirectUrl: await finish(request, reply, refused) }
      }
      if (interaction.prompt.name !== 'consent' || !caller || caller.userId !== interaction.session?.accountId)
        throw new ApiError('NOT_FOUND')
      const asked = askedNames(placesOf(interaction))
      const agreed = decision.data.claims.filter((name) => asked.includes(name))
      return { redirectUrl: await finish(request, reply, { consent: { grantId: await grantOf(step, agreed) } }) }
    },
  }
}
