import {
  Button,
  Checkbox,
  Group,
  NativeSelect,
  NumberInput,
  PasswordInput,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { formatDate } from '../sentences.ts'
import { type FieldSpec, groupsOf, summaryOf } from './schema-fields.ts'

type Props = {
  fields: readonly FieldSpec[]
  config: Record<string, unknown>
  errors: Record<string, string>
  savedAt: string | null
  onChange: (config: Record<string, unknown>) => void
}

/** Write-only: a stored secret is never shown again. Replace opens an empty field. */
const SecretField = ({
  field,
  value,
  error,
  savedAt,
  onChange,
}: {
  field: FieldSpec
  value: unknown
  error: string | undefined
  savedAt: string | null
  onChange: (value: string) => void
}) => {
  const [replacing, setReplacing] = useState(false)
  if (value === '***' && !replacing)
    return (
      <div>
        <div className="field-label">{field.title}</div>
        <Group justify="space-between">
          <span className="mono">••••••••</span>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              setReplacing(true)
              onChange('')
            }}
          >
            Replace
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          {savedAt ? `Saved ${formatDate(savedAt)}. ` : ''}
          Never shown again.
        </Text>
      </div>
    )
  return (
    <PasswordInput
      label={field.title}
      description={field.description}
      autoComplete="new-password"
      value={value === '***' ? '' : String(value ?? '')}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

const Field = ({
  field,
  value,
  error,
  savedAt,
  onChange,
}: {
  field: FieldSpec
  value: unknown
  error: string | undefined
  savedAt: string | null
  onChange: (value: unknown) => void
}) => {
  const common = { label: field.title, description: field.description, error }
  if (field.secret)
    return <SecretField field={field} value={value} error={error} savedAt={savedAt} onChange={onChange} />
  switch (field.kind) {
    case 'select': {
      const isNumber = typeof field.fallback === 'number'
      return (
        <NativeSelect
          {...common}
          data={[...field.options]}
          value={String(value ?? '')}
          onChange={(event) => onChange(isNumber ? Number(event.currentTarget.value) : event.currentTarget.value)}
        />
      )
    }
    case 'number':
      return (
        <NumberInput
          {...common}
          size="md"
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(next === '' ? (field.nullable ? null : undefined) : Number(next))}
        />
      )
    case 'switch':
      return (
        <Switch
          label={field.title}
          description={field.description}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      )
    case 'many':
      return (
        <Checkbox.Group {...common} value={Array.isArray(value) ? value.map(String) : []} onChange={onChange}>
          <Group mt="xs">
            {field.options.map((option) => (
              <Checkbox key={option.value} value={option.value} label={option.label} />
            ))}
          </Group>
        </Checkbox.Group>
      )
    case 'list':
      return (
        <TextInput
          {...common}
          value={Array.isArray(value) ? value.join(' ') : ''}
          onChange={(event) =>
            onChange(
              event.currentTarget.value
                .split(/[\s,]+/)
                .filter(Boolean)
                .map((entry) => entry.toUpperCase()),
            )
          }
        />
      )
    default:
      return (
        <TextInput
          {...common}
          spellCheck={false}
          autoComplete="off"
          value={String(value ?? '')}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
  }
}

type FieldsProps = Props & { members: readonly FieldSpec[] }

const Fields = ({ members, config, errors, savedAt, onChange }: Omit<FieldsProps, 'fields'>) =>
  members.map((field) => (
    <Field
      key={field.name}
      field={field}
      value={config[field.name]}
      error={errors[`config.${field.name}`]}
      savedAt={savedAt}
      onChange={(value) => onChange({ ...config, [field.name]: value })}
    />
  ))

/** A section that is folded away, with its current values in the title. It opens by itself when one of its fields has an error. */
export const Folded = ({
  title,
  summary,
  hasError,
  children,
}: {
  title: string
  summary: string
  hasError: boolean
  children: ReactNode
}) => {
  const section = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    if (hasError && section.current) section.current.open = true
  }, [hasError])
  return (
    <details className="folded" ref={section}>
      <summary>
        <span className="folded-title">{title}</span>
        <span className="folded-summary">{summary}</span>
      </summary>
      <Stack gap="md" pt="md">
        {children}
      </Stack>
    </details>
  )
}

/**
 * A provider's settings, drawn from its type's schema: first what has no default, without which it cannot work; the rest folded by
 * group.
 */
export const ConfigForm = ({ fields, ...props }: Props) => (
  <Stack gap="md">
    <Fields members={fields.filter((field) => field.essential)} {...props} />
    {groupsOf(fields.filter((field) => !field.essential)).map(({ group, fields: members }) => (
      <Folded
        key={group}
        title={group}
        summary={summaryOf(members, props.config)}
        hasError={members.some((field) => props.errors[`config.${field.name}`] !== undefined)}
      >
        <Fields members={members} {...props} />
      </Folded>
    ))}
  </Stack>
)
