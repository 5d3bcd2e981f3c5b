import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { JsonifiedClient } from '@orpc/openapi-client'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import { api } from '@veridoor/contract'

/** `idempotencyKey`: the request may be repeated and is carried out once; use a new one for each thing to be done. */
export type CallOptions = { readonly idempotencyKey?: string }
export type Veridoor = JsonifiedClient<ContractRouterClient<typeof api, CallOptions>>

/** A problem answer (RFC 9457) in the form that the client makes its error from. */
const fromProblem = async (answer: Response): Promise<Response> => {
  if (!answer.headers.get('content-type')?.startsWith('application/problem+json')) return answer
  const { code, title, status, type: _type, instance, ...data } = (await answer.json()) as Record<string, unknown>
  const error = { defined: true, code, status, message: title, data: { ...data, instance } }
  return new Response(JSON.stringify(error), {
    status: answer.status,
    headers: { 'content-type': 'application/json' },
  })
}

/**
 * The API of one Veridoor, typed. Refusals are thrown as `VeridoorError`, with a stable `code`.
 *
 * @param options.url where Veridoor is, such as `https://id.example.com`
 * @param options.key an API key of your application (`vd_…`). It is a secret: use it on a server only
 */
export const createVeridoor = (options: { url: string; key: string; fetch?: typeof fetch }): Veridoor => {
  const call = options.fetch ?? fetch
  const link = new OpenAPILink<CallOptions>(api, {
    url: `${new URL(options.url).origin}/v1`,
    headers: ({ context }) => ({
      authorization: `Bearer ${options.key}`,
      ...(context.idempotencyKey ? { 'idempotency-key': context.idempotencyKey } : {}),
    }),
    fetch: async (request, init) => fromProblem(await call(request, init as RequestInit)),
  })
  return createORPCClient(link)
}
export { ORPCError as VeridoorError } from '@orpc/client'
