/** Numbers of a picture or of what a layer made of it: rows, columns, channels, one after another. */
export type Layer = {
  readonly data: Float32Array
  readonly size: number
  readonly channels: number
}

/** Takes the next so many weights of the file. */
export type Take = (count: number) => Float32Array

/** Weights of one output beside each other, so that a sum runs over neighbours. */
const byOutput = (filter: Float32Array, inputs: number, outputs: number): Float32Array => {
  const turned = new Float32Array(filter.length)
  for (let from = 0; from < inputs; from += 1)
    for (let to = 0; to < outputs; to += 1) turned[to * inputs + from] = filter[from * outputs + to] ?? 0
  return turned
}

/** `out[at..] = weights · values + bias`, four sums at once: engines of browsers are twice as fast that way. */
const multiply = (
  values: Float32Array,
  weights: Float32Array,
  bias: Float32Array,
  out: Float32Array,
  at: number,
): void => {
  const inputs = values.length
  const outputs = bias.length
  let to = 0
  for (; to + 4 <= outputs; to += 4) {
    const a = to * inputs
    const b = a + inputs
    const c = b + inputs
    const d = c + inputs
    let w = 0
    let x = 0
    let y = 0
    let z = 0
    for (let from = 0; from < inputs; from += 1) {
      const value = values[from] as number
      w += value * (weights[a + from] as number)
      x += value * (weights[b + from] as number)
      y += value * (weights[c + from] as number)
      z += value * (weights[d + from] as number)
    }
    out[at + to] = w + (bias[to] as number)
    out[at + to + 1] = x + (bias[to + 1] as number)
    out[at + to + 2] = y + (bias[to + 2] as number)
    out[at + to + 3] = z + (bias[to + 3] as number)
  }
  for (; to < outputs; to += 1) {
    let sum = bias[to] as number
    for (let from = 0; from < inputs; from += 1)
      sum += (values[from] as number) * (weights[to * inputs + from] as number)
    out[at + to] = sum
  }
}

const relu = (data: Float32Array, from: number, to: number): void => {
  for (let index = from; index < to; index += 1) if ((data[index] as number) < 0) data[index] = 0
}

/** The first layer: 5 × 5 over three colours, every second pixel. */
export const firstLayer = (take: Take, outputs: number) => {
  const side = 5
  const weights = byOutput(take(side * side * 3 * outputs), side * side * 3, outputs)
  const bias = take(outputs)
  const seen = new Float32Array(side * side * 3)
  return ({ data, size }: Layer): Layer => {
    const half = size / 2
    const out = new Float32Array(half * half * outputs)
    for (let row = 0; row < half; row += 1)
      for (let column = 0; column < half; column += 1) {
        // Padding "same" of an even size: one before, two behind.
        for (let dy = 0; dy < side; dy += 1)
          for (let dx = 0; dx < side; dx += 1) {
            const y = row * 2 + dy - 1
            const x = column * 2 + dx - 1
            const isInside = y >= 0 && x >= 0 && y < size && x < size
            for (let colour = 0; colour < 3; colour += 1)
              seen[(dy * side + dx) * 3 + colour] = isInside ? (data[(y * size + x) * 3 + colour] as number) : 0
          }
        multiply(seen, weights, bias, out, (row * half + column) * outputs)
      }
    relu(out, 0, out.length)
    return { data: out, size: half, channels: outputs }
  }
}

/**
 * A block: each channel over its 3 × 3 neighbours, then all channels of a pixel together, then what came in is added. `step` 2 halves
 * the picture; what came in is halved by the largest of four, and new channels get none of it.
 */
export const block = (take: Take, inputs: number, outputs: number, step: 1 | 2, isAdded = true) => {
  const each = take(9 * inputs)
  const weights = byOutput(take(inputs * outputs), inputs, outputs)
  const bias = take(outputs)
  const seen = new Float32Array(inputs)
  return ({ data, size }: Layer): Layer => {
    const outSize = size / step
    const out = new Float32Array(outSize * outSize * outputs)
    const shift = step === 1 ? -1 : 0
    for (let row = 0; row < outSize; row += 1)
      for (let column = 0; column < outSize; column += 1) {
        seen.fill(0)
        for (let dy = 0; dy < 3; dy += 1) {
          const y = row * step + dy + shift
          if (y < 0 || y >= size) continue
          for (let dx = 0; dx < 3; dx += 1) {
            const x = column * step + dx + shift
            if (x < 0 || x >= size) continue
            const from = (y * size + x) * inputs
            const filter = (dy * 3 + dx) * inputs
            for (let channel = 0; channel < inputs; channel += 1)
              seen[channel] =
                (seen[channel] as number) + (data[from + channel] as number) * (each[filter + channel] as number)
          }
        }
        const at = (row * outSize + column) * outputs
        multiply(seen, weights, bias, out, at)
        if (isAdded)
          for (let channel = 0; channel < inputs; channel += 1) {
            const first = (row * step * size + column * step) * inputs + channel
            let came = data[first] as number
            if (step === 2) {
              const below = first + size * inputs
              came = Math.max(
                came,
                data[first + inputs] as number,
                data[below] as number,
                data[below + inputs] as number,
              )
            }
            out[at + channel] = (out[at + channel] as number) + came
          }
        relu(out, at, at + outputs)
      }
    return { data: out, size: outSize, channels: outputs }
  }
}

/** What is read off: all channels of a pixel together, without neighbours. */
export const head = (take: Take, inputs: number, outputs: number) => {
  const weights = byOutput(take(inputs * outputs), inputs, outputs)
  const bias = take(outputs)
  return ({ data, size }: Layer): Float32Array => {
    const out = new Float32Array(size * size * outputs)
    for (let pixel = 0; pixel < size * size; pixel += 1)
      multiply(data.subarray(pixel * inputs, (pixel + 1) * inputs), weights, bias, out, pixel * outputs)
    return out
  }
}
