import { Button, Group, Text } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { countryName } from '../../../../contract/src/countries.ts'
import { documentTypeName } from '../../../../contract/src/documents/index.ts'
import { api, type client } from '../../api.ts'

export type Account = Awaited<ReturnType<typeof client.account.read>>

export const documentName = documentTypeName
const REVEAL_MS = 30_000

/** The number, masked; the person sees it whole for half a minute. */
export const RevealableNumber = ({ masked }: { masked: string }) => {
  const [shown, setShown] = useState<string | null>(null)
  useEffect(() => {
    if (!shown) return
    const timer = setTimeout(() => setShown(null), REVEAL_MS)
    return () => clearTimeout(timer)
  }, [shown])
  const reveal = useMutation(
    api.account.revealNumber.mutationOptions({ onSuccess: ({ documentNumber }) => setShown(documentNumber) }),
  )
  return (
    <Group justify="space-between" wrap="nowrap">
      <bdi className="mono" style={{ fontSize: 16 }}>
        {shown ?? masked}
      </bdi>
      <Button
        size="compact-sm"
        variant="subtle"
        loading={reveal.isPending}
        onClick={() => (shown ? setShown(null) : reveal.mutate({}))}
      >
        {shown ? 'Hide' : 'Show'}
      </Button>
    </Group>
  )
}

const Value = ({ label, children, sealed }: { label: string; children: React.ReactNode; sealed: boolean }) => (
  <div className="sealed">
    {sealed ? <IconLock size={18} stroke={1.75} aria-label="Sealed" color="var(--mantine-color-dimmed)" /> : <span />}
    <div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <div>{children}</div>
    </div>
  </div>
)

/** What a check compares with the document. */
export const Values = ({ account, sealed }: { account: Account; sealed: boolean }) => (
  <div>
    <Value label="ID card type" sealed={sealed}>
      {documentName(account.identity.documentType)}
      {account.identity.documentCountry ? ` (${countryName(account.identity.documentCountry)})` : ''}
    </Value>
    <Value label="ID card number" sealed={sealed}>
      <RevealableNumber masked={account.identity.documentNumberMasked} />
    </Value>
    <Value label="Real name" sealed={sealed}>
      {account.identity.realName}
    </Value>
  </div>
)
