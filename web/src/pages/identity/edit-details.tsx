import { Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { documentTypeLabels, isDocumentType } from '../../../../contract/src/documents/index.ts'
import { api, fieldErrors, queries } from '../../api.ts'
import { readSentence } from '../../sentences.ts'
import { Fault, Notice } from '../../ui/parts.tsx'
import { type Account, nameOf, Revealed, Values } from './details.tsx'

type Form = { documentType: string; documentNumber: string | null; realName: string }

const useIdentityForm = (account: Account) => {
  const [form, setForm] = useState<Form>({
    documentType: account.identity.documentType,
    documentNumber: account.identity.documentNumberMasked ? null : '',
    realName: account.identity.realName,
  })
  const save = useMutation(
    api.account.saveIdentity.mutationOptions({
      onSuccess: (data) => {
        queries.setQueryData(api.account.read.queryKey(), data)
        setForm({
          documentType: data.identity.documentType,
          documentNumber: data.identity.documentNumberMasked ? null : '',
          realName: data.identity.realName,
        })
        notifications.show({ message: 'Saved' })
      },
    }),
  )
  const isChanged =
    form.documentType !== account.identity.documentType ||
    form.realName !== account.identity.realName ||
    (form.documentNumber !== null && form.documentNumber !== '')
  const submit = () =>
    save.mutateAsync({
      documentType: isDocumentType(form.documentType) ? form.documentType : '',
      realName: form.realName,
      // A number that was not touched is not sent: the page does not know it.
      ...(form.documentNumber === null ? {} : { documentNumber: form.documentNumber }),
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

/** The details while they may change, and the button that starts a check of them. */
export const EditDetails = ({ account, again }: { account: Account; again: boolean }) => {
  const { form, setForm, save, isChanged, submit } = useIdentityForm(account)
  const [opened, { open, close }] = useDisclosure(false)
  const start = useMutation(startCheck())
  const errors = fieldErrors(save.error)
  const { allowed, refusal, triesLeft } = account.start
  const why = refusal && refusal.code !== 'profile_incomplete' ? readSentence(refusal.code, refusal.values) : null
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
          value={form.documentType}
          error={errors.documentType}
          onChange={(event) => setForm({ ...form, documentType: event.currentTarget.value })}
          data={[
            { value: '', label: 'Choose' },
            ...Object.entries(documentTypeLabels).map(([value, label]) => ({ value, label })),
          ]}
        />
        {form.documentNumber === null ? (
          <div>
            <Group justify="space-between">
              <Text size="md" fw={500}>
                ID card number
              </Text>
              <Button size="compact-sm" variant="subtle" onClick={() => setForm({ ...form, documentNumber: '' })}>
                Change
              </Button>
            </Group>
            <Revealed masked={account.identity.documentNumberMasked} />
          </div>
        ) : (
          <TextInput
            label="ID card number"
            value={form.documentNumber}
            error={errors.documentNumber}
            spellCheck={false}
            autoCapitalize="characters"
            autoComplete="off"
            onChange={(event) => setForm({ ...form, documentNumber: event.currentTarget.value })}
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
              3 minutes. You need your {nameOf(account.identity.documentType).toLowerCase()} and a camera.
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
