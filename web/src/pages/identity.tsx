import { Anchor, Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconLock } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { documentTypeNames } from '../../../contract/src/document-types.ts'
import { api, type client, fieldErrors, queries } from '../api.ts'
import { day, sentence } from '../sentences.ts'
import { Fault, Heading, Loading, Notice } from '../ui/parts.tsx'
import { StateBadge } from '../ui/state-badge.tsx'

type Account = Awaited<ReturnType<typeof client.account.read>>

const nameOf = (type: string): string => documentTypeNames[type as keyof typeof documentTypeNames] ?? type
const REVEAL_MS = 30_000

/** The number, masked; the person sees it whole for half a minute. */
const Revealed = ({ masked }: { masked: string }) => {
  const [shown, setShown] = useState<string | null>(null)
  useEffect(() => {
    if (!shown) return
    const timer = setTimeout(() => setShown(null), REVEAL_MS)
    return () => clearTimeout(timer)
  }, [shown])
  const reveal = useMutation(api.account.revealNumber.mutationOptions({ onSuccess: ({ idCard }) => setShown(idCard) }))
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

const Values = ({ account, sealed }: { account: Account; sealed: boolean }) => (
  <div>
    <Value label="ID card type" sealed={sealed}>
      {nameOf(account.identity.idCardType)}
      {account.identity.idCardCountry ? ` (${account.identity.idCardCountry})` : ''}
    </Value>
    <Value label="ID card number" sealed={sealed}>
      <Revealed masked={account.identity.idCardMasked} />
    </Value>
    <Value label="Real name" sealed={sealed}>
      {account.identity.realName}
    </Value>
  </div>
)

type Form = { idCardType: string; idCard: string | null; realName: string }

const useIdentityForm = (account: Account) => {
  const [form, setForm] = useState<Form>({
    idCardType: account.identity.idCardType,
    idCard: account.identity.idCardMasked ? null : '',
    realName: account.identity.realName,
  })
  const save = useMutation(
    api.account.saveIdentity.mutationOptions({
      onSuccess: (data) => {
        queries.setQueryData(api.account.read.queryKey(), data)
        setForm({
          idCardType: data.identity.idCardType,
          idCard: data.identity.idCardMasked ? null : '',
          realName: data.identity.realName,
        })
        notifications.show({ message: 'Saved' })
      },
    }),
  )
  const isChanged =
    form.idCardType !== account.identity.idCardType ||
    form.realName !== account.identity.realName ||
    (form.idCard !== null && form.idCard !== '')
  const submit = () =>
    save.mutateAsync({
      idCardType: form.idCardType as 'PASSPORT',
      realName: form.realName,
      // A number that was not touched is not sent: the page does not know it.
      ...(form.idCard === null ? {} : { idCard: form.idCard }),
    })
  return { form, setForm, save, isChanged, submit }
}

/** What is about to be fixed and sent, before anything starts. */
const Summary = ({
  account,
  opened,
  onClose,
  onStart,
  starting,
}: {
  account: Account
  opened: boolean
  onClose: () => void
  onStart: () => void
  starting: boolean
}) => (
  <Modal opened={opened} onClose={onClose} title="Before you start" centered>
    <Stack gap="md">
      <Text>We check these details against your document. They cannot change while the check is open.</Text>
      <Values account={account} sealed={false} />
      <Text size="sm" c="dimmed">
        You photograph your document and your face. The pictures go to the check service, not to this page. After a
        positive result the details are sealed for good.
      </Text>
      <Group grow>
        <Button variant="default" onClick={onClose}>
          Change
        </Button>
        <Button loading={starting} onClick={onStart}>
          Start
        </Button>
      </Group>
    </Stack>
  </Modal>
)

const startCheck = () =>
  api.verifications.start.mutationOptions({
    onSuccess: (verification) => verification.redirectUrl && window.location.assign(verification.redirectUrl),
    onSettled: () => queries.invalidateQueries(),
  })

const Editing = ({ account, again }: { account: Account; again: boolean }) => {
  const { form, setForm, save, isChanged, submit } = useIdentityForm(account)
  const [opened, { open, close }] = useDisclosure(false)
  const start = useMutation(startCheck())
  const errors = fieldErrors(save.error)
  const { allowed, refusal, triesLeft } = account.start
  const why = refusal && refusal.code !== 'profile_incomplete' ? sentence(refusal.code, refusal.values) : null
  const missing = account.identity.missing.length > 0
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void submit().catch(() => {})
      }}
    >
      <Stack gap="md">
        <Fault error={save.error ?? start.error} />
        <NativeSelect
          label="ID card type"
          value={form.idCardType}
          error={errors.idCardType}
          onChange={(event) => setForm({ ...form, idCardType: event.currentTarget.value })}
          data={[
            { value: '', label: 'Choose' },
            ...Object.entries(documentTypeNames).map(([value, label]) => ({ value, label })),
          ]}
        />
        {form.idCard === null ? (
          <div>
            <Group justify="space-between">
              <Text size="md" fw={500}>
                ID card number
              </Text>
              <Button size="compact-sm" variant="subtle" onClick={() => setForm({ ...form, idCard: '' })}>
                Change
              </Button>
            </Group>
            <Revealed masked={account.identity.idCardMasked} />
          </div>
        ) : (
          <TextInput
            label="ID card number"
            value={form.idCard}
            error={errors.idCard}
            spellCheck={false}
            autoCapitalize="characters"
            autoComplete="off"
            onChange={(event) => setForm({ ...form, idCard: event.currentTarget.value })}
          />
        )}
        <TextInput
          label="Real name"
          description="As printed on your ID: given names, then surname"
          value={form.realName}
          error={errors.realName}
          autoComplete="name"
          onChange={(event) => setForm({ ...form, realName: event.currentTarget.value })}
        />
        {isChanged || missing ? (
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        ) : allowed ? (
          <>
            <Button onClick={open}>Verify Identity</Button>
            <Text size="sm" c="dimmed">
              3 minutes. You need your {nameOf(account.identity.idCardType).toLowerCase()} and a camera.
              {again ? ` ${triesLeft === 1 ? '1 try' : `${triesLeft} tries`} left today.` : ''}
            </Text>
          </>
        ) : (
          <Button type="submit" variant="default" loading={save.isPending}>
            Save
          </Button>
        )}
        {missing && !why && <Text c="dimmed">Fill in all three to verify your identity.</Text>}
        {why && !(isChanged && refusal?.code === 'document_choice_refused') && (
          <Notice tone="review" title={why.title}>
            <p>{why.body}</p>
            {account.helpContact && <p>Get help: {account.helpContact}</p>}
          </Notice>
        )}
      </Stack>
      <Summary
        account={account}
        opened={opened}
        onClose={close}
        onStart={() => start.mutate({})}
        starting={start.isPending}
      />
    </form>
  )
}

const Open = ({ account }: { account: Account }) => {
  const { verification } = account
  const cancel = useMutation(api.verifications.cancel.mutationOptions({ onSettled: () => queries.invalidateQueries() }))
  if (!verification) return null
  return (
    <Stack gap="md">
      <Text>
        {nameOf(account.identity.idCardType)} <bdi className="mono">{account.identity.idCardMasked}</bdi>
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
      {verification.state === 'checking' && (
        <Text>
          {sentence('checking').body.replace(
            ' You can close this page; we will email you.',
            ' You can close this page and come back to it.',
          )}
        </Text>
      )}
      {verification.state === 'review' && (
        <Text>A person is looking at your check. You do not need to do anything. Come back to this page.</Text>
      )}
      <Fault error={cancel.error} />
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

const Sealed = ({ account }: { account: Account }) => {
  const [why, { toggle }] = useDisclosure(false)
  const { identity } = account
  return (
    <Stack gap="md">
      <Text>
        Verified on {identity.verifiedAt ? day(identity.verifiedAt) : ''}
        {identity.verifiedBy ? ` by ${identity.verifiedBy}` : ''}, with a {nameOf(identity.idCardType).toLowerCase()}.
      </Text>
      {identity.isDemonstration && (
        <Notice tone="open" title="Demonstration">
          <p>A specimen was used. It proves nobody, and counts on this installation only.</p>
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

/** Why the last check did not end well, and what helps. */
const LastResult = ({ account }: { account: Account }) => {
  const { verification } = account
  if (!verification || verification.state === 'verified') return null
  const [first, ...others] = verification.reasons
  if (!first) return null
  const text = sentence(first.code, first.values)
  const isOurs = text.group === 'technical'
  return (
    <Notice tone={isOurs ? 'off' : text.group === 'retake' ? 'review' : 'bad'} title={text.title} role="status">
      <p>{text.body}</p>
      {others.length > 0 && <p>Also: {others.map((other) => sentence(other.code, other.values).title).join(' · ')}</p>}
      <p>
        Reference {verification.reference}
        {account.helpContact ? `. Get help: ${account.helpContact}` : ''}
      </p>
    </Notice>
  )
}

const isOpenState = (state: string): boolean =>
  state === 'created' || state === 'waiting' || state === 'checking' || state === 'review'

/** Somebody whom an application sent here to be verified goes back to it. */
const BackToApplication = ({ isVerified }: { isVerified: boolean }) => {
  const back = sessionStorage.getItem('veridoor.back')
  if (!back?.startsWith('/login/oauth/interaction/')) return null
  const leave = (): void => {
    sessionStorage.removeItem('veridoor.back')
    window.location.assign(back)
  }
  return (
    <div className="card">
      <Group justify="space-between">
        <Text size="sm">
          {isVerified
            ? 'You are verified. The application that sent you here is waiting.'
            : 'An application asked you to verify your identity. When you are done, go on from here.'}
        </Text>
        <Button variant={isVerified ? 'filled' : 'default'} onClick={leave}>
          {isVerified ? 'Go on to the application' : 'Back to the sign-in'}
        </Button>
      </Group>
    </div>
  )
}

export const Identity = () => {
  const account = useQuery({
    ...api.account.read.queryOptions(),
    refetchInterval: ({ state }) => {
      const at = state.data?.verification?.state
      return at === 'review' ? 60_000 : at && isOpenState(at) ? 2_000 : false
    },
  })
  const { data } = account
  const state = data?.identity.isVerified ? 'verified' : (data?.verification?.state ?? 'none')
  const shown = state === 'verified' && !data?.identity.isVerified ? 'none' : state
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Heading size="h2">Identity</Heading>
        {data && <StateBadge state={shown} demonstration={data.identity.isVerified && data.identity.isDemonstration} />}
      </Group>
      <div aria-live="polite" className="visually-hidden">
        {data ? sentenceOfState(shown) : ''}
      </div>
      {data && <BackToApplication isVerified={data.identity.isVerified} />}
      {account.error ? <Fault error={account.error} onAgain={() => void account.refetch()} /> : null}
      {!data && !account.error && <Loading />}
      {data && (
        <div className="card">
          {data.identity.isVerified || data.identity.sealed.length > 0 ? (
            <Sealed account={data} />
          ) : isOpenState(state) ? (
            <Open account={data} />
          ) : (
            <Stack gap="md">
              <LastResult account={data} />
              <Editing
                key={data.identity.idCardMasked + data.identity.idCardType}
                account={data}
                again={state !== 'none'}
              />
            </Stack>
          )}
        </div>
      )}
    </Stack>
  )
}

const sentenceOfState = (state: string): string =>
  state === 'verified'
    ? sentence('verified').title
    : state === 'checking'
      ? sentence('checking').title
      : state === 'review'
        ? sentence('under_review').title
        : ''
