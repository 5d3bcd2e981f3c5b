import type { Frames } from './assess.ts'
import type { Assessment, DocumentKind, DocumentReading, FaceComparison, RetakeCode } from './findings.ts'
import type { LivenessAnswer, LivenessInput } from './liveness/assess.ts'
import type { ChosenKind } from './specimen/render-kind.ts'
import type { Specimen } from './specimen/specimen.ts'

/** What crosses between the pool and its workers. Pictures travel as bytes and are kept nowhere. */
export type Jobs = {
  /** A side is one picture, or up to five frames of the same side. */
  assess: {
    input: { front: Frames; back?: Frames; selfie?: Uint8Array; live?: Uint8Array; kind?: DocumentKind; today?: string }
    output: Assessment
  }
  read: { input: { picture: Uint8Array }; output: DocumentReading }
  compare: { input: { a: Uint8Array; b: Uint8Array }; output: FaceComparison }
  precheck: { input: { picture: Uint8Array; part: 'document' | 'selfie' }; output: RetakeCode[] }
  /** The first page of a PDF as JPEG, for what is kept and shown: pictures only. */
  firstPage: { input: { file: Uint8Array }; output: Uint8Array }
  liveness: { input: LivenessInput; output: LivenessAnswer }
  describe: { input: { picture: Uint8Array }; output: Float32Array | null }
  specimen: { input: { kind: ChosenKind; specimen: Specimen }; output: { front: Uint8Array; back?: Uint8Array } }
}
export type JobName = keyof Jobs
/** What the pool sends a worker; its answer has the same id. */
export type Request = { readonly id: number; readonly name: JobName; readonly input: Jobs[JobName]['input'] }
/** What a worker sends back: an output, or as `error` an engine's code, or `fault` for what no code names. */
export type Answer = {
  readonly id: number
  readonly output?: Jobs[JobName]['output']
  readonly error?: string
  /** Memory that the worker holds now, and the most that it ever held, in the middle of a job too: bytes. */
  readonly rss: number
  readonly peakRss: number
}
