import { z } from 'zod'
import { base, doneResponse, LongPage, listOf, Name, Time } from './api-base.ts'
import { managementLevels } from './api-keys.ts'
import { Colour, SignUpFields } from './sign-up-fields.ts'
import { DisplayName, LineOfText, ObjectName } from './text/fields.ts'

/** What an application's access tokens are, by Casdoor's names (`tokenFormat`), and one that cannot be read. */
export const tokenFormats = ['JWT', 'JWT-Empty', 'JWT-Standard', 'JWT-Custom', 'Opaque'] as const
export type TokenFormat = (typeof tokenFormats)[number]

/** How an application proves itself at the token endpoint (OpenID Connect Core 1.0, section 9). */
export const clientAuthentications = ['client_secret', 'private_key_jwt'] as const
export type ClientAuthentication = (typeof clientAuthentications)[number]
/** Which rules sign-ins of an application follow: OpenID Connect, or FAPI 2.0 Security Profile. */
export const securityProfiles = ['standard', 'fapi2'] as const
export type SecurityProfile = (typeof securityProfiles)[number]

/** A JWK set (RFC 7517, section 5). */
const JwkSet = z.object({ keys: z.array(z.record(z.string(), z.unknown())).min(1).max(20) })
/** A return address as it was typed: the server judges each row when it is saved, and names the row. */
const AddressRows = z.array(z.string().max(4000)).max(50)

/** One row of an application's provider list, in the order in which they are tried. */
const ProviderRow = z.object({ organization: z.string(), name: z.string() })
const ApplicationView = z.object({
  name: z.string(),
  organization: z.string(),
  displayName: z.string(),
  logo: z.string(),
  colour: z.string(),
  homepageUrl: z.string(),
  clientId: z.string(),
  redirectUris: z.array(z.string()),
  postLogoutRedirectUris: z.array(z.string()),
  isPublic: z.boolean(),
  requirePkce: z.boolean(),
  clientAuthentication: z.enum(clientAuthentications),
  jwks: JwkSet.nullable(),
  jwksUri: z.string(),
  securityProfile: z.enum(securityProfiles),
  requireConsent: z.boolean(),
  management: z.enum(managementLevels),
  pairwiseSubjects: z.boolean(),
  tokenFormat: z.enum(tokenFormats),
  backchannelLogoutUri: z.string(),
  enableSignUp: z.boolean(),
  enablePassword: z.boolean(),
  enableEmailCode: z.boolean(),
  signUpFields: SignUpFields,
  providers: z.array(
    ProviderRow.extend({ displayName: z.string(), category: z.string(), type: z.string(), health: z.string() }),
  ),
  createdAt: Time,
  etag: z.string(),
})
/** A client identifier is public: any length and any printable ASCII (RFC 6749, appendix A.1). */
export const ClientId = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\x20-\x7e]+$/, 'Use letters, digits and punctuation of ASCII.')
  .refine((id) => id !== '__proto__', 'Use another identifier.')
/** A client secret is long enough not to be guessed. */
export const ClientSecret = z
  .string()
  .min(24, 'Use at least 24 characters.')
  .max(255)
  .regex(/^[\x20-\x7e]+$/, 'Use letters, digits and punctuation of ASCII.')
  .meta({ secret: true })

const ApplicationInput = z.object({
  displayName: DisplayName.min(1),
  logo: LineOfText(500).default(''),
  colour: Colour.default(''),
  homepageUrl: z.union([z.url().max(2000), z.literal('')]).default(''),
  redirectUris: AddressRows.default([]),
  /** Where people may be sent after signing out. Left out, it stays; empty, the return addresses count. */
  postLogoutRedirectUris: AddressRows.optional(),
  /** Runs in a browser or on a phone: no secret, PKCE required. */
  isPublic: z.boolean().default(false),
  /** PKCE for an application with credentials of its own. This and the next four stay when they are left out. */
  requirePkce: z.boolean().optional(),
  clientAuthentication: z.enum(clientAuthentications).optional(),
  /** Public keys of the application; null removes them. */
  jwks: JwkSet.nullable().optional(),
  jwksUri: z.union([z.url().max(2000), z.literal('')]).optional(),
  securityProfile: z.enum(securityProfiles).optional(),
  requireConsent: z.boolean().default(false),
  /** What its client secret may do beside signing people in. Left out, it stays; `off` for a new application. */
  management: z.enum(managementLevels).optional(),
  /** Each person is known to it by an identifier of its own. */
  pairwiseSubjects: z.boolean().default(false),
  /** Left out, it stays; `JWT` for a new application. */
  tokenFormat: z.enum(tokenFormats).optional(),
  backchannelLogoutUri: z.union([z.url().max(2000), z.literal('')]).default(''),
  /** Left out in a new application: on, except in organization `built-in`. */
  enableSignUp: z.boolean().optional(),
  enablePassword: z.boolean().default(true),
  /** A code by mail, in place of a password. */
  enableEmailCode: z.boolean().default(false),
  signUpFields: SignUpFields.default(SignUpFields.parse({})),
  providers: z.array(ProviderRow).max(20).default([]),
})

export const applications = {
  list: base
    .route({ method: 'GET', path: '/applications', summary: 'Lists applications.', tags: ['console'] })
    .input(z.object({ ...LongPage, organization: Name.optional() }))
    .output(listOf(ApplicationView)),
  read: base
    .route({ method: 'GET', path: '/applications/{name}', summary: 'Reads an application.', tags: ['console'] })
    .input(z.object({ name: Name }))
    .output(ApplicationView),
  create: base
    .route({
      method: 'POST',
      path: '/applications',
      summary: 'Creates an application.',
      successStatus: 201,
      tags: ['console'],
    })
    .input(
      ApplicationInput.extend({
        organization: Name,
        name: ObjectName,
        /** Those of an application that moves here, so that its clients need no new ones (RFC 6749, appendices A.1 and A.2). */
        clientId: ClientId.optional(),
        clientSecret: ClientSecret.optional(),
      }),
    )
    .output(ApplicationView),
  update: base
    .route({ method: 'PUT', path: '/applications/{name}', summary: 'Changes an application.', tags: ['console'] })
    .input(ApplicationInput.extend({ name: Name, etag: z.string().max(200).optional() }))
    .output(ApplicationView),
  remove: base
    .route({ method: 'DELETE', path: '/applications/{name}', summary: 'Deletes an application.', tags: ['console'] })
    .input(z.object({ name: Name }))
    .output(doneResponse),
  resetSecret: base
    .route({
      method: 'POST',
      path: '/applications/{name}/secret',
      summary: 'Makes a new client secret. The old one ends at once.',
      tags: ['applications'],
    })
    .input(z.object({ name: Name }))
    .output(
      z.object({
        clientSecret: z.string().meta({ secret: true }),
        /** Of the application: a change that was begun before is still accepted. */
        etag: z.string(),
      }),
    ),
}
