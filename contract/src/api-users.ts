import { z } from 'zod'
import { base, doneResponse, Id, listOf, Name, organizationAndName, Page, Time } from './api-base.ts'
import { IdentityClaim } from './identity.ts'
import { VerificationState } from './states.ts'
import { DisplayName, Email, FreeText, LineOfText, NewUserName } from './text/fields.ts'

const UserView = z.object({
  organization: z.string(),
  name: z.string(),
  id: Id,
  displayName: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  phone: z.string(),
  isAdmin: z.boolean(),
  isForbidden: z.boolean(),
  application: z.string(),
  /** Sign-in asks for a code of an authenticator app. */
  hasSecondStep: z.boolean(),
  identity: z.object({
    documentType: z.string(),
    documentNumberMasked: z.string(),
    realName: z.string(),
    documentCountry: z.string(),
    sealed: z.array(z.string()),
    isVerified: z.boolean(),
    /** `installation`: by a provider that the installation had approved. `organization`: by one that only the organization chose. */
    trust: z.enum(['installation', 'organization']).nullable(),
    isDemonstration: z.boolean(),
    verifiedAt: Time.nullable(),
  }),
  verificationState: VerificationState.nullable(),
  createdAt: Time,
  lastSignInAt: Time.nullable(),
  etag: z.string(),
})
const UserInput = z.object({
  displayName: DisplayName.default(''),
  email: Email.default(''),
  isAdmin: z.boolean().default(false),
  isForbidden: z.boolean().default(false),
  application: LineOfText(100).default(''),
  identity: IdentityClaim.partial().optional(),
})

/** People, as administrators see them. */
export const users = {
  list: base
    .route({ method: 'GET', path: '/users', summary: 'Lists people.', tags: ['console'] })
    .input(
      z.object({
        ...Page,
        organization: Name.optional(),
        search: LineOfText(100).optional(),
        order: z.enum(['name', 'newest']).default('name'),
      }),
    )
    .output(listOf(UserView)),
  read: base
    .route({
      method: 'GET',
      path: '/users/{organization}/{name}',
      summary: 'Reads a person. The document number is masked.',
      tags: ['console'],
    })
    .input(organizationAndName)
    .output(UserView),
  create: base
    .route({ method: 'POST', path: '/users', summary: 'Creates a person.', successStatus: 201, tags: ['console'] })
    .input(
      UserInput.extend({
        organization: Name,
        name: NewUserName,
        password: z.string().min(10).max(1000).optional().meta({ secret: true }),
      }),
    )
    .output(UserView),
  update: base
    .route({ method: 'PUT', path: '/users/{organization}/{name}', summary: 'Changes a person.', tags: ['console'] })
    .input(UserInput.extend({ organization: Name, name: Name, etag: z.string().max(200).optional() }))
    .output(UserView),
  /** For somebody who lost phone and recovery codes. Recorded, and the person is written to. */
  removeSecondStep: base
    .route({
      method: 'POST',
      path: '/users/{organization}/{name}/second-step/removal',
      summary: 'Removes the second step of a person who lost it.',
      tags: ['console'],
    })
    .input(organizationAndName.extend({ reason: FreeText(200).min(3) }))
    .output(UserView),
  remove: base
    .route({
      method: 'DELETE',
      path: '/users/{organization}/{name}',
      summary: 'Deletes a person and their data.',
      tags: ['console'],
    })
    .input(organizationAndName)
    .output(doneResponse),
}
