import { Anchor, Stack, Text, TextInput, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { client } from '../api.ts'
import { ColourField } from '../ui/colour-field.tsx'
import { Copyable } from '../ui/copy-button.tsx'
import { AddressList } from './address-list.tsx'
import { SignUpSettings } from './sign-up-fields.tsx'

type Application = Awaited<ReturnType<typeof client.applications.read>>

/** Name, addresses and look of an application, and whether people may sign up. */
export const ApplicationGeneral = ({
  application,
  errors,
  onChange,
}: {
  application: Application
  errors: Readonly<Record<string, string>>
  onChange: (part: Partial<Application>) => void
}) => (
  <section className="card">
    <Stack gap="md" maw={640}>
      <Title order={2} size="h4">
        General
      </Title>
      <TextInput
        label="Display name"
        value={application.displayName}
        error={errors.displayName}
        onChange={(event) => onChange({ displayName: event.currentTarget.value })}
      />
      <TextInput
        label="Homepage"
        description="Where people continue after a check"
        type="url"
        value={application.homepageUrl}
        error={errors.homepageUrl}
        onChange={(event) => onChange({ homepageUrl: event.currentTarget.value })}
      />
      <AddressList
        label="Redirect URIs"
        one="Redirect URI"
        description="Where people return after signing in, exactly as the application sends it"
        field="redirectUris"
        values={application.redirectUris}
        errors={errors}
        onChange={(redirectUris) => onChange({ redirectUris })}
      />
      <ColourField
        value={application.colour}
        description="Empty: the colour of the organization. A readable shade of it is used"
        error={errors.colour}
        onChange={(colour) => onChange({ colour })}
      />
      <SignUpSettings form={application} onChange={onChange} />
      {application.enableSignUp ? (
        <Copyable label="Sign-up address" text={`${window.location.origin}/signup/${application.name}`} />
      ) : (
        <Text size="sm" c="dimmed">
          People cannot sign up themselves.{' '}
          <Anchor component={Link} to="/console/users">
            Add them as users
          </Anchor>
          , or allow sign-up.
        </Text>
      )}
    </Stack>
  </section>
)
