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
  // Refusals in the form that this client reads; programs get problem+json.
  headers: { accept: 'application/json' },
  fetch: (request, init) => fetch(request, { ...init, credentials: 'same-origin' }),
})

/** The server's API, typed by the contract. */
export const client: Client = createORPCClient(link)
export const api = createTanstackQueryUtils(client)

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (times, error) => times < 2 && !(error instanceof ORPCError && error.status < 500),
    },
  },
})

/** What the API answers with a refusal. */
export type RefusalDetail = {
  reason?: string
  values?: Record<string, string | number>
  fields?: { path: string; message: string }[]
}

export const refusalOf = (error: unknown): { code: string; message: string; detail: RefusalDetail } => {
  if (error instanceof ORPCError)
    return { code: error.code, message: error.message, detail: (error.data ?? {}) as RefusalDetail }
  return { code: 'OFFLINE', message: 'No connection. Check your network, then try again.', detail: {} }
}

/** Messages by field name, for forms; `config.` of provider settings is kept. */
export const fieldErrors = (error: unknown): Record<string, string> =>
  Object.fromEntries((refusalOf(error).detail.fields ?? []).map((field) => [field.path, field.message]))
