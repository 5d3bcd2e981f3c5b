import { Button, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { api, type client } from '../../api.ts'
import { Heading, Loading, Notice } from '../../ui/parts.tsx'

type EmbeddedCheck = Awaited<ReturnType<typeof client.verifications.embed>>
/** What the module of a provider's type exports. */
type EmbedModule = {
  run(check: { token: string; options: Record<string, string> }): Promise<{ finished: boolean }>
}

/** Loads the provider's script once; this page's policy allows the origins of this check only. */
const loadScript = (url: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = url
    script.async = true
    script.onload = () => resolve()
    script.onerror = () => reject(new Error('script'))
    document.head.append(script)
  })

const runCheck = async ({ script, module, token, options }: EmbeddedCheck): Promise<boolean> => {
  await loadScript(script)
  const { run } = (await import(/* @vite-ignore */ module)) as EmbedModule
  const { finished } = await run({ token, options })
  return finished
}

/** Leads back by the address that every provider's page leads back to, so that the result is asked for at once. */
const leave = (id: string, finished: boolean): void =>
  window.location.assign(`/verifications/${finished ? 'return' : 'stopped'}/${id}`)

const Runner = ({ id, check }: { id: string; check: EmbeddedCheck }) => {
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let isCurrent = true
    runCheck(check)
      .then((finished) => isCurrent && leave(id, finished))
      .catch(() => isCurrent && setFailed(true))
    return () => {
      isCurrent = false
    }
  }, [id, check])
  if (!failed) return <Text role="status">The check opens in a moment.</Text>
  return (
    <Notice tone="bad" title="The check could not be opened" role="alert">
      <p>Your browser or network may block the check service. Allow it, then try again.</p>
      <Button onClick={() => window.location.reload()}>Try again</Button>
    </Notice>
  )
}

/** A check inside our own page, by the script of the provider. */
export const EmbeddedCheck = () => {
  const { check: id } = useSearch({ strict: false }) as { check?: string }
  const check = useQuery({
    ...api.verifications.embed.queryOptions({ input: { id: id ?? '' } }),
    enabled: id !== undefined,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
  const isLoading = id !== undefined && check.isPending
  return (
    <Stack gap="md">
      <Heading size="h2">Identity check</Heading>
      <div className="card">
        <Stack gap="md">
          {isLoading ? <Loading /> : null}
          {id && check.data ? <Runner id={id} check={check.data} /> : null}
          {!isLoading && !check.data ? <Text>No check is waiting for you here.</Text> : null}
          <Button component="a" href="/account/identity" variant="default">
            Back to your account
          </Button>
        </Stack>
      </div>
    </Stack>
  )
}
