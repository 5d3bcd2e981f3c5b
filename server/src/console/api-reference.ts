import { toHtml } from '../oidc/index.ts'
import { docsPage } from './docs-layout.ts'
import { requiredScope } from './key-access.ts'

type Schema = {
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  enum?: unknown[]
  anyOf?: Schema[]
  items?: Schema
  maxLength?: number
  minLength?: number
  minimum?: number
  maximum?: number
  format?: string
}
type Parameter = { name: string; in: string; required?: boolean; schema?: Schema }
type Operation = {
  operationId?: string
  summary?: string
  tags?: string[]
  parameters?: Parameter[]
  requestBody?: { content?: Record<string, { schema?: Schema }> }
}
/** What this page reads of an OpenAPI document. */
export type ApiDocument = { paths?: Record<string, Record<string, Operation>> }

type Field = { name: string; place: string; isRequired: boolean; schema: Schema }
type Endpoint = {
  id: string
  method: string
  path: string
  summary: string
  scope: string | undefined
  fields: Field[]
}

const bodyFields = (operation: Operation): Field[] => {
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name,
    place: 'body',
    isRequired: schema?.required?.includes(name) ?? false,
    schema: property,
  }))
}

const endpointsOf = (document: ApiDocument): Endpoint[] =>
  Object.entries(document.paths ?? {}).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      id: operation.operationId ?? `${method} ${path}`,
      method: method.toUpperCase(),
      path: `/v1${path}`,
      summary: operation.summary ?? '',
      scope: requiredScope(operation.operationId ?? ''),
      fields: [
        ...(operation.parameters ?? []).map((parameter) => ({
          name: parameter.name,
          place: parameter.in,
          isRequired: parameter.required ?? false,
          schema: parameter.schema ?? {},
        })),
        ...bodyFields(operation),
      ],
    })),
  )

const typeOf = (schema: Schema): string => {
  if (schema.enum) return schema.enum.map((value) => (value === '' ? 'empty' : String(value))).join(' | ')
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' | ')
  if (schema.items) return `list of ${typeOf(schema.items)}`
  return [schema.format ?? [schema.type ?? 'any'].flat().join(' | ')].join(' ')
}

const limitsOf = ({ minLength, maxLength, minimum, maximum }: Schema): string =>
  [
    minLength ? `at least ${minLength} characters` : '',
    maxLength ? `at most ${maxLength} characters` : '',
    minimum === undefined ? '' : `from ${minimum}`,
    maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : `to ${maximum}`,
  ]
    .filter(Boolean)
    .join(', ')

const fieldRow = ({ name, place, isRequired, schema }: Field): string =>
  `<tr><td><code>${toHtml(name)}</code></td><td>${place}</td><td>${toHtml([typeOf(schema), limitsOf(schema)].filter(Boolean).join(', '))}</td><td>${isRequired ? 'yes' : ''}</td></tr>`

const exampleOf = ({ method, path }: Endpoint, url: string): string =>
  [
    `curl ${method === 'GET' ? '' : `-X ${method} `}-H "Authorization: Bearer $VERIDOOR_API_KEY"`,
    `"${url}${path}"`,
  ].join(' ')

const article = (endpoint: Endpoint, url: string): string => {
  const rows = endpoint.fields.map(fieldRow).join('')
  const access = endpoint.scope
    ? `<p>API key scope: <code>${endpoint.scope}</code></p><pre><code>${toHtml(exampleOf(endpoint, url))}</code></pre>`
    : '<p>Closed to API keys: for people who are signed in.</p>'
  return `<article id="${toHtml(endpoint.id)}"><h3><code>${endpoint.method} ${toHtml(endpoint.path)}</code></h3><p>${toHtml(endpoint.summary)}</p>${access}${
    rows === ''
      ? ''
      : `<table><thead><tr><th>Field</th><th>Sent in</th><th>Type</th><th>Required</th></tr></thead><tbody>${rows}</tbody></table>`
  }</article>`
}

const LONGEST_QUERY = 100

const matches = (endpoint: Endpoint, words: readonly string[]): boolean => {
  const text = [
    endpoint.id,
    endpoint.method,
    endpoint.path,
    endpoint.summary,
    endpoint.scope,
    ...endpoint.fields.map(({ name }) => name),
  ]
    .join(' ')
    .toLowerCase()
  return words.every((word) => text.includes(word))
}

/**
 * The reference of the API, or what of it has all words of a search: in the path, the summary, the scope or the name of a field.
 * @param url the public address, for the examples
 */
export const referencePage = (document: ApiDocument, search: string, url: string): string => {
  const query = search.slice(0, LONGEST_QUERY).trim()
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const all = endpointsOf(document)
  const found = all.filter((endpoint) => matches(endpoint, words))
  const count = words.length === 0 ? `${all.length} endpoints` : `${found.length} of ${all.length} endpoints`
  return docsPage(
    'API reference',
    `<h1>API reference</h1>
<p>The <a href="/docs/guides/api">guide</a> explains keys, pages and versions. <a href="/v1/openapi.json">openapi.json</a> is for tools and clients. Applications that sign people in start with <a href="/.well-known/openid-configuration">discovery</a>.</p>
<form role="search" method="get" action="/docs"><input type="search" name="q" aria-label="Search the reference" placeholder="Search: users, webhooks:write, cursor" maxlength="${LONGEST_QUERY}" value="${toHtml(query)}"><button>Search</button></form>
<p role="status">${count}</p>${found.map((endpoint) => article(endpoint, url)).join('')}`,
  )
}
