import { Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCircleDashed, IconShieldCheckFilled } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { api, queries } from '../api.ts'
import { ConfirmButton } from '../ui/confirm.tsx'
import { ErrorNotice } from '../ui/parts.tsx'
import { useSession } from '../ui/session.tsx'
import { approvalWords, destinationLines } from './approval-words.ts'
import type { Provider } from './provider-draft.ts'
import type { FieldSpec } from './schema-fields.ts'

/** Whether the installation answers for a provider: a word with an icon, on a tint. */
export const ApprovalBadge = ({ isApproved }: { isApproved: boolean }) => {
  const tone = isApproved ? 'good' : 'off'
  const Icon = isApproved ? IconShieldCheckFilled : IconCircleDashed
  return (
    <span className="badge" style={{ color: `var(--vd-${tone})`, background: `var(--vd-${tone}-tint)` }}>
      <Icon size={16} stroke={1.75} aria-hidden="true" />
      {approvalWords(isApproved).badge}
    </span>
  )
}

const Destination = ({ lines }: { lines: readonly string[] }) => (
  <div>
    <p style={{ margin: 0 }}>Checks go to:</p>
    <ul style={{ margin: 0, paddingInlineStart: 20 }}>
      {lines.map((line) => (
        <li key={line} style={{ overflowWrap: 'anywhere' }}>
          {line}
        </li>
      ))}
    </ul>
  </div>
)

/** Administrators of the installation save and approve providers of the installation in one step. */
const isOfInstallation = ({ organization }: Provider): boolean =>
  organization === 'admin' || organization === 'built-in'

/** What is asked before the approval is given or withdrawn; it says where checks go. */
const questionOf = (provider: Provider, lines: readonly string[]) => {
  const destination =
    lines.length > 0 ? (
      <Destination lines={lines} />
    ) : (
      <p style={{ margin: 0 }}>Its settings name no place that checks go to.</p>
    )
  return provider.isApproved
    ? {
        title: 'Withdraw the approval of this provider?',
        body: (
          <Stack gap="sm">
            {destination}
            <span>
              Results from now on are marked as verified by the organization's own provider. Earlier results stay as
              they are.
              {isOfInstallation(provider) &&
                ' When an administrator of the installation saves its settings, it is approved again.'}
            </span>
          </Stack>
        ),
        action: 'Withdraw approval',
        typed: provider.name,
      }
    : {
        title: 'Approve this provider?',
        body: (
          <Stack gap="sm">
            {destination}
            <span>
              The installation answers for results from now on. The approval ends when the organization changes where
              checks go. Earlier results stay as they are.
            </span>
          </Stack>
        ),
        action: 'Approve',
        typed: provider.name,
        isHarmless: true,
      }
}

/**
 * What the approval means, and for administrators of the installation the button that gives or withdraws it. It is about the saved
 * settings, so that unsaved ones come first.
 */
export const ProviderApproval = ({
  provider,
  fields,
  isChanged,
  onDone,
}: {
  provider: Provider
  fields: readonly FieldSpec[]
  isChanged: boolean
  onDone: (provider: Provider) => void
}) => {
  const { session } = useSession()
  const { organization, name, isApproved, etag } = provider
  const approve = useMutation(
    api.providers.approve.mutationOptions({
      onSuccess: async (saved) => {
        onDone(saved)
        notifications.show({ message: saved.isApproved ? 'Approved' : 'Approval withdrawn' })
        await queries.invalidateQueries()
      },
      // Somebody else changed it meanwhile: what is shown has to be read again before the next try.
      onError: () => queries.invalidateQueries(),
    }),
  )
  return (
    <section className="card" aria-label="Approval">
      <Stack gap="sm" align="flex-start">
        <Title order={2} size="h4">
          Approval
        </Title>
        <ApprovalBadge isApproved={isApproved} />
        <Text size="sm">{approvalWords(isApproved).meaning}</Text>
        <ErrorNotice error={approve.error} />
        {session?.user.isGlobalAdmin && (
          <>
            <ConfirmButton
              question={questionOf(provider, destinationLines(provider.destination, fields))}
              loading={approve.isPending}
              disabled={isChanged}
              onConfirm={() => approve.mutate({ organization, name, isApproved: !isApproved, etag })}
            >
              {isApproved ? 'Withdraw approval' : 'Approve'}
            </ConfirmButton>
            {isChanged && (
              <Text size="sm" c="dimmed">
                Save your changes first.
              </Text>
            )}
          </>
        )}
      </Stack>
    </section>
  )
}
