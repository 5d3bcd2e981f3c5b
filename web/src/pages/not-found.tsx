import { Anchor, Stack, Text } from '@mantine/core'
import { Heading } from '../ui/parts.tsx'

export const NotFound = () => (
  <main className="people">
    <Stack gap="md" pt="xl">
      <Heading title="Not found">Page not found</Heading>
      <Text>The address may be wrong, or you do not have access to this page.</Text>
      <Anchor href="/account/identity">Go to your account</Anchor>
    </Stack>
  </main>
)
