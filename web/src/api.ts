import { createORPCClient, ORPCError } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { JsonifiedClient } from '@orpc/openapi-client'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import { QueryClient } from '@tanstack/react-query'
import type { api as contract } from '@veridoor/contract'
import contractJson from './contract.gen.json' with { type: 'json' }

type Client = JsonifiedClient<ContractRouterClient<typeof contract>>

const link = new OpenAPILink(contractJson as unknown as typeof contract, {
  url: `${window.location.origin}/v1`,
  // Errors in the form that this client reads; programs get problem+json.
  headers: { accept: 'application/json' },
  fetch: (request, init) => fetch(request, { ...init, credentials: 'same-origin' }),
})

/** The server's API, typed by the contract. */
export const client: Client = createORPCClient(link)
export const api = createTanstackQueryUtils(client)

/** The server has answered that this cannot be read: asking again changes nothing. */
const isFinal = (error: unknown): boolean => error instanceof ORPCError && error.status < 500

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // Without a network the page says so at once. The default waits, without a word, until there is one.
      networkMode: 'always',
      retry: (times, error) => times < 2 && navigator.onLine && !isFinal(error),
    },
    mutations: { networkMode: 'always' },
  },
})

type Polled<T> = { readonly state: { readonly data: T | undefined; readonly error: unknown } }

/**
 * A refetch interval that stops when the server has answered that there is nothing to read, or that the session has ended.
 * @param every milliseconds, or false when the data says that nothing more will come
 */
export const poll =
  <T>(every: (data: T | undefined) => number | false) =>
  ({ state }: Polled<T>): number | false =>
    isFinal(state.error) ? false : every(state.data)

/** The details of an error of the API. */
export type ApiErrorDetail = {
  reason?: string
  values?: Record<string, string | number>
  fields?: { path: string; message: string }[]
}

export const readApiError = (error: unknown): { code: string; message: string; detail: ApiErrorDetail } => {
  if (error instanceof ORPCError)
    return { code: error.code, message: error.message, detail: (error.data ?? {}) as ApiErrorDetail }
  return { code: 'OFFLINE', message: 'No connection. Check your network, then try again.', detail: {} }
}

/** Messages by field, for forms: `name`, `redirectUris.1`, `config.apiToken`. */
export const fieldErrors = (error: unknown): Record<string, string> =>
  Object.fromEntries((readApiError(error).detail.fields ?? []).map((field) => [field.path, field.message]))
