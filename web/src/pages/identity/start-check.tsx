import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { api, queries } from '../../api.ts'
import { ErrorNotice } from '../../ui/parts.tsx'
import { type Account, documentName, Values } from './details.tsx'

/** What will be checked and sent, before anything starts. */
export const StartCheck = ({
  account,
  opened,
  onClose,
}: {
  account: Account
  opened: boolean
  onClose: () => void
}) => {
  const start = useMutation(
    api.verifications.start.mutationOptions({
      onSuccess: ({ redirectUrl }) => redirectUrl && window.location.assign(redirectUrl),
      onSettled: () => queries.invalidateQueries(),
    }),
  )
  const { identity } = account
  return (
    <Modal opened={opened} onClose={onClose} title="Before you start" centered>
      <Stack gap="md">
        <ErrorNotice error={start.error} />
        <Text>We check these details against your document. They cannot change while the check is open.</Text>
        <Values account={account} sealed={false} />
        <Text size="sm" c="dimmed">
          {identity.documentCountry === ''
            ? `The check asks which country issued your ${documentName(identity.documentType).toLowerCase()}. `
            : ''}
          You photograph your document and your face. The pictures go to the check service, not to this page. After a
          positive result the details are sealed for good.
        </Text>
        <Group grow>
          <Button variant="default" onClick={onClose}>
            Change
          </Button>
          <Button loading={start.isPending} onClick={() => start.mutate({})}>
            Start
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
