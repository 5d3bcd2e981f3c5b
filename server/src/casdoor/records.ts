import type { AuditLine } from '../audit/index.ts'
import type { Certificate } from '../oidc/index.ts'
import type { Call } from './call.ts'
import type { Deps } from './deps.ts'
import { type Envelope, failed, ok } from './envelope.ts'
import { listEnvelope, readListQuery } from './list.ts'
import { parseId, requireAdministrator, requireOrganization } from './principal.ts'

const toCasdoorRecord = (line: AuditLine): Record<string, unknown> => ({
  id: line.number,
  owner: line.organization,
  name: `${line.organization}-${line.number}`,
  createdTime: line.at.toISOString(),
  organization: line.organization,
  clientIp: line.address,
  user: line.actor.split('/').at(-1) ?? '',
  method: '',
  requestUri: '',
  action: line.action,
  object: '',
  response: JSON.stringify({ status: line.result === 'ok' ? 'ok' : 'error', msg: line.reasons.join(', ') }),
  statusCode: line.result === 'ok' ? 200 : 403,
  detail: [line.before, line.after].filter(Boolean).join(' -> '),
  isTriggered: true,
  // Casdoor's records do not say who acted on whom.
  actor: line.actor,
  target: line.target,
  provider: line.provider,
  reference: line.reference,
  decision: line.after,
})

/** GET /api/get-records without pages: the newest of them. The record only grows, so that a whole one is never asked for. */
const NEWEST = 1_000

/**
 * GET /api/get-records: the audit record, newest first, of the caller's organization, or of the one that an administrator of the
 * installation names. It has no bodies of requests, because they are never stored.
 */
export const getRecords = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = requireAdministrator(call)
  const wanted = call.query.organizationName || undefined
  const organization = caller.isGlobalAdmin ? wanted : requireOrganization(caller, wanted ?? caller.organization)
  const list = readListQuery(call.query, [])
  const { lines, ...count } = await deps.audit.listByOffset({
    organization,
    limit: Math.min(list.limit, NEWEST),
    offset: list.offset,
  })
  return listEnvelope(list, { rows: lines, ...count }, toCasdoorRecord)
}

/** The record is append-only: what happens writes it, never a client. */
export const addRecord = async (): Promise<Envelope> =>
  failed('Records are written by the server, not by clients', 'NOT_HOSTED')

/** Casdoor's name for the certificate of the key that signs now. The others are named by their key id. */
const CURRENT_CERTIFICATE = 'cert-built-in'
const nameOf = ({ isCurrent, keyId }: Certificate): string => (isCurrent ? CURRENT_CERTIFICATE : keyId)

const toCasdoorCertificate = (certificate: Certificate): Record<string, unknown> => ({
  owner: 'admin',
  name: nameOf(certificate),
  createdTime: '',
  displayName: nameOf(certificate),
  scope: 'JWT',
  type: 'x509',
  cryptoAlgorithm: certificate.algorithm,
  bitSize: 2048,
  expireInYears: 20,
  certificate: certificate.pem,
  privateKey: '',
  accessSecret: '',
})

/** Public keys, with which clients check tokens by themselves. Private keys are in no answer. */
export const getCertificates = async (deps: Deps, call: Call): Promise<Envelope> => {
  requireAdministrator(call)
  return ok((await deps.certificates()).map(toCasdoorCertificate))
}

/** Found by the name in the id, with any owner; `null` when there is none. */
export const getCertificate = async (deps: Deps, call: Call): Promise<Envelope> => {
  requireAdministrator(call)
  const { name } = parseId(call.query.id)
  const found = (await deps.certificates()).find((certificate) => nameOf(certificate) === name)
  return ok(found ? toCasdoorCertificate(found) : null)
}
