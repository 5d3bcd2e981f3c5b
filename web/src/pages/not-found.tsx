import { Anchor, Stack, Text } from '@mantine/core'
import { Heading } from '../ui/parts.tsx'

export const NotFound = () => (
  <main className="people">
    <Stack gap="md" pt="xl">
      <Heading title="Not found">There is nothing here</Heading>
      <Text>The address may be wrong, or the page is not yours to see.</Text>
      <Anchor href="/account/identity">Go to your account</Anchor>
    </Stack>
  </main>
)
