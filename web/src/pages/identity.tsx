import { Group, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { api, poll } from '../api.ts'
import { readSentence } from '../sentences.ts'
import { ownProviderMark } from '../ui/own-provider.ts'
import { ErrorNotice, Heading, Loading } from '../ui/parts.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { takeTestRun } from '../ui/test-run.ts'
import { BackToApplication } from './identity/back-to-application.tsx'
import type { Account } from './identity/details.tsx'
import { EditDetails } from './identity/edit-details.tsx'
import { LastResult } from './identity/last-result.tsx'
import { OpenCheck } from './identity/open-check.tsx'
import { SealedDetails } from './identity/sealed-details.tsx'

const isOpenState = (state: string): boolean =>
  state === 'created' || state === 'waiting' || state === 'checking' || state === 'review'

/** What a screen reader is told when the state changes. */
const sentenceOfState = (state: string): string =>
  state === 'verified'
    ? readSentence('verified').title
    : state === 'checking'
      ? readSentence('checking').title
      : state === 'review'
        ? readSentence('under_review').title
        : ''

/** Whoever has just run a test goes back to the provider that was tested. */
const useReturnFromTest = (): void => {
  const navigate = useNavigate()
  useEffect(() => {
    const run = takeTestRun()
    if (!run) return
    void navigate({
      to: '/console/providers/$organization/$name',
      params: { organization: run.organization, name: run.provider },
      search: { tested: run.id },
      replace: true,
    })
  }, [navigate])
}

export const Identity = () => {
  useReturnFromTest()
  const account = useQuery({
    ...api.account.read.queryOptions(),
    refetchInterval: poll((read?: Account) => {
      const state = read?.verification?.state
      return state === 'review' ? 60_000 : state && isOpenState(state) ? 2_000 : false
    }),
  })
  const { data } = account
  const state = data?.identity.isVerified ? 'verified' : (data?.verification?.state ?? 'none')
  const shown = state === 'verified' && !data?.identity.isVerified ? 'none' : state
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Heading size="h2">Identity</Heading>
        {data && (
          <StateBadge
            state={shown}
            demonstration={data.identity.isVerified && data.identity.isDemonstration}
            mark={data.identity.isVerified ? ownProviderMark(data.identity.trust, data.organizationDisplayName) : null}
          />
        )}
      </Group>
      <div aria-live="polite" className="visually-hidden">
        {data ? sentenceOfState(shown) : ''}
      </div>
      {data && <BackToApplication isVerified={data.identity.isVerified} />}
      {account.error ? <ErrorNotice error={account.error} onRetry={() => void account.refetch()} /> : null}
      {!data && !account.error && <Loading />}
      {data && (
        <div className="card">
          {data.identity.isVerified || data.identity.sealed.length > 0 ? (
            <SealedDetails account={data} />
          ) : isOpenState(state) ? (
            <OpenCheck account={data} />
          ) : (
            <Stack gap="md">
              <LastResult account={data} />
              <EditDetails account={data} isRepeat={state !== 'none'} />
            </Stack>
          )}
        </div>
      )}
    </Stack>
  )
}
