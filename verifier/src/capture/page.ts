import { existsSync } from 'node:fs'
import fastifyStatic from '@fastify/static'
import { faceFinderWeights } from '@veridoor/engine'
import type { HttpApp } from '@veridoor/foundation'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { VerifierDeps } from '../deps.ts'
import { healthAnswer } from '../http/health.ts'

/** The built page, and what it fetches besides: the weights that its device finds faces with. */
export const servePage = (app: HttpApp, deps: VerifierDeps): void => {
  const folder = deps.pagesFolder
  app.get('/', async (request: FastifyRequest, reply: FastifyReply) =>
    // The Platform's health answer is at the root of its host (section 4.14); people read a sentence.
    !request.headers.accept?.includes('text/html')
      ? reply.send(await healthAnswer(deps))
      : reply
          .type('text/plain')
          .send('This is the Veridoor verifier. Checks begin at the application that sent you.\n'),
  )
  if (!existsSync(folder)) {
    app.get('/capture/', async (_request: FastifyRequest, reply: FastifyReply) =>
      reply.type('text/plain').send('The capture page is not built yet. Run: npm run build\n'),
    )
    return
  }
  let weights: Buffer | undefined
  app.get('/capture/face-finder.bin', async (_request: FastifyRequest, reply: FastifyReply) => {
    weights ??= Buffer.from(faceFinderWeights())
    return reply.type('application/octet-stream').header('cache-control', 'public, max-age=86400').send(weights)
  })
  app.register(fastifyStatic, {
    root: folder,
    prefix: '/capture/',
    // The build writes a brotli and a gzip copy beside each text file (web/scripts/compress.ts).
    preCompressed: true,
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
      reply.header('permissions-policy', 'camera=(self), microphone=(), geolocation=()')
    },
  })
}
