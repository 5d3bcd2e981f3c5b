import { Group, Stack, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Logo } from '../ui/logo.tsx'
import { Heading } from '../ui/parts.tsx'
import { brandColours } from './brand-colour.ts'

const DoorLogo = ({ address }: { address: string }) => {
  const [failed, setFailed] = useState(false)
  if (!address.startsWith('https://') || failed) return <Logo />
  return (
    // The name stands beside it: the picture says nothing more. Whose server it is on does not learn from which page people come.
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

/** The frame of sign-in and sign-up: whose door this is, and one form. */
export const Door = ({
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
  /** An https address; where there is none, or it does not load, the product's own stands there. */
  logo?: string
  /** `#rrggbb`; empty: the product's own. Shades that can be read are made of it. */
  colour?: string
  children: ReactNode
}) => (
  <main
    className={brandColours(colour) ? 'door branded' : 'door'}
    style={{ maxWidth: 432, margin: '0 auto', padding: '48px 16px', ...brandColours(colour) }}
  >
    <Stack gap="lg">
      <Group gap="sm" c="brand">
        <DoorLogo address={logo} />
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
