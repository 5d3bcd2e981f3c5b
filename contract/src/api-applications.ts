import { z } from 'zod'
import { base, doneResponse, Name, Time } from './api-base.ts'
import { Colour, SignUpFields } from './sign-up-fields.ts'

/** What an application's access tokens are, by Casdoor's names (`tokenFormat`), and one that cannot be read. */
export const tokenFormats = ['JWT', 'JWT-Empty', 'JWT-Standard', 'JWT-Custom', 'Opaque'] as const
export type TokenFormat = (typeof tokenFormats)[number]

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
  isPublic: z.boolean(),
  requireConsent: z.boolean(),
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
const ApplicationInput = z.object({
  displayName: z.string().trim().min(1).max(100),
  logo: z.string().max(500).default(''),
  colour: Colour.default(''),
  homepageUrl: z.union([z.url(), z.literal('')]).default(''),
  redirectUris: z.array(z.url()).max(50).default([]),
  /** Runs in a browser or on a phone: no secret, PKCE required. */
  isPublic: z.boolean().default(false),
  requireConsent: z.boolean().default(false),
  /** Each person is known to it by an identifier of its own. */
  pairwiseSubjects: z.boolean().default(false),
  /** Left out, it stays; `JWT` for a new application. */
  tokenFormat: z.enum(tokenFormats).optional(),
  backchannelLogoutUri: z.union([z.url(), z.literal('')]).default(''),
  enableSignUp: z.boolean().default(true),
  enablePassword: z.boolean().default(true),
  /** A code by mail, in place of a password. */
  enableEmailCode: z.boolean().default(false),
  signUpFields: SignUpFields.default(SignUpFields.parse({})),
  providers: z.array(ProviderRow).max(20).default([]),
})

export const applications = {
  list: base
    .route({ method: 'GET', path: '/applications', summary: 'Lists applications.', tags: ['console'] })
    .input(z.object({ organization: Name.optional() }))
    .output(z.object({ items: z.array(ApplicationView) })),
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
    .input(ApplicationInput.extend({ organization: Name, name: Name }))
    .output(ApplicationView),
  update: base
    .route({ method: 'PUT', path: '/applications/{name}', summary: 'Changes an application.', tags: ['console'] })
    .input(ApplicationInput.extend({ name: Name, etag: z.string().optional() }))
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
    .output(z.object({ clientSecret: z.string().meta({ secret: true }) })),
}
