import { z } from 'zod'
import { base, doneResponse, LongPage, listOf, Name, organizationAndName, Time } from './api-base.ts'
import { DisplayName, LineOfText, ObjectName } from './text/fields.ts'

const ProviderTypeView = z.object({
  category: z.string(),
  type: z.string(),
  displayName: z.string(),
  /** JSON Schema of the configuration; the form is drawn from it. `secret`, `widget`, `group`, `title`, `description`. */
  configSchema: z.record(z.string(), z.unknown()),
  /** Personal data that a check sends to this type; each start records it. Empty: random references only. */
  sends: z.array(z.enum(['claim', 'address', 'userAgent', 'language'])),
  /** `per_account`: the webhook address of the provider has to be entered in its dashboard. */
  webhooks: z.enum(['per_check', 'per_account', 'none']),
  /** Origins whose scripts run on the page with an embedded check. */
  scriptOrigins: z.array(z.string()),
})
export const ProviderHealth = z.enum(['ok', 'degraded', 'down', 'unknown'])
const ProviderView = z.object({
  organization: z.string(),
  name: z.string(),
  displayName: z.string(),
  category: z.string(),
  type: z.string(),
  /** Secrets read `***` when set, `` when not. */
  config: z.record(z.string(), z.unknown()),
  secretsSavedAt: Time.nullable(),
  /** To enter in the provider's dashboard; null for types that get an address with each check. */
  webhookUrl: z.string().nullable(),
  /** Whether the installation answers for it: otherwise its results are told under a trust framework of their own. */
  isApproved: z.boolean(),
  /** Settings that decide where its checks go, each as `name value`; empty for those who may not read its settings. */
  destination: z.array(z.string()),
  health: ProviderHealth,
  healthDetail: z.string(),
  usedThisMonth: z.int(),
  monthlyLimit: z.int().nullable(),
  usedBy: z.array(z.object({ name: z.string(), displayName: z.string() })),
  lastTest: z.object({ at: Time, ok: z.boolean() }).nullable(),
  createdAt: Time,
  etag: z.string(),
})
const ProviderInput = z.object({
  displayName: DisplayName.min(1),
  category: LineOfText(100).min(1),
  type: LineOfText(100).min(1),
  config: z.record(z.string(), z.unknown()),
})
const ProbeView = z.object({
  ok: z.boolean(),
  ms: z.int(),
  at: Time,
  steps: z.array(
    z.object({
      step: z.string(),
      title: z.string(),
      state: z.enum(['ok', 'failed', 'skipped']),
      ms: z.int().nullable(),
      code: z.string().nullable(),
      sentence: z.string(),
    }),
  ),
})

export const providers = {
  types: base
    .route({
      method: 'GET',
      path: '/provider-types',
      summary: 'Lists the types of provider and their settings.',
      tags: ['console'],
    })
    .output(z.object({ items: z.array(ProviderTypeView) })),
  list: base
    .route({ method: 'GET', path: '/providers', summary: 'Lists providers.', tags: ['console'] })
    .input(z.object({ ...LongPage, organization: Name.optional() }))
    .output(listOf(ProviderView)),
  read: base
    .route({
      method: 'GET',
      path: '/providers/{organization}/{name}',
      summary: 'Reads a provider, without its secrets.',
      tags: ['console'],
    })
    .input(organizationAndName)
    .output(ProviderView),
  create: base
    .route({
      method: 'POST',
      path: '/providers',
      summary: 'Creates a provider.',
      successStatus: 201,
      tags: ['console'],
    })
    .input(ProviderInput.extend({ organization: Name, name: ObjectName }))
    .output(ProviderView),
  update: base
    .route({
      method: 'PUT',
      path: '/providers/{organization}/{name}',
      summary: 'Changes a provider.',
      tags: ['console'],
    })
    .input(ProviderInput.extend({ organization: Name, name: Name, etag: z.string().max(200).optional() }))
    .output(ProviderView),
  /** Approves a provider for the installation, or withdraws that. For administrators of the installation. */
  approve: base
    .route({
      method: 'POST',
      path: '/providers/{organization}/{name}/approval',
      summary: 'Approves a provider for the installation, or withdraws the approval.',
      tags: ['console'],
    })
    .input(
      z.object({
        organization: Name,
        name: Name,
        isApproved: z.boolean(),
        /** Of the provider as it was read: refused when somebody changed it meanwhile. */
        etag: z.string().max(200).optional(),
      }),
    )
    .output(ProviderView),
  remove: base
    .route({
      method: 'DELETE',
      path: '/providers/{organization}/{name}',
      summary: 'Deletes a provider that no application uses.',
      tags: ['console'],
    })
    .input(organizationAndName)
    .output(doneResponse),
  /** Test connection, with the values in the form; saves nothing but the time and result of the test. */
  probe: base
    .route({
      method: 'POST',
      path: '/provider-tests',
      summary: 'Tests the settings of a provider without starting a check.',
      tags: ['console'],
    })
    .input(ProviderInput.extend({ organization: Name, name: Name.optional() }))
    .output(ProbeView),
}
