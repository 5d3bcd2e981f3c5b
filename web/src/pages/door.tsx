import { Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Logo } from '../ui/logo.tsx'
import { Heading } from '../ui/parts.tsx'

/** The frame of sign-in and sign-up: whose door this is, and one form. */
export const Door = ({
  name,
  title,
  help,
  children,
}: {
  name: string
  title: string
  help: string
  children: ReactNode
}) => (
  <main style={{ maxWidth: 432, margin: '0 auto', padding: '48px 16px' }}>
    <Stack gap="lg">
      <Group gap="sm" c="brand">
        <Logo />
        <Text fw={650} size="lg" c="var(--mantine-color-text)">
          {name}
        </Text>
      </Group>
      <div className="card">
        <Stack gap="md">
          <Heading size="h2" title={title}>
            {title}
          </Heading>
          {children}
        </Stack>
      </div>
      {help && (
        <Text size="sm" c="dimmed">
          Get help: {help}
        </Text>
      )}
    </Stack>
  </main>
)
