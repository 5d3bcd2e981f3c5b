import { client } from '../api.ts'

export type Application = Awaited<ReturnType<typeof client.applications.read>>

/** What is sent to save an application: empty rows of the address list are left out. */
export const applicationInput = ({
  createdAt: _createdAt,
  clientId: _clientId,
  organization: _organization,
  ...application
}: Application) => ({
  ...application,
  redirectUris: application.redirectUris.filter((uri) => uri.trim() !== ''),
  postLogoutRedirectUris: application.postLogoutRedirectUris.filter((uri) => uri.trim() !== ''),
  providers: application.providers.map(({ organization, name }) => ({ organization, name })),
})

/** Attaches a provider to an application: before all others, or as the one that takes over when they are down. */
export const attachProvider = async (
  name: string,
  provider: { organization: string; name: string },
  isFirst: boolean,
): Promise<Application> => {
  const input = applicationInput(await client.applications.read({ name }))
  const row = { organization: provider.organization, name: provider.name }
  return client.applications.update({
    ...input,
    providers: isFirst ? [row, ...input.providers] : [...input.providers, row],
  })
}
