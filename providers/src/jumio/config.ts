import { documentTypeLabels, documentTypes, documentTypesAcceptedByDefault } from '@veridoor/contract'
import {
  hostsOfBase,
  hostsOfRegion,
  keepsUrlRules,
  type PlatformHosts,
  platformRegions,
  platformWorkflows,
  requiredOf,
  workflowIds,
} from '@veridoor/jumio'
import { z } from 'zod'

/** Data centres and their v4 hosts (contract section 2.1). Data and keys of one are unknown to the others. */
export const regions = {
  us: 'https://netverify.com',
  eu: 'https://lon.netverify.com',
  sgp: 'https://core-sgp.jumio.com',
} as const

const optionalAddress = z.union([
  z.literal(''),
  z
    .string()
    .trim()
    .refine(
      (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
      'An address that begins with https://',
    ),
])

/** The Platform's workflows that check a document; with any other nobody could ever be verified. */
const checksDocument = (key: string): boolean => key !== '1' && platformWorkflows[key]?.document !== false
const namedWorkflows = Object.entries(platformWorkflows)
  .filter(([key]) => checksDocument(key))
  .map(([key, { name }]) => `${key} ${name}`)
  .join('; ')

/** An address that Jumio may send people to (contract section 2.4); on this machine for the local verifier. */
const optionalPage = z.union([
  z.literal(''),
  z
    .string()
    .trim()
    .refine(
      (text) => keepsUrlRules(text, { maxLength: 255, allowLoopback: true }),
      'An https address of your own: at most 255 characters, no port, no fragment, no IP address',
    ),
])

/**
 * The settings of a Jumio provider. Token, secret and endpoint alone are enough; everything else has a default. The console
 * draws its form from this schema: `group` makes the sections, `secret` marks what is sealed and never shown again,
 * `destination` what decides where a secret is sent: changed, the secret must be entered again.
 */
export const JumioConfig = z.object({
  clientId: z.string().trim().min(1, 'Enter the API token').max(200).meta({
    title: 'API token (client ID)',
    description: "In Jumio's portal: Settings, API credentials. For the Platform it is the OAuth client's ID.",
    group: 'Connection',
  }),
  clientSecret: z.string().min(1, 'Enter the API secret').max(500).meta({
    title: 'API secret (client secret)',
    description: 'Shown once by the portal, next to the token.',
    group: 'Connection',
    secret: true,
  }),
  generation: z
    .enum(['v4', 'platform'])
    .default('v4')
    .meta({
      title: 'API generation',
      description:
        'Which API your keys are for. The portal calls both pairs API token and secret, so ask Jumio when unsure: Test connection tells as well.',
      group: 'Connection',
      destination: true,
      labels: { v4: 'Netverify v4', platform: 'Jumio Platform (KYX)' },
    }),
  region: z
    .enum(['us', 'eu', 'sgp'])
    .default('us')
    .meta({
      title: 'Data centre',
      description:
        "Where your Jumio account lives: the portal's own address says it. Keys of one do not work in another. Used when no endpoint is given.",
      group: 'Connection',
      destination: true,
      labels: { us: 'United States', eu: 'Europe', sgp: 'Singapore' },
    }),
  endpoint: optionalAddress.default('').meta({
    title: 'Endpoint',
    description:
      'Base address of the API, such as https://netverify.com. Your portal shows it in its address bar and in the API guide of your account. Leave empty to use the data centre.',
    group: 'Connection',
    destination: true,
  }),
  companyName: z
    .string()
    .trim()
    .max(60)
    .regex(/^[\w .,&-]*$/, 'Letters, digits and . , & - only')
    .default('')
    .meta({
      title: 'Company name',
      description:
        'Your company as your contract with Jumio names it: sent with every call (User-Agent), as Jumio asks. Empty: Veridoor.',
      group: 'Connection',
    }),
  workflowId: z
    .int()
    .refine((id) => (workflowIds as readonly number[]).includes(id), 'One of 100, 101, 102, 200, 201, 202')
    .default(200)
    .meta({
      title: 'Workflow (Netverify v4)',
      description:
        '200 to 202 check a face besides the document, and need Identity Verification in your contract; 100 to 102 check only the document.',
      group: 'Check',
      options: [...workflowIds],
      labels: {
        '100': 'Document, camera or upload (100)',
        '101': 'Document, camera only (101)',
        '102': 'Document, upload only (102)',
        '200': 'Document and face, camera or upload (200)',
        '201': 'Document and face, camera only (201)',
        '202': 'Document and face, upload only (202)',
      },
    }),
  workflowKey: z
    .string()
    .trim()
    .regex(/^\d{1,6}$/, 'One to six digits')
    .refine(checksDocument, 'This workflow checks no document, so nobody could be verified by it. Choose another')
    .default('10164')
    .meta({
      title: 'Workflow key (Platform)',
      description: `In Jumio's portal: Settings, Workflows; Jumio switches keys on for your account. ${namedWorkflows}. Keys of your own workflows work as well.`,
      group: 'Check',
    }),
  customWorkflowHasFace: z.boolean().default(true).meta({
    title: 'My own workflow checks a face',
    description: 'For workflow keys that Jumio made for you. Without a passed face check nobody is verified.',
    group: 'Check',
  }),
  livenessRequired: z.boolean().default(true).meta({
    title: 'Require liveness',
    description:
      'On: a check without a liveness result goes to a reviewer. Switch it off only if you accept that a good picture of a picture may pass, as with a local verifier without its movement check.',
    group: 'Check',
  }),
  documentTypes: z
    .array(z.enum(documentTypes))
    .min(1, 'Choose at least one')
    .default([...documentTypesAcceptedByDefault])
    .meta({
      title: 'Accepted documents',
      description:
        "People with another type are told before they start. Keep it within what your portal's settings accept: the rest is refused there.",
      group: 'Check',
      labels: documentTypeLabels,
    }),
  countries: z
    .array(z.string().regex(/^[A-Z]{3}$/, 'Three capital letters'))
    .default([])
    .meta({
      title: 'Accepted countries',
      description: "Three-letter codes, such as AUT. Empty: all that your portal's settings accept.",
      group: 'Check',
    }),
  locale: z.string().max(5).default('').meta({
    title: 'Language of the check',
    description: "Empty: the person's own, as far as it is supported.",
    group: 'Check',
  }),
  successUrl: optionalPage.default('').meta({
    destination: false,
    title: 'Success URL',
    description:
      'Where people go when their pictures are sent. Empty: back to their account page, which follows along by itself. The address says nothing about the result.',
    group: 'Check',
  }),
  errorUrl: optionalPage.default('').meta({
    destination: false,
    title: 'Cancel URL',
    description: 'Empty: back to their account page, which says what happened and offers to start again.',
    group: 'Check',
  }),
  tokenLifetimeMin: z.int().min(5).max(86_400).default(30).meta({
    title: 'Link lifetime, minutes',
    description:
      "How long a person may take to open the check: 5 to 86,400. Sent with each start, so it goes before your portal's own setting.",
    group: 'Check',
  }),
  checkCallbackSource: z.boolean().default(false).meta({
    title: "Accept callbacks from Jumio's addresses only",
    description:
      'An additional layer: a callback decides nothing either way. Switch it on where this server sees the true address of its callers. When Jumio changes its addresses, results arrive later, by polling.',
    group: 'Limits',
  }),
  callbackSources: z
    .array(z.string().regex(/^[0-9a-fA-F.:]{3,45}$/, 'An IP address'))
    .max(50)
    .default([])
    .meta({
      title: 'Additional callback addresses',
      description:
        'Added to the addresses that Jumio publishes for the region. Your contact at Jumio tells you of new ones.',
      group: 'Limits',
    }),
  showPictures: z.boolean().default(false).meta({
    title: 'Show pictures to reviewers',
    description:
      'Off: pictures are never fetched. On: an administrator who gives a reason may look at those of one check, as long as the provider has them. Each look is recorded, nothing is kept.',
    group: 'Limits',
  }),
  monthlyLimit: z.int().min(1).max(10_000_000).nullable().default(null).meta({
    title: 'Monthly limit',
    description: 'Checks a month at most. You are warned at 80 %. Empty: no limit.',
    group: 'Limits',
  }),
  retentionDays: z.int().min(1).max(3650).nullable().default(null).meta({
    title: 'Erase after, days',
    description:
      "When Jumio is told to delete a check, counted from its end. Empty: your portal's own rule (Jumio's default: 360 days).",
    group: 'Limits',
  }),
})
export type JumioConfig = z.infer<typeof JumioConfig>

/** Base address of the v4 API. */
export const baseUrlOf = (config: JumioConfig): string =>
  (config.endpoint || regions[config.region]).replace(/\/+$/, '')

/** Hosts of the Platform: of the endpoint when there is one, else of the data centre. */
export const hostsOf = (config: JumioConfig): PlatformHosts =>
  config.endpoint ? hostsOfBase(config.endpoint) : hostsOfRegion(config.region)

/** The data centre that is called: the endpoint's, where it is one of Jumio's own, else the one that was chosen. */
export const regionOf = (config: JumioConfig): JumioConfig['region'] => {
  if (!config.endpoint) return config.region
  const { host } = new URL(config.endpoint)
  const { auth } = hostsOfBase(config.endpoint)
  const found = platformRegions.find(
    (region) => new URL(regions[region]).host === host || hostsOfRegion(region).auth === auth,
  )
  return found ?? config.region
}

/** Known keys say it themselves; for the operator's own workflow the setting does. */
export const asksForFacePlatform = (config: JumioConfig): boolean =>
  requiredOf(config.workflowKey, config.customWorkflowHasFace).face

/** `Acme Shop Veridoor/0.1`: a company part and a product part (contract section 2.2). */
export const userAgentOf = (config: JumioConfig): string => `${config.companyName || 'Veridoor'} Veridoor/0.1`
