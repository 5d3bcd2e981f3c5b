import { Anchor, Button, Checkbox, Group, List, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { ErrorNotice, Loading } from '../ui/parts.tsx'
import { SignInFrame } from './sign-in-frame.tsx'

type Details = {
  step: 'select_account' | 'other_organization' | 'verification' | 'consent'
  application: { name: string; displayName: string; logo: string; colour: string }
  organization: string
  person: { name: string; email: string } | null
  /** An administrator of the installation enters an application of another organization. */
  isForeignAdministrator: boolean
  /** Where to sign in with another account, and come back. */
  signInAddress: string
  scopes: string[]
  accountClaims: string[]
  claims: string[]
}

const call = async <T,>(path: string, body?: unknown): Promise<T> => {
  const answer = await fetch(path, {
    credentials: 'same-origin',
    ...(body === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  if (answer.ok) return (await answer.json()) as T
  throw new Error(
    answer.status === 404
      ? 'This sign-in was left open for too long, or has ended. Go back to the application and sign in again.'
      : 'Something went wrong on our side. Try again.',
  )
}

const claimTexts: Record<string, string> = {
  name: 'Your verified name',
  given_name: 'Your given names, as on your document',
  family_name: 'Your surname, as on your document',
  birthdate: 'Your date of birth',
  document: 'What kind of document you showed, where it is from, and until when it is valid',
  document_number: 'The number of your document',
}
const textOf = (claim: string): string => {
  const [, age] = /^age_over_(\d+)$/.exec(claim) ?? []
  return age ? `Whether you are ${age} or older, without your date of birth` : (claimTexts[claim] ?? claim)
}
const scopeTexts: Record<string, string> = {
  profile: 'Your name, your username, and whether your identity is verified',
  email: 'Your email address',
  read: 'Your username',
}
const accountClaimTexts: Record<string, string> = {
  name: 'Your name',
  preferred_username: 'Your username',
  real_name: 'Your verified name, if your identity is verified',
  is_verified: 'Whether your identity is verified',
  email: 'Your email address',
  email_verified: 'Whether your email address is confirmed',
}

const Consent = ({ details, uid }: { details: Details; uid: string }) => {
  // A document number can be misused: it is shared only when the person ticks it, never by default.
  const [agreed, setAgreed] = useState<string[]>(details.claims.filter((claim) => claim !== 'document_number'))
  const decide = useMutation({
    mutationFn: (allow: boolean) =>
      call<{ redirectUrl: string }>(`/login/oauth/interaction/${uid}/decision`, { allow, claims: allow ? agreed : [] }),
    onSuccess: ({ redirectUrl }) => window.location.assign(redirectUrl),
  })
  const shared = [
    ...details.scopes.flatMap((scope) => scopeTexts[scope] ?? []),
    ...details.accountClaims.map((claim) => accountClaimTexts[claim] ?? claim),
  ]
  return (
    <Stack gap="md">
      <ErrorNotice error={decide.error} />
      {details.isForeignAdministrator && (
        <Text>
          You are an administrator of the whole installation. {details.application.displayName} belongs to{' '}
          {details.organization}: go on only if you want to sign in there.
        </Text>
      )}
      {shared.length > 0 && (
        <>
          <Text>{details.application.displayName} will learn:</Text>
          <List>
            {shared.map((text) => (
              <List.Item key={text}>{text}</List.Item>
            ))}
          </List>
        </>
      )}
      {details.claims.length > 0 && (
        <Checkbox.Group
          label="From your verified identity"
          description="Clear what you do not want to share"
          value={agreed}
          onChange={setAgreed}
        >
          <Stack gap="xs" mt="sm">
            {details.claims.map((claim) => (
              <Checkbox key={claim} value={claim} label={textOf(claim)} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      <Button fullWidth loading={decide.isPending} onClick={() => decide.mutate(true)}>
        Agree and go on
      </Button>
      <Button fullWidth variant="default" disabled={decide.isPending} onClick={() => decide.mutate(false)}>
        Do not agree
      </Button>
    </Stack>
  )
}

/** Which account goes on to the application (OpenID Connect Core 1.0, section 3.1.2.1, `select_account`). */
const SelectAccount = ({ details, uid }: { details: Details; uid: string }) => {
  const decide = useMutation({
    mutationFn: (allow: boolean) =>
      call<{ redirectUrl: string }>(`/login/oauth/interaction/${uid}/decision`, { allow }),
    onSuccess: ({ redirectUrl }) => window.location.assign(redirectUrl),
  })
  return (
    <Stack gap="md">
      <ErrorNotice error={decide.error} />
      <Button fullWidth loading={decide.isPending} onClick={() => decide.mutate(true)}>
        Continue as {details.person?.name}
      </Button>
      <Button component="a" href={details.signInAddress} variant="default" fullWidth>
        Use another account
      </Button>
      <Group justify="center">
        <Anchor component="button" type="button" onClick={() => decide.mutate(false)}>
          Go back to {details.application.displayName}
        </Anchor>
      </Group>
    </Stack>
  )
}

/** The check runs on the account page; coming back here goes on by itself. */
const Verify = ({ details, uid }: { details: Details; uid: string }) => {
  const refuse = useMutation({
    mutationFn: () => call<{ redirectUrl: string }>(`/login/oauth/interaction/${uid}/decision`, { allow: false }),
    onSuccess: ({ redirectUrl }) => window.location.assign(redirectUrl),
  })
  const here = `/login/oauth/interaction/${uid}`
  return (
    <Stack gap="md">
      <ErrorNotice error={refuse.error} />
      <Text>
        {details.application.displayName} accepts only people whose identity is verified. Show a document and your face
        once, then come back here and go on.
      </Text>
      <Button component="a" href="/account/identity" fullWidth>
        Verify Identity
      </Button>
      <Button component="a" href={here} variant="default" fullWidth>
        I am verified: go on
      </Button>
      <Group justify="center">
        <Anchor component="button" type="button" onClick={() => refuse.mutate()}>
          Go back without verifying
        </Anchor>
      </Group>
    </Stack>
  )
}

export const Interaction = () => {
  const { uid } = useParams({ strict: false }) as { uid: string }
  const details = useQuery({
    queryKey: ['interaction', uid],
    queryFn: () => call<Details>(`/login/oauth/interaction/${uid}/details`),
    retry: false,
  })
  const found = details.data
  useEffect(() => {
    if (found?.step === 'verification') sessionStorage.setItem('veridoor.back', `/login/oauth/interaction/${uid}`)
  }, [found, uid])
  const titles = {
    select_account: 'Choose an account',
    consent: `${found?.application.displayName} asks to know`,
    verification: 'Verify your identity',
    other_organization: 'This account is not for here',
  }
  return (
    <SignInFrame
      name={found?.organization ?? 'Veridoor'}
      title={found ? titles[found.step] : 'Sign in'}
      help=""
      logo={found?.application.logo ?? ''}
      colour={found?.application.colour ?? ''}
    >
      <ErrorNotice error={details.error} />
      {!found && !details.error && <Loading rows={3} />}
      {found?.person && (
        <Text size="sm" c="dimmed">
          Signed in as {found.person.name}
          {found.person.email && ` · ${found.person.email}`}
        </Text>
      )}
      {found?.step === 'select_account' && <SelectAccount details={found} uid={uid} />}
      {found?.step === 'consent' && <Consent details={found} uid={uid} />}
      {found?.step === 'verification' && <Verify details={found} uid={uid} />}
      {found?.step === 'other_organization' && (
        <Stack gap="md">
          <Text>
            {found.application.displayName} belongs to {found.organization}. Sign in with an account of it.
          </Text>
          <Button component="a" href={found.signInAddress}>
            Use another account
          </Button>
        </Stack>
      )}
    </SignInFrame>
  )
}
