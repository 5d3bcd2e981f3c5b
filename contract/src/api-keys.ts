import { z } from 'zod'
import { base, doneResponse, Id, Name, Time } from './api-base.ts'
import { LineOfText } from './text/fields.ts'

/** What a key may be used for. Nothing else is open to keys, whatever their application may do. */
export const apiScopes = [
  'verifications:read',
  'verifications:write',
  'verifications:review',
  'users:read',
  'users:write',
  'audit:read',
  'settings:read',
  'webhooks:read',
  'webhooks:write',
] as const
export type ApiScope = (typeof apiScopes)[number]

/** What an application's own credentials may do beside signing people in. Set by an administrator; `off` for a new application. */
export const managementLevels = ['off', 'read', 'people'] as const
export type ManagementLevel = (typeof managementLevels)[number]

const readScopes = ['users:read', 'verifications:read', 'audit:read', 'settings:read'] as const satisfies ApiScope[]

/**
 * The scopes of each level: those of API keys, without the ones that change settings. Providers, applications and organizations are changed
 * by people only.
 */
export const managementScopes: Readonly<Record<ManagementLevel, readonly ApiScope[]>> = {
  off: [],
  read: readScopes,
  people: [...readScopes, 'users:write', 'verifications:write'],
}

export const ApiKeyView = z.object({
  id: Id,
  name: z.string(),
  scopes: z.array(z.enum(apiScopes)),
  /** The last four characters, to tell keys apart. */
  ending: z.string(),
  createdAt: Time,
  createdBy: z.string(),
  lastUsedAt: Time.nullable(),
})

/** Keys by which an application's server calls this API: `Authorization: Bearer vd_…`. A key is in the answer that makes it, and never again. */
export const apiKeys = {
  list: base
    .route({
      method: 'GET',
      path: '/applications/{application}/keys',
      summary: 'Lists the API keys of an application.',
      tags: ['applications'],
    })
    .input(z.object({ application: Name }))
    .output(z.object({ items: z.array(ApiKeyView) })),
  create: base
    .route({
      method: 'POST',
      path: '/applications/{application}/keys',
      summary: 'Creates an API key.',
      successStatus: 201,
      tags: ['applications'],
    })
    .input(
      z.object({
        application: Name,
        name: LineOfText(100).min(1),
        scopes: z.array(z.enum(apiScopes)).min(1).max(20),
      }),
    )
    .output(z.object({ apiKey: ApiKeyView, key: z.string().meta({ secret: true }) })),
  /** Ends the key at once. */
  revoke: base
    .route({
      method: 'DELETE',
      path: '/applications/{application}/keys/{id}',
      summary: 'Revokes an API key.',
      tags: ['applications'],
    })
    .input(z.object({ application: Name, id: z.uuid() }))
    .output(doneResponse),
}
