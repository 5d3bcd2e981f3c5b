import { Button, Group, Modal, NumberInput, Stack, Switch, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { api, type client, fieldErrors, queries } from '../api.ts'
import { ColourField } from '../ui/colour-field.tsx'
import { ErrorNotice, Loading, Page } from '../ui/parts.tsx'
import { useSession } from '../ui/session.tsx'
import { Table, When } from './table.tsx'

type Organization = Awaited<ReturnType<typeof client.organizations.list>>['items'][number]
type Form = {
  name: string
  displayName: string
  helpContact: string
  triesPerDay: number
  requireStaffSecondFactor: boolean
  logo: string
  /** The version that was read; left out for a new one. */
  etag?: string
  colour: string
  isNew: boolean
}

const Editor = ({ form, onClose }: { form: Form; onClose: () => void }) => {
  const [values, setValues] = useState(form)
  const options = {
    onSuccess: async () => {
      await queries.invalidateQueries()
      notifications.show({ message: 'Saved' })
      onClose()
    },
  }
  const create = useMutation(api.organizations.create.mutationOptions(options))
  const update = useMutation(api.organizations.update.mutationOptions(options))
  const error = create.error ?? update.error
  const errors = fieldErrors(error)
  const { isNew, ...input } = values
  const text = (name: 'name' | 'displayName' | 'helpContact') => ({
    value: values[name],
    error: errors[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      setValues({ ...values, [name]: event.currentTarget.value }),
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (isNew) create.mutate(input)
        else update.mutate(input)
      }}
    >
      <Stack gap="md">
        <ErrorNotice error={error} />
        {isNew && (
          <TextInput
            label="Name"
            description="Part of addresses; cannot be changed later"
            required
            withAsterisk={false}
            {...text('name')}
          />
        )}
        <TextInput label="Display name" required withAsterisk={false} {...text('displayName')} />
        <TextInput
          label="Help contact"
          description="An email address or phone number, shown wherever people are stuck"
          {...text('helpContact')}
        />
        <ColourField
          value={values.colour}
          description="Empty: the product’s own colour. A readable shade of it is used"
          error={errors.colour}
          onChange={(colour) => setValues({ ...values, colour })}
        />
        <NumberInput
          label="Tries per person and day"
          size="md"
          min={1}
          max={50}
          value={values.triesPerDay}
          onChange={(value) => setValues({ ...values, triesPerDay: Number(value) || 5 })}
        />
        <Switch
          label="Require a second factor of administrators"
          description="Administrators act only after signing in with a passkey, or with password and code. Set up your own first"
          checked={values.requireStaffSecondFactor}
          onChange={(event) => setValues({ ...values, requireStaffSecondFactor: event.currentTarget.checked })}
        />
        <Button type="submit" loading={create.isPending || update.isPending}>
          Save
        </Button>
      </Stack>
    </form>
  )
}

export const Organizations = () => {
  const { session } = useSession()
  const list = useQuery(api.organizations.list.queryOptions({ input: {} }))
  const [form, setForm] = useState<Form | null>(null)
  const edit = (row: Organization): void =>
    setForm({
      name: row.name,
      displayName: row.displayName,
      helpContact: row.helpContact,
      triesPerDay: row.triesPerDay,
      requireStaffSecondFactor: row.requireStaffSecondFactor,
      logo: row.logo,
      etag: row.etag,
      colour: row.colour,
      isNew: false,
    })
  const { edit: wanted } = useSearch({ strict: false }) as { edit?: string }
  const own = list.data?.items.find(({ name }) => name === session?.user.organization)
  const hasOpened = useRef(false)
  useEffect(() => {
    if (wanted !== 'own' || !own || hasOpened.current) return
    hasOpened.current = true
    edit(own)
  })
  return (
    <Page
      title="Organizations"
      action={
        session?.user.isGlobalAdmin ? (
          <Button
            onClick={() =>
              setForm({
                name: '',
                displayName: '',
                helpContact: '',
                triesPerDay: 5,
                requireStaffSecondFactor: false,
                logo: '',
                colour: '',
                isNew: true,
              })
            }
          >
            Add organization
          </Button>
        ) : undefined
      }
    >
      {list.error ? <ErrorNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
      {!list.data && !list.error && <Loading rows={3} />}
      {list.data && (
        <Table
          label="Organizations"
          rows={list.data.items}
          keyOf={(row) => row.name}
          columns={[
            { name: 'Name', cell: (row) => <strong>{row.displayName}</strong> },
            { name: 'Id', cell: (row) => <span className="mono">{row.name}</span> },
            { name: 'People', cell: (row) => row.users },
            { name: 'Help contact', cell: (row) => row.helpContact || 'Not set' },
            { name: 'Created', cell: (row) => <When at={row.createdAt} /> },
            {
              name: 'Actions',
              hidden: true,
              cell: (row) => (
                <Group justify="flex-end">
                  <Button size="compact-sm" variant="default" onClick={() => edit(row)}>
                    Edit
                  </Button>
                </Group>
              ),
            },
          ]}
        />
      )}
      <Modal
        opened={form !== null}
        onClose={() => setForm(null)}
        title={form?.isNew ? 'Add organization' : 'Edit organization'}
        centered
      >
        {form && <Editor form={form} onClose={() => setForm(null)} />}
      </Modal>
    </Page>
  )
}
