import { Button, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { api, queries } from '../../api.ts'
import { readSentence } from '../../sentences.ts'
import { ErrorNotice } from '../../ui/parts.tsx'
import { type Account, documentName } from './details.tsx'

/** A check that has started and not ended: how it goes on, and how it is cancelled. */
export const OpenCheck = ({ account }: { account: Account }) => {
  const { verification } = account
  const cancel = useMutation(api.verifications.cancel.mutationOptions({ onSettled: () => queries.invalidateQueries() }))
  if (!verification) return null
  return (
    <Stack gap="md">
      <Text>
        {documentName(account.identity.documentType)}{' '}
        <bdi className="mono">{account.identity.documentNumberMasked}</bdi>
        <br />
        {account.identity.realName}
      </Text>
      {verification.state === 'waiting' && (
        <>
          <Text>
            You have started a check.{' '}
            {verification.expiresAt
              ? `It is open until ${new Date(verification.expiresAt).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}.`
              : ''}
          </Text>
          {verification.redirectUrl && (
            <Button component="a" href={verification.redirectUrl}>
              Continue
            </Button>
          )}
        </>
      )}
      {(verification.state === 'checking' || verification.state === 'review') && (
        <Text>
          {readSentence(verification.state === 'checking' ? 'checking' : 'under_review').body}{' '}
          {account.isWrittenTo ? 'We will email you.' : 'Come back to this page.'}
        </Text>
      )}
      <ErrorNotice error={cancel.error} />
      {verification.canCancel && (
        <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate({ id: verification.id })}>
          Cancel this check
        </Button>
      )}
      <Text size="sm" c="dimmed">
        Details cannot change while a check is open. Reference {verification.reference}
        {account.helpContact ? `. Get help: ${account.helpContact}` : ''}
      </Text>
    </Stack>
  )
}
