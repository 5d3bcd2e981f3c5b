import { Text } from '@mantine/core'
import { Copyable } from '../ui/copy-button.tsx'
import type { ProviderType } from './provider-draft.ts'

const sentParts = {
  claim: 'the name and document number that the person entered',
  address: "the browser's IP address",
  userAgent: "the browser's name",
  language: "the browser's language",
} as const

/** What a type is sent beyond random references, what it may run on our page, and where its webhooks go. */
export const ProviderDisclosure = ({ type, webhookUrl }: { type: ProviderType; webhookUrl: string | null }) => (
  <>
    {type.sends.length > 0 && (
      <Text size="sm" c="dimmed">
        Each check sends {type.sends.map((part) => sentParts[part]).join(', ')} to this provider. The audit log records
        it.
      </Text>
    )}
    {type.scriptOrigins.length > 0 && (
      <Text size="sm" c="dimmed">
        An embedded check runs scripts from {type.scriptOrigins.join(', ')} on one page of this server.
      </Text>
    )}
    {type.webhooks === 'per_account' && webhookUrl === null && (
      <Text size="sm" c="dimmed">
        After you save, a webhook address appears here. Enter it in the provider's dashboard.
      </Text>
    )}
    {webhookUrl !== null && (
      <div>
        <Copyable label="Webhook address" text={webhookUrl} />
        <Text size="sm" c="dimmed">
          Enter it in the provider's dashboard, and its signing secret below.
        </Text>
      </div>
    )}
  </>
)
