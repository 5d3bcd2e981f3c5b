import type { Certificate } from '../oidc/index.ts'
import type { Call, Deps } from './deps.ts'
import { type Envelope, failed, ok } from './envelope.ts'
import { administratorOf, splitId, within } from './principal.ts'

/** Not more at once, whether or not a page is asked for. */
const MOST = 1_000

/**
 * GET /api/get-records: the audit record in Casdoor's words, always of the caller's organization only. Bodies of requests are not
 * in it, because they were never stored.
 */
export const getRecords = async (deps: Deps, call: Call): Promise<Envelope> => {
  const caller = administratorOf(call)
  const wanted = call.query.organizationName
  const organization = caller.isGlobalAdmin ? wanted : within(caller, wanted ?? caller.organization)
  const size = Math.min(Number(call.query.pageSize) || MOST, MOST)
  const page = Math.max(Number(call.query.p) || 1, 1)
  const { lines, total } = await deps.audit.list({
    ...(organization === undefined ? {} : { organization }),
    limit: Math.min(page * size, MOST),
  })
  const shown = lines.slice((page - 1) * size, page * size).map((line) => ({
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
    // What Casdoor's rows lack: whom and what it was about.
    actor: line.actor,
    target: line.target,
    provider: line.provider,
    reference: line.reference,
    decision: line.after,
  }))
  return ok(shown, { data2: call.query.p && call.query.pageSize ? total : null })
}

/** The record is append-only and written by what happens, never by a client. */
export const addRecord = async (): Promise<Envelope> =>
  failed('Records are written by what happens, not by clients', 'NOT_HOSTED')

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

/** Public keys for checking tokens offline. Private halves are in no answer. */
export const getCertificates = async (deps: Deps, call: Call): Promise<Envelope> => {
  administratorOf(call)
  return ok((await deps.certificates()).map(toCasdoorCertificate))
}

/** Found by the name in the id, whatever owner stands before it; null when there is none. */
export const getCertificate = async (deps: Deps, call: Call): Promise<Envelope> => {
  administratorOf(call)
  const { name } = splitId(call.query.id)
  const found = (await deps.certificates()).find((certificate) => nameOf(certificate) === name)
  return ok(found ? toCasdoorCertificate(found) : null)
}
