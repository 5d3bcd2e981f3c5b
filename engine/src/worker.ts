import { EngineError } from './errors.ts'
import type { Answer, Jobs, Request } from './jobs.ts'
import { peakMemory } from './peak-memory.ts'
import { type FaceLimits, faceLimits as usual } from './thresholds.ts'

const [given] = process.argv.slice(2)
const faceLimits: FaceLimits = given ? (JSON.parse(given) as FaceLimits) : usual

/** A worker of the pool: one process, one job at a time, models loaded on first use and kept. */
const run = async (request: Request): Promise<Answer['output']> => {
  switch (request.name) {
    case 'specimen': {
      const { renderKind } = await import('./specimen/render-kind.ts')
      const { kind, specimen } = request.input as Jobs['specimen']['input']
      return renderKind(kind, specimen)
    }
    case 'assess': {
      const { assess } = await import('./assess.ts')
      const input = request.input as Jobs['assess']['input']
      return assess({
        front: input.front,
        ...(input.back ? { back: input.back } : {}),
        ...(input.kind ? { kind: input.kind } : {}),
        ...(input.selfie ? { selfie: input.selfie } : {}),
        ...(input.live ? { live: input.live } : {}),
        ...(input.today ? { today: new Date(input.today) } : {}),
        faceLimits,
      })
    }
    case 'read': {
      const { read } = await import('./assess.ts')
      return read((request.input as Jobs['read']['input']).picture)
    }
    case 'compare': {
      const { comparePictures } = await import('./assess.ts')
      const input = request.input as Jobs['compare']['input']
      return comparePictures(input.a, input.b, faceLimits)
    }
    case 'precheck': {
      const { precheck } = await import('./assess.ts')
      const input = request.input as Jobs['precheck']['input']
      return precheck(input.picture, input.part)
    }
    case 'firstPage': {
      const { renderFirstPage } = await import('./pictures/pdf.ts')
      return renderFirstPage((request.input as Jobs['firstPage']['input']).file)
    }
    case 'liveness': {
      const { assessLiveness } = await import('./liveness/assess.ts')
      return assessLiveness(request.input as Jobs['liveness']['input'], faceLimits)
    }
    case 'describe': {
      const { describeFace } = await import('./describe-face.ts')
      return describeFace((request.input as Jobs['describe']['input']).picture)
    }
    default: {
      const never: never = request.name
      throw new Error(`no job ${typeof never}`)
    }
  }
}

const memory = () => ({ rss: process.memoryUsage.rss(), peakRss: peakMemory() })

const answer = (message: Answer): void => {
  process.send?.(message)
}

process.on('message', (request: Request) => {
  run(request).then(
    (output) => answer({ id: request.id, output, ...memory() }),
    (error: unknown) =>
      answer({ id: request.id, error: error instanceof EngineError ? error.code : 'fault', ...memory() }),
  )
})
// Without its pool a worker has nothing to do.
process.on('disconnect', () => process.exit(0))
