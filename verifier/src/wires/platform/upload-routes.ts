import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { VerifierDeps } from '../../deps.ts'
import { withoutNulls } from '../../http/without-nulls.ts'
import { keepPicture } from '../../session/keep-picture.ts'
import { isApiPicture, isApiSize } from '../../session/pictures.ts'
import { PREPARED_DATA_FILE } from '../../session/prepared-data.ts'
import { isQueueFull } from '../../session/queue.ts'
import { keepPreparedData, submitSession } from '../../session/submit.ts'
import { apiOf, headOf } from './answers.ts'
import { fileOf, type Ids, type PlatformCalls } from './calls.ts'
import { readPreparedData } from './prepared-data.ts'
import { PlatformRefusal } from './refuse.ts'
import type { PlatformTokens } from './tokens.ts'
import { workflowOf } from './workflows.ts'

/** Ten megabytes of picture and the form around it. */
const UPLOAD_BYTES = 10 * 1_048_576 + 16_384

/** @throws {PlatformRefusal} 400 */
export const jsonOf = (body: unknown): unknown => {
  try {
    return withoutNulls(JSON.parse(String(body)))
  } catch {
    throw new PlatformRefusal(400, 'the body is not JSON')
  }
}

/** The `file` of a form; broken forms have none. */
const pictureOf = async (request: FastifyRequest): Promise<Uint8Array> => {
  const type = request.headers['content-type'] ?? ''
  const body = Buffer.isBuffer(request.body) ? new Uint8Array(request.body) : new Uint8Array()
  const form = await new Response(body, { headers: { 'content-type': type } }).formData().catch(() => null)
  const file = form?.get('file')
  if (!file || typeof file === 'string') throw new PlatformRefusal(400, 'the form needs a picture named file')
  const bytes = new Uint8Array(await file.arrayBuffer())
  if (!isApiPicture(bytes)) throw new PlatformRefusal(400, 'a picture must be JPEG or PNG')
  if (!isApiSize(bytes))
    throw new PlatformRefusal(400, 'the longest side of a picture has more than 300 and at most 8000 pixels')
  return bytes
}

/** The API channel of the Platform: parts and their end (wire contract, 4.7 and 4.8). */
export const mountUploads = (
  scope: FastifyInstance,
  deps: VerifierDeps,
  tokens: PlatformTokens,
  { uploading, knock }: PlatformCalls,
  execution: string,
): void => {
  scope.route<{ Params: Ids }>({
    method: ['POST', 'PUT'],
    url: `${execution}/credentials/:credential/parts/:classifier`,
    bodyLimit: UPLOAD_BYTES,
    onRequest: async (request) => knock(request),
    handler: async (request) => {
      const session = await uploading(request)
      const file = fileOf(session, request.params)
      const held = session.platform.credentials.find(({ id }) => id === request.params.credential.toLowerCase())
      if (!held || !file) throw new PlatformRefusal(404, 'Part not found')
      const kept =
        file === PREPARED_DATA_FILE
          ? await keepPreparedData(deps, session, readPreparedData(jsonOf(request.body)))
          : await keepPicture(deps, session, { side: file, bytes: await pictureOf(request), from: 'api' })
      if (!kept) throw new PlatformRefusal(400, 'the transaction takes no more parts')
      const token = tokens.issue(session.id, 'upload', session.tokenExpiresAt)
      return { ...headOf(session, deps.clock.now()), api: apiOf(session, held.id, held.category, token, deps.url) }
    },
  })

  scope.put(execution, async (request) => {
    const session = await uploading(request)
    const asksForFace = workflowOf(session.platform.key)?.asksForFace === true
    // Missing consent is refused here, not when the account is opened (section 4.4).
    if (asksForFace && !session.platform.hasConsent) throw new PlatformRefusal(403, 'userConsent is missing')
    if (session.sides.front.state !== 'accepted' || (asksForFace && session.sides.selfie.state !== 'accepted'))
      throw new PlatformRefusal(400, 'parts are missing')
    if (session.phase === 'open' && (await isQueueFull(deps)))
      throw new PlatformRefusal(503, 'Many checks are waiting. Try again in a moment.', 10)
    if (session.phase !== 'open' || !(await submitSession(deps, session)))
      throw new PlatformRefusal(400, 'the transaction was finalised')
    return headOf(session, deps.clock.now())
  })
}
