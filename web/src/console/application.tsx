import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { api, fieldErrors, queries } from '../api.ts'
import { ConfirmButton } from '../ui/confirm.tsx'
import { ErrorNotice, Loading, Page } from '../ui/parts.tsx'
import { SaveBar } from '../ui/save-bar.tsx'
import { ApiKeys } from './api-keys.tsx'
import { ApplicationGeneral } from './application-general.tsx'
import { type Application, applicationInput } from './application-input.ts'
import { ApplicationProviders } from './application-providers.tsx'
import { SignInSettings } from './application-sign-in.tsx'
import { useDraft } from './use-draft.ts'

/** Errors by row as it is on the page: rows that were left empty were not sent. */
const errorsByRow = (error: unknown, application: Application | null): Record<string, string> => {
  const rowOf = (list: string, index: string): string => {
    const rows = list === 'redirectUris' ? application?.redirectUris : application?.postLogoutRedirectUris
    const sent = (rows ?? []).flatMap((uri, row) => (uri.trim() === '' ? [] : [row]))
    return `${list}.${sent[Number(index)] ?? index}`
  }
  return Object.fromEntries(
    Object.entries(fieldErrors(error)).map(([path, message]) => [
      path.replace(/^(redirectUris|postLogoutRedirectUris)\.(\d+)/, (_path, list: string, index: string) =>
        rowOf(list, index),
      ),
      message,
    ]),
  )
}

export const ApplicationPage = () => {
  const { name } = useParams({ strict: false }) as { name: string }
  const navigate = useNavigate()
  const read = useQuery(api.applications.read.queryOptions({ input: { name } }))
  const { draft, isChanged, updateDraft: change, accept, acceptPart, discard } = useDraft(read.data)
  const [secret, setSecret] = useState<string | null>(null)
  const save = useMutation(
    api.applications.update.mutationOptions({
      onSuccess: async (saved) => {
        accept(saved)
        await queries.invalidateQueries()
        notifications.show({ message: 'Saved' })
      },
    }),
  )
  const resetSecret = useMutation(
    api.applications.resetSecret.mutationOptions({
      onSuccess: ({ clientSecret, etag }) => {
        setSecret(clientSecret)
        // What is typed stays, and can still be saved.
        acceptPart({ etag })
      },
    }),
  )
  const remove = useMutation(
    api.applications.remove.mutationOptions({
      onSuccess: async () => {
        discard()
        await queries.invalidateQueries()
        await navigate({ to: '/console/applications', ignoreBlocker: true })
      },
    }),
  )
  const errors = errorsByRow(save.error, draft)
  return (
    <Page
      title={draft?.displayName ?? name}
      crumb={{ to: '/console/applications', text: 'Applications' }}
      action={
        <ConfirmButton
          question={{
            title: 'Delete this application?',
            body: 'Nobody can sign in to it any more. People who signed up through it keep their accounts.',
            action: 'Delete',
            typed: name,
          }}
          loading={remove.isPending}
          onConfirm={() => remove.mutate({ name })}
        >
          Delete
        </ConfirmButton>
      }
    >
      <ErrorNotice error={read.error ?? remove.error} />
      {!draft && !read.error && <Loading rows={5} />}
      {draft && (
        <>
          <ApplicationGeneral application={draft} errors={errors} onChange={change} />
          <SignInSettings
            application={draft}
            errors={errors}
            secret={secret}
            onSecretSeen={() => setSecret(null)}
            resetError={resetSecret.error}
            isResetting={resetSecret.isPending}
            onReset={() => resetSecret.mutate({ name })}
            onChange={change}
          />
          <ApplicationProviders application={draft} onChange={(providers) => change({ providers })} />
          <ApiKeys application={draft.name} />
          <SaveBar
            isChanged={isChanged}
            isSaving={save.isPending}
            onSave={() => save.mutate(applicationInput(draft))}
            onDiscard={() => {
              discard()
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
