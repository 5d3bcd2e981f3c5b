import { z } from 'zod'
import { base, LongPage, listOf, Name, Time } from './api-base.ts'
import { Colour } from './sign-up-fields.ts'
import { DisplayName, LineOfText, ObjectName } from './text/fields.ts'

const OrganizationView = z.object({
  name: z.string(),
  displayName: z.string(),
  logo: z.string(),
  colour: z.string(),
  helpContact: z.string(),
  createdAt: Time,
  /** Counted up to 10,000. */
  users: z.int(),
  isUserCountCapped: z.boolean(),
  triesPerDay: z.int(),
  /** Administrators act only in sessions that were opened with a second factor or a passkey. */
  requireStaffSecondFactor: z.boolean(),
  etag: z.string(),
})
const OrganizationInput = z.object({
  displayName: DisplayName.min(1),
  logo: LineOfText(500).default(''),
  colour: Colour.default(''),
  helpContact: LineOfText(200).default(''),
  triesPerDay: z.int().min(1).max(50).default(5),
  /** Left out, it stays; off in a new organization. */
  requireStaffSecondFactor: z.boolean().optional(),
})

export const organizations = {
  list: base
    .route({ method: 'GET', path: '/organizations', summary: 'Lists organizations.', tags: ['console'] })
    .input(z.object({ ...LongPage }))
    .output(listOf(OrganizationView)),
  create: base
    .route({
      method: 'POST',
      path: '/organizations',
      summary: 'Creates an organization.',
      successStatus: 201,
      tags: ['console'],
    })
    .input(OrganizationInput.extend({ name: ObjectName }))
    .output(OrganizationView),
  read: base
    .route({ method: 'GET', path: '/organizations/{name}', summary: 'Reads an organization.', tags: ['console'] })
    .input(z.object({ name: Name }))
    .output(OrganizationView),
  update: base
    .route({ method: 'PUT', path: '/organizations/{name}', summary: 'Changes an organization.', tags: ['console'] })
    .input(OrganizationInput.extend({ name: Name, etag: z.string().max(200).optional() }))
    .output(OrganizationView),
}
