import { Anchor, Button, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { formatDate } from '../../sentences.ts'
import { Notice } from '../../ui/parts.tsx'
import { type Account, documentName, Values } from './details.tsx'

/** The details for good, and what they came from. */
export const SealedDetails = ({ account }: { account: Account }) => {
  const [why, { toggle }] = useDisclosure(false)
  const { identity } = account
  return (
    <Stack gap="md">
      <Text>
        Verified on {identity.verifiedAt ? formatDate(identity.verifiedAt) : ''}
        {identity.verifiedBy ? ` by ${identity.verifiedBy}` : ''}, with a{' '}
        {documentName(identity.documentType).toLowerCase()}.
      </Text>
      {identity.isDemonstration && (
        <Notice tone="open" title="Demonstration">
          <p>A specimen was used. It proves no identity, and counts on this installation only.</p>
        </Notice>
      )}
      <Values account={account} sealed />
      <Text size="sm">
        Sealed: nobody can change these, not even staff.{' '}
        <Anchor component="button" type="button" onClick={toggle} aria-expanded={why}>
          Why?
        </Anchor>
      </Text>
      {why && (
        <Text size="sm" c="dimmed">
          Applications rely on these details being the ones that were checked. If they could change afterwards, the
          check would prove nothing. They stay until the account is erased.
        </Text>
      )}
      {account.application.homepageUrl && (
        <Button component="a" href={account.application.homepageUrl}>
          Continue to {account.application.displayName}
        </Button>
      )}
    </Stack>
  )
}
