import { createFinder, type FindFaces } from './find-faces.ts'

/** What the worker is sent: the net's weights once, then pictures. Each picture is answered with its faces. */
export type ToWorker = { readonly weights: ArrayBuffer } | { readonly rgba: Uint8ClampedArray<ArrayBuffer> }

let find: FindFaces | null = null
addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if ('weights' in data) find = createFinder(data.weights)
  else if (find) postMessage(find(data.rgba))
})
