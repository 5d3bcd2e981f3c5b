/** A stream of whole numbers below a limit, the same for the same seed: xorshift32. */
export const seededNumbers = (seed: number): ((below: number) => number) => {
  let state = (seed | 0) * 2_654_435_761 || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % Math.max(1, below)
  }
}

/** Numbers that sizes and lengths go wrong at. */
const edges = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff] as const

type Numbers = (below: number) => number
type Change = (bytes: Buffer, number: Numbers) => Buffer

/** Half of all changes fall into the first bytes, where headers are: pixels forgive, headers do not. */
const placeIn = (bytes: Buffer, number: Numbers): number =>
  number(2) === 0 ? number(Math.min(bytes.length, 600)) : number(bytes.length)

const changes: readonly Change[] = [
  (bytes, number) => {
    const at = placeIn(bytes, number)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << number(8))
    return bytes
  },
  (bytes, number) => {
    const at = placeIn(bytes, number)
    return bytes.fill(edges[number(edges.length)] ?? 0, at, Math.min(bytes.length, at + 1 + number(4)))
  },
  (bytes, number) => {
    const at = placeIn(bytes, number)
    for (let index = at; index < Math.min(bytes.length, at + 40); index += 1) bytes[index] = number(256)
    return bytes
  },
  (bytes, number) => bytes.subarray(0, 1 + number(bytes.length)),
  (bytes, number) => {
    const at = placeIn(bytes, number)
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + number(200))])
  },
  (bytes, number) => {
    const at = placeIn(bytes, number)
    const from = number(bytes.length)
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + 1 + number(400)), bytes.subarray(at)])
  },
]

/** A copy of a file with one to six faults. */
export const mutate = (file: Uint8Array, number: Numbers): Buffer => {
  let bytes: Buffer = Buffer.from(file)
  for (let left = 1 + number(6); left > 0 && bytes.length > 1; left -= 1)
    bytes = changes[number(changes.length)]?.(bytes, number) ?? bytes
  return bytes
}
