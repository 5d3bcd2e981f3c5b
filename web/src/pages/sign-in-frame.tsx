import { Group, Stack, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Logo } from '../ui/logo.tsx'
import { Heading } from '../ui/parts.tsx'
import { brandColours } from './brand-colour.ts'

const FrameLogo = ({ address }: { address: string }) => {
  const [failed, setFailed] = useState(false)
  if (!address.startsWith('https://') || failed) return <Logo />
  return (
    // Decorative: the name stands beside it. No referrer, so that the server of the picture does not learn the address of this page.
    <img
      src={address}
      alt=""
      height={32}
      referrerPolicy="no-referrer"
      style={{ maxWidth: 120, objectFit: 'contain' }}
      onError={() => setFailed(true)}
    />
  )
}

/** The frame of sign-in and sign-up: the organization and one form. */
export const SignInFrame = ({
  name,
  title,
  help,
  logo = '',
  colour = '',
  children,
}: {
  name: string
  title: string
  help: string
  /** An https address. The product’s own logo is shown when it is empty or does not load. */
  logo?: string
  /** `#rrggbb`, of which readable shades are made; empty for the product’s own colour. */
  colour?: string
  children: ReactNode
}) => (
  <main
    className={brandColours(colour) ? 'sign-in branded' : 'sign-in'}
    style={{ maxWidth: 432, margin: '0 auto', padding: '48px 16px', ...brandColours(colour) }}
  >
    <Stack gap="lg">
      <Group gap="sm" c="brand">
        <FrameLogo address={logo} />
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
