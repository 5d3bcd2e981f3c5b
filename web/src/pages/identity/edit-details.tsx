import { Button, Group, NativeSelect, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useRef } from 'react'
import { countryCodes, countryName } from '../../../../contract/src/countries.ts'
import { documentTypeLabels } from '../../../../contract/src/documents/index.ts'
import { fieldErrors } from '../../api.ts'
import { readSentence } from '../../sentences.ts'
import { ErrorNotice, Notice } from '../../ui/parts.tsx'
import { type Account, documentName, RevealableNumber } from './details.tsx'
import { type IdentityDraft, looksLikeNumber, useIdentityForm } from './identity-form.ts'
import { StartCheck } from './start-check.tsx'

const countries = countryCodes
  .map((value) => ({ value, label: countryName(value) }))
  .sort((one, other) => one.label.localeCompare(other.label, 'en'))

type FieldsProps = {
  draft: IdentityDraft
  errors: Readonly<Record<string, string>>
  onChange: (part: Partial<IdentityDraft>) => void
}

/** Which document: its kind and the country that issued it. The check opens on it. */
const DocumentFields = ({ draft, errors, onChange }: FieldsProps) => (
  <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
    <NativeSelect
      label="ID card type"
      value={draft.documentType}
      error={errors.documentType}
      onChange={(event) => onChange({ documentType: event.currentTarget.value })}
      data={[
        { value: '', label: 'Choose' },
        ...Object.entries(documentTypeLabels).map(([value, label]) => ({ value, label })),
      ]}
    />
    <NativeSelect
      label="Issued by"
      value={draft.documentCountry}
      error={errors.documentCountry}
      onChange={(event) => onChange({ documentCountry: event.currentTarget.value })}
      data={[{ value: '', label: 'Choose a country' }, ...countries]}
    />
  </SimpleGrid>
)

const NumberField = ({ draft, errors, masked, onChange }: FieldsProps & { masked: string }) =>
  draft.documentNumber === null ? (
    <div>
      <Group justify="space-between">
        <Text size="md" fw={500}>
          ID card number
        </Text>
        <Button size="compact-sm" variant="subtle" onClick={() => onChange({ documentNumber: '' })}>
          Change
        </Button>
      </Group>
      <RevealableNumber masked={masked} />
    </div>
  ) : (
    <TextInput
      label="ID card number"
      description={looksLikeNumber(draft.documentNumber) ? undefined : readSentence('id_number_format').body}
      value={draft.documentNumber}
      error={errors.documentNumber}
      spellCheck={false}
      autoCapitalize="characters"
      autoComplete="off"
      onChange={(event) => onChange({ documentNumber: event.currentTarget.value })}
    />
  )

/** The details while they may change, and the button that starts a check of them. */
export const EditDetails = ({ account, isRepeat }: { account: Account; isRepeat: boolean }) => {
  const main = useRef<HTMLButtonElement>(null)
  // The button that saved is gone then: the one in its place takes the focus (WCAG 2.2, 2.4.3).
  const {
    draft,
    updateDraft: change,
    save,
    isChanged,
    submit,
  } = useIdentityForm(account, () => setTimeout(() => main.current?.focus(), 0))
  const [opened, { open, close }] = useDisclosure(false)
  const errors = fieldErrors(save.error)
  const { allowed, refusal, triesLeft } = account.start
  const isMissing = account.identity.missing.length > 0
  const canStart = allowed && !isChanged && !isMissing
  const why = refusal && refusal.code !== 'profile_incomplete' ? readSentence(refusal.code, refusal.values) : null
  const isOutdated = isChanged && refusal?.code === 'document_choice_refused'
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!canStart) submit()
      }}
    >
      <Stack gap="md">
        <ErrorNotice error={save.error} />
        <DocumentFields draft={draft} errors={errors} onChange={change} />
        <NumberField draft={draft} errors={errors} masked={account.identity.documentNumberMasked} onChange={change} />
        <TextInput
          label="Real name"
          description="As printed on your ID: given names, then surname"
          value={draft.realName}
          error={errors.realName}
          autoComplete="name"
          onChange={(event) => change({ realName: event.currentTarget.value })}
        />
        {canStart ? (
          <>
            <Button ref={main} type="button" onClick={open}>
              Verify Identity
            </Button>
            <Text size="sm" c="dimmed">
              3 minutes. You need your {documentName(account.identity.documentType).toLowerCase()} and a camera.
              {isRepeat ? ` ${triesLeft === 1 ? '1 try' : `${triesLeft} tries`} left today.` : ''}
            </Text>
          </>
        ) : (
          <Button
            ref={main}
            type="submit"
            variant={isChanged || isMissing ? 'filled' : 'default'}
            loading={save.isPending}
          >
            Save
          </Button>
        )}
        {isMissing && !why && <Text c="dimmed">Fill in type, number and name to verify your identity.</Text>}
        {why && !isOutdated && (
          <Notice tone="review" title={why.title}>
            <p>{why.body}</p>
            {account.helpContact && <p>Get help: {account.helpContact}</p>}
          </Notice>
        )}
      </Stack>
      <StartCheck account={account} opened={opened} onClose={close} />
    </form>
  )
}
