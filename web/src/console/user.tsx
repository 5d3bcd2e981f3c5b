import { Anchor, Button, Group, Modal, NativeSelect, Stack, Switch, Text, TextInput, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconLock } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { documentTypeLabels, documentTypeName, isDocumentType } from '../../../contract/src/documents/index.ts'
import { api, type client, fieldErrors, queries } from '../api.ts'
import { formatDate } from '../sentences.ts'
import { ConfirmButton } from '../ui/confirm.tsx'
import { ownProviderMark } from '../ui/own-provider.ts'
import { ErrorNotice, Loading, Page } from '../ui/parts.tsx'
import { SaveBar } from '../ui/save-bar.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { useDraft } from './use-draft.ts'

type User = Awaited<ReturnType<typeof client.users.read>>

const SealedIdentity = ({ user }: { user: User }) => (
  <div>
    <Text mb="sm">
      Verified on {user.identity.verifiedAt ? formatDate(user.identity.verifiedAt) : ''}. Sealed: nobody can change
      these, not even staff.
    </Text>
    {(
      [
        ['ID card type', documentTypeName(user.identity.documentType)],
        ['ID card number', user.identity.documentNumberMasked],
        ['Real name', user.identity.realName],
      ] as const
    ).map(([label, value]) => (
      <div className="sealed" key={label}>
        <IconLock size={18} stroke={1.75} aria-label="Sealed" color="var(--mantine-color-dimmed)" />
        <div>
          <Text size="sm" c="dimmed">
            {label}
          </Text>
          <bdi>{value}</bdi>
        </div>
      </div>
    ))}
  </div>
)

/** For somebody who lost phone and recovery codes. The reason goes into the record and to the person. */
const SecondStep = ({ user, onDone }: { user: User; onDone: (user: User) => void }) => {
  const [isAsking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const remove = useMutation(
    api.users.removeSecondStep.mutationOptions({
      onSuccess: async (data) => {
        setAsking(false)
        setReason('')
        onDone(data)
        await queries.invalidateQueries()
        notifications.show({ message: 'The second step is off. The person was told by email.' })
      },
    }),
  )
  return (
    <section className="card">
      <Stack gap="md" maw={560} align="flex-start">
        <Title order={2} size="h4">
          Second step
        </Title>
        <Text>
          {user.hasSecondStep
            ? 'Sign-in asks for a code from an authenticator app.'
            : 'Not set up. People set it up themselves, on the security page of their account.'}
        </Text>
        {user.hasSecondStep && (
          <Button variant="default" onClick={() => setAsking(true)}>
            Turn off the second step…
          </Button>
        )}
      </Stack>
      <Modal opened={isAsking} onClose={() => setAsking(false)} title={`Turn off the second step of ${user.name}`}>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            remove.mutate({ organization: user.organization, name: user.name, reason })
          }}
        >
          <Stack gap="md">
            <ErrorNotice error={remove.error} />
            <Text>
              Make sure that it is really this person who asks. Until they set it up again, the password alone signs in.
            </Text>
            <TextInput
              label="Reason"
              description="Goes into the audit record, and to the person by mail"
              required
              withAsterisk={false}
              minLength={3}
              maxLength={200}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            <Button type="submit" loading={remove.isPending}>
              Turn off
            </Button>
          </Stack>
        </form>
      </Modal>
    </section>
  )
}

/** What is sent to save. Sealed details are left out; a number only goes along when it was typed. */
const userInput = (user: User, isSealed: boolean, number: string) => {
  const { organization, name, displayName, email, isAdmin, isForbidden, application, etag, identity } = user
  return {
    organization,
    name,
    displayName,
    email,
    isAdmin,
    isForbidden,
    application,
    etag,
    ...(isSealed
      ? {}
      : {
          identity: {
            documentType: isDocumentType(identity.documentType) ? identity.documentType : ('' as const),
            realName: identity.realName,
            ...(number ? { documentNumber: number } : {}),
          },
        }),
  }
}

export const UserPage = () => {
  const { organization, name } = useParams({ strict: false }) as { organization: string; name: string }
  const navigate = useNavigate()
  const read = useQuery(api.users.read.queryOptions({ input: { organization, name } }))
  const { draft: form, isChanged, updateDraft: change, accept, acceptPart, discard } = useDraft(read.data)
  const [number, setNumber] = useState('')
  const save = useMutation(
    api.users.update.mutationOptions({
      onSuccess: async (user) => {
        accept(user)
        setNumber('')
        await queries.invalidateQueries()
        notifications.show({ message: 'Saved' })
      },
    }),
  )
  const remove = useMutation(
    api.users.remove.mutationOptions({
      onSuccess: async () => {
        discard()
        await queries.invalidateQueries()
        await navigate({ to: '/console/users', ignoreBlocker: true })
      },
    }),
  )
  const errors = fieldErrors(save.error)
  const isSealed = (form?.identity.sealed.length ?? 0) > 0
  return (
    <Page
      title={name}
      crumb={{ to: '/console/users', text: 'Users' }}
      action={
        <ConfirmButton
          question={{
            title: 'Erase this account?',
            body: 'The account, its details and its checks are erased here and at the providers. This cannot be undone.',
            action: 'Erase',
            typed: name,
          }}
          loading={remove.isPending}
          onConfirm={() => remove.mutate({ organization, name })}
        >
          Erase
        </ConfirmButton>
      }
    >
      <ErrorNotice error={read.error ?? remove.error} />
      {!form && !read.error && <Loading rows={5} />}
      {form && (
        <>
          <section className="card">
            <Stack gap="md" maw={560}>
              <TextInput
                label="Display name"
                value={form.displayName}
                error={errors.displayName}
                onChange={(event) => change({ displayName: event.currentTarget.value })}
              />
              <TextInput
                label="Email"
                description={
                  form.email === '' ? undefined : form.emailVerified ? 'Confirmed by the person' : 'Not confirmed yet'
                }
                value={form.email}
                error={errors.email}
                onChange={(event) => change({ email: event.currentTarget.value })}
              />
              {form.phone !== '' && (
                <Text size="sm">
                  Phone: <bdi>{form.phone}</bdi>, not checked
                </Text>
              )}
              <Switch
                label="Administrator of the organization"
                checked={form.isAdmin}
                onChange={(event) => change({ isAdmin: event.currentTarget.checked })}
              />
              <Switch
                label="Pause account"
                description="The person cannot sign in while it is on"
                checked={form.isForbidden}
                onChange={(event) => change({ isForbidden: event.currentTarget.checked })}
              />
            </Stack>
          </section>
          <SecondStep user={form} onDone={({ hasSecondStep, etag }) => acceptPart({ hasSecondStep, etag })} />
          <section className="card">
            <Group justify="space-between" mb="md">
              <Title order={2} size="h4">
                Identity
              </Title>
              <StateBadge
                staff
                state={form.identity.isVerified ? 'verified' : (form.verificationState ?? 'none')}
                demonstration={form.identity.isDemonstration}
                mark={form.identity.isVerified ? ownProviderMark(form.identity.trust, organization) : null}
              />
            </Group>
            {isSealed ? (
              <SealedIdentity user={form} />
            ) : (
              <Stack gap="md" maw={560}>
                <NativeSelect
                  label="ID card type"
                  value={form.identity.documentType}
                  data={[
                    { value: '', label: 'Not given' },
                    ...Object.entries(documentTypeLabels).map(([value, label]) => ({ value, label })),
                  ]}
                  onChange={(event) =>
                    change({ identity: { ...form.identity, documentType: event.currentTarget.value } })
                  }
                />
                <TextInput
                  label="ID card number"
                  autoComplete="off"
                  description={
                    form.identity.documentNumberMasked ? `Saved: ${form.identity.documentNumberMasked}` : 'Not given'
                  }
                  value={number}
                  error={errors['identity.documentNumber']}
                  onChange={(event) => setNumber(event.currentTarget.value)}
                />
                <TextInput
                  label="Real name"
                  value={form.identity.realName}
                  onChange={(event) => change({ identity: { ...form.identity, realName: event.currentTarget.value } })}
                />
              </Stack>
            )}
            <Text mt="md" size="sm">
              <Anchor component={Link} to="/console/verifications" search={{ user: name } as never}>
                Verifications of this person
              </Anchor>
            </Text>
          </section>
          <SaveBar
            isChanged={isChanged || number !== ''}
            isSaving={save.isPending}
            onSave={() => save.mutate(userInput(form, isSealed, number))}
            onDiscard={() => {
              discard()
              setNumber('')
              save.reset()
            }}
          >
            <ErrorNotice error={save.error} />
          </SaveBar>
        </>
      )}
    </Page>
  )
}
