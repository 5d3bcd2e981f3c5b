import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { VerifierDeps } from '../../deps.ts'
import { bodyText, mediaTypeOf } from '../../http/media-type.ts'
import { formPartsOf } from '../../http/multipart.ts'
import { keepPicture } from '../../session/keep-picture.ts'
import { isApiPicture, isApiSize } from '../../session/pictures.ts'
import { PREPARED_DATA_FILE } from '../../session/prepared-data.ts'
import { isQueueFull } from '../../session/queue.ts'
import { keepPreparedData, submitSession } from '../../session/submit.ts'
import { parseJson } from '../normalize.ts'
import { apiOf, headOf } from './answers.ts'
import { fileOf, type Ids, type PlatformCalls } from './calls.ts'
import { PlatformError } from './error.ts'
import { normalizePreparedData } from './orders.ts'
import { readPreparedData } from './prepared-data.ts'
import type { PlatformTokens } from './tokens.ts'
import { workflowOf } from './workflows.ts'

/** Ten megabytes of picture and the form around it. */
const UPLOAD_BYTES = 10 * 1_048_576 + 16_384

/** The JSON body of a request. @throws {PlatformError} 400 */
export const jsonOf = (request: FastifyRequest): unknown => {
  const body = parseJson(bodyText(request))
  if (body === undefined) throw new PlatformError(400, 'the body is not JSON')
  return body
}

/** The picture of a form, or of a body that is one. @throws {PlatformError} 400 */
const pictureOf = (request: FastifyRequest): Uint8Array => {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const isForm = mediaTypeOf(request) === 'multipart/form-data'
  const bytes = isForm
    ? formPartsOf(request.headers['content-type'] ?? '', body).find(({ name }) => name.toLowerCase() === 'file')?.bytes
    : body
  if (!bytes || bytes.length === 0) throw new PlatformError(400, 'the form needs a picture named file')
  if (!isApiPicture(bytes)) throw new PlatformError(400, 'a picture must be JPEG or PNG')
  if (!isApiSize(bytes))
    throw new PlatformError(400, 'the longest side of a picture has more than 300 and at most 8000 pixels')
  return bytes
}

/** The API channel of the Platform: parts and their end (wire contract, 4.7 and 4.8). */
export const mountUploads = (
  scope: FastifyInstance,
  deps: VerifierDeps,
  tokens: PlatformTokens,
  { uploading, preAuthorize }: PlatformCalls,
  execution: string,
): void => {
  scope.route<{ Params: Ids }>({
    method: ['POST', 'PUT'],
    url: `${execution}/credentials/:credential/parts/:classifier`,
    bodyLimit: UPLOAD_BYTES,
    onRequest: async (request) => preAuthorize(request),
    handler: async (request) => {
      const session = await uploading(request)
      const file = fileOf(session, request.params)
      const held = session.platform.credentials.find(({ id }) => id === request.params.credential.toLowerCase())
      if (!held || !file) throw new PlatformError(404, 'Part not found')
      const kept =
        file === PREPARED_DATA_FILE
          ? await keepPreparedData(deps, session, readPreparedData(normalizePreparedData(jsonOf(request))))
          : await keepPicture(deps, session, { side: file, bytes: pictureOf(request), from: 'api' })
      if (!kept) throw new PlatformError(400, 'the transaction takes no more parts')
      const token = tokens.issue(session.id, 'upload', session.tokenExpiresAt)
      return { ...headOf(session, deps.clock.now()), api: apiOf(session, held.id, held.category, token, deps.url) }
    },
  })

  scope.put(execution, async (request) => {
    const session = await uploading(request)
    const asksForFace = workflowOf(session.platform.key)?.asksForFace === true
    // Missing consent is refused here, not when the account is opened (section 4.4).
    if (asksForFace && !session.platform.hasConsent) throw new PlatformError(403, 'userConsent is missing')
    if (session.sides.front.state !== 'accepted' || (asksForFace && session.sides.selfie.state !== 'accepted'))
      throw new PlatformError(400, 'parts are missing')
    if (session.phase === 'open' && (await isQueueFull(deps)))
      throw new PlatformError(503, 'Many checks are waiting. Try again in a moment.', 10)
    if (session.phase !== 'open' || !(await submitSession(deps, session)))
      throw new PlatformError(400, 'the transaction was finalised')
    return headOf(session, deps.clock.now())
  })
}
