import { ApiError } from '@veridoor/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type Provider from 'oidc-provider'
import { errors, type InteractionResults } from 'oidc-provider'
import { z } from 'zod'
import { type Caller, callerOf, countsAsVerified, findUserById, type User } from '../accounts/index.ts'
import { findApplicationByClientId, findOrganization } from '../organizations/index.ts'
import { signInOf } from './adopt-session.ts'
import { requestedNames } from './claims/index.ts'
import type { Application } from './clients.ts'
import { entersAsAdministrator, type OidcDeps, sessionOpens } from './deps.ts'
import { claimsRequestsOf, type Interaction, missingClaimsOf, scopesOf } from './interaction-request.ts'
import { signInError } from './protocol-pages.ts'
import { saveGrant } from './save-grant.ts'
import { claimsBeyondScopes } from './scope-claims.ts'

/** One step of a sign-in, with the person whose session the browser shows. */
type Step = {
  readonly interaction: Interaction
  readonly application: Application
  readonly caller: Caller | undefined
}

const Decision = z.object({ allow: z.boolean(), claims: z.array(z.string().max(100)).max(100).default([]) })

const addressOf = ({ uid }: Interaction): string => `/login/oauth/interaction/${uid}`

/** The sign-in page of the application, which leads back to the step. A hint fills in the name (OpenID Connect Core 1.0, section 3.1.2.1). */
const signInPageOf = ({ interaction, application }: Step): string => {
  const hint = interaction.params.login_hint
  return `/login/${encodeURIComponent(application.name)}?${new URLSearchParams({
    to: addressOf(interaction),
    ...(typeof hint === 'string' && hint !== '' ? { login_hint: hint.slice(0, 200) } : {}),
  })}`
}

/** Whether the person signed in after this request began, which `prompt=login`, `max_age` and choosing another account ask for. */
const isNewSignIn = ({ interaction, caller }: Step): boolean =>
  caller !== undefined && caller.signedInAt.getTime() >= interaction.iat * 1000 - 1000

/** Whether the request accepts the session as it is. */
const acceptsSession = (step: Step): boolean => {
  const { reasons } = step.interaction.prompt
  return (!reasons.includes('login_prompt') && !reasons.includes('max_age')) || isNewSignIn(step)
}

const loginResult = (caller: Caller): InteractionResults => {
  const { accountId, amr, loginTs } = signInOf(caller)
  return { login: { accountId, amr, ts: loginTs } }
}

/**
 * Whether the person must be asked before the application learns about them. Scopes alone are agreed to by using the application, unless it
 * wants people asked, or asks anew; claims that are named one by one are always asked for, and so are administrators of the installation
 * who enter an application of a tenant.
 */
const needsConsentPage = ({ interaction, application }: Step, user: User): boolean => {
  const missing = missingClaimsOf(interaction)
  const isAskedAnew = interaction.prompt.reasons.includes('consent_prompt')
  const claims = claimsBeyondScopes(claimsRequestsOf(interaction), scopesOf(interaction))
  return (
    application.requireConsent ||
    isAskedAnew ||
    claims.some((name) => missing.includes(name)) ||
    requestedNames(claimsRequestsOf(interaction)).length > 0 ||
    entersAsAdministrator(user, application)
  )
}

/** The claims of the account that the consent page shows one by one: those beyond the scopes, and the real name where `profile` has it. */
const accountClaimsShown = (interaction: Interaction): string[] => {
  const scopes = scopesOf(interaction)
  const names = new Set(claimsBeyondScopes(claimsRequestsOf(interaction), scopes))
  const isNameDecidedApart = requestedNames(claimsRequestsOf(interaction)).includes('name')
  if (scopes.includes('profile') && !isNameDecidedApart) names.add('real_name')
  return [...names]
}

/**
 * The steps between an application's request and its answer: choosing an account, signing in, being verified where the application asks
 * for it, and consenting. The pages ask `…/details` what to show, and post the person's decision.
 */
export const createInteractions = (deps: OidcDeps, currentProvider: () => Promise<Provider>) => {
  const { accounts, organizations, clock } = deps

  /** @throws {errors.SessionNotFound} when the step has ended, or belongs to another browser */
  const readStep = async (request: FastifyRequest, reply: FastifyReply): Promise<Step> => {
    const interaction = await (await currentProvider()).interactionDetails(request.raw, reply.raw)
    const application = await findApplicationByClientId(organizations.db, String(interaction.params.client_id))
    if (!application) throw new errors.SessionNotFound('client not found')
    const token = deps.sessionTokenOf(request.headers.cookie)
    return { interaction, application, caller: token ? await callerOf(accounts, token, request.ip) : undefined }
  }

  /** @throws {ApiError} NOT_FOUND when the step has ended, or belongs to another browser */
  const readStepForPage = (request: FastifyRequest, reply: FastifyReply): Promise<Step> =>
    readStep(request, reply).catch((error: unknown) => {
      if (error instanceof errors.SessionNotFound) throw new ApiError('NOT_FOUND', { cause: error })
      throw error
    })

  const finish = async (request: FastifyRequest, reply: FastifyReply, result: InteractionResults): Promise<string> =>
    (await currentProvider()).interactionResult(request.raw, reply.raw, result, {
      mergeWithLastSubmission: !('error' in result),
    })

  /** Where the browser goes on from this step, or undefined when a page has to ask something. */
  const nextAddress = async (request: FastifyRequest, reply: FastifyReply): Promise<string | undefined> => {
    const step = await readStep(request, reply)
    const { interaction, application, caller } = step
    const user = caller && (await findUserById(accounts, caller.userId))
    const prompt = interaction.prompt.name
    // Somebody else knows this password: it lets nobody into an application. Choosing another one leads back here.
    if (caller?.mustChangePassword) return `/account/security?to=${encodeURIComponent(addressOf(interaction))}`
    if (prompt === 'select_account') {
      if (!caller) return signInPageOf(step)
      return isNewSignIn(step)
        ? finish(request, reply, { select_account: {}, ...loginResult(caller) } as InteractionResults)
        : undefined
    }
    if (prompt === 'login') {
      if (!caller || !user || !acceptsSession(step)) return signInPageOf(step)
      return sessionOpens(caller, user, application) ? finish(request, reply, loginResult(caller)) : undefined
    }
    if (!caller || !user || caller.userId !== interaction.session?.accountId)
      return finish(request, reply, { error: 'login_required', error_description: 'the person signed out meanwhile' })
    if (prompt === 'verification')
      return countsAsVerified(user, deps.demonstration)
        ? finish(request, reply, { ...loginResult(caller), verification: {} })
        : undefined
    if (needsConsentPage(step, user)) return undefined
    return finish(request, reply, { consent: { grantId: await saveGrant(await currentProvider(), interaction, []) } })
  }

  return {
    /** Sends the browser to the next address. @returns undefined where the step's page has to ask something */
    async open(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
      try {
        const next = await nextAddress(request, reply)
        return next === undefined ? undefined : reply.code(303).header('location', next).send()
      } catch (error) {
        if (!(error instanceof errors.SessionNotFound)) throw error
        return reply.code(400).type('text/html').send(signInError('session_not_found', ''))
      }
    },

    /** What the step's page shows. @throws {ApiError} NOT_FOUND */
    async details(request: FastifyRequest, reply: FastifyReply) {
      const { interaction, application, caller } = await readStepForPage(request, reply)
      const user = caller && (await findUserById(accounts, caller.userId))
      const organization = await findOrganization(organizations.db, application.organization)
      const prompt = interaction.prompt.name as 'login' | 'select_account' | 'verification' | 'consent'
      return {
        step: prompt === 'login' ? ('other_organization' as const) : prompt,
        application: {
          name: application.name,
          displayName: application.displayName,
          logo: application.logo || organization?.logo || '',
          colour: application.colour || organization?.colour || '',
        },
        organization: organization?.displayName ?? application.organization,
        person: user ? { name: user.displayName || user.name, email: user.email } : null,
        /** An administrator of the installation is about to enter an application of this organization. */
        isForeignAdministrator: user !== undefined && entersAsAdministrator(user, application),
        signInAddress: signInPageOf({ interaction, application, caller }),
        scopes: scopesOf(interaction),
        /** Claims of the account, apart from the scopes; `claims` are those of the verified identity. */
        accountClaims: accountClaimsShown(interaction),
        claims: requestedNames(claimsRequestsOf(interaction)),
        at: clock.now().toISOString(),
      }
    },

    /** Takes the person's decision. @returns where the browser goes on. @throws {ApiError} NOT_FOUND, INVALID_INPUT */
    async decide(request: FastifyRequest, reply: FastifyReply): Promise<{ redirectUrl: string }> {
      const decision = Decision.safeParse(request.body)
      if (!decision.success) throw new ApiError('INVALID_INPUT')
      const { interaction, caller } = await readStepForPage(request, reply)
      const prompt = interaction.prompt.name
      if (!decision.data.allow) {
        const refusal =
          prompt === 'verification'
            ? {
                error: 'unmet_authentication_requirements',
                error_description: 'the person did not verify their identity',
              }
            : { error: 'access_denied', error_description: 'the person did not agree' }
        return { redirectUrl: await finish(request, reply, refusal) }
      }
      if (!caller) throw new ApiError('NOT_FOUND')
      if (prompt === 'select_account')
        return { redirectUrl: await finish(request, reply, { select_account: {} } as InteractionResults) }
      if (prompt !== 'consent' || caller.userId !== interaction.session?.accountId) throw new ApiError('NOT_FOUND')
      const requested = requestedNames(claimsRequestsOf(interaction))
      const agreed = decision.data.claims.filter((name) => requested.includes(name))
      const grantId = await saveGrant(await currentProvider(), interaction, agreed, accountClaimsShown(interaction))
      return { redirectUrl: await finish(request, reply, { consent: { grantId } }) }
    },
  }
}
