import { Tensor } from 'onnxruntime-node'
import { lazily, openSession, ownModel } from '../../models.ts'
import { cutGrey, type Slant } from '../../pictures/geometry.ts'
import type { Grey } from '../../pictures/picture.ts'

/** The characters of machine-readable zones (ICAO 9303-3, section 4.3), in the order of the model's classes after the blank. */
export const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<'
const CLASSES = ALPHABET.length + 1
const ROWS = 32
const STRIDE = 4

/** Our recogniser, opened on first use. Another file can stand in its place where nets are compared (`bench/lines.ts`). */
export type Recogniser = ReturnType<typeof recogniserOf>
/** A recogniser from an ONNX file, opened on first use. */
export const recogniserOf = (file: string) => lazily(() => openSession(file))
const ours: Recogniser = () => own()
const own = lazily(() => openSession(ownModel('mrz-ocrb.onnx')))

/** Class probabilities by column: `columns × 38`, blank first, and where the columns lie in the picture. */
export type Columns = {
  readonly probabilities: Float32Array
  readonly count: number
  readonly slant: Slant
  readonly columnPx: number
}

/** A character as the net read it. `confidence`, 0 to 1, is the net's own word; `column` is the net's, too. */
export type ReadCharacter = {
  readonly letter: string
  readonly confidence: number
  /** Pixels along the row from its slant's left end. */
  readonly at: number
  readonly column: number
  /** Where the net saw two characters in the place of one: the column of the other. */
  readonly otherColumn?: number
}

/** The net tells O from 0 better, and is surer of everything, when a line is drawn a tenth wider than it is. */
const WIDER = 1.1

/** Runs our recogniser (engine/models/CARD.md) over a row of the picture, drawn `wider` by this factor. */
export const readColumns = async (
  grey: Grey,
  slant: Slant,
  wider = WIDER,
  recogniser: Recogniser = ours,
): Promise<Columns> => {
  const wanted = Math.round((slant.length / slant.height) * ROWS * wider)
  const columns = Math.max(16, Math.min(2048, Math.ceil(wanted / 16) * 16))
  // The row is cut wider by what fills up the last columns, so that nothing is stretched.
  const extended = slant.length * (columns / Math.max(1, wanted))
  const shift = (extended - slant.length) / 2
  const cut: Slant = {
    ...slant,
    cx: slant.cx + shift * Math.cos(slant.angle),
    cy: slant.cy + shift * Math.sin(slant.angle),
    length: extended,
  }
  const source = grey.from?.grey ?? grey
  const input = cutGrey(source.data, source.width, source.height, cut, ROWS, columns, grey.from?.toPicture)
  const net = await recogniser()
  const output = await net.run({ [net.inputNames[0] as string]: new Tensor('float32', input, [1, 1, ROWS, columns]) })
  const logits = output[net.outputNames[0] as string]?.data as Float32Array
  const used = Math.min(columns / STRIDE, Math.max(1, Math.floor(wanted / STRIDE)))
  const probabilities = new Float32Array(used * CLASSES)
  for (let column = 0; column < used; column += 1) {
    let top = Number.NEGATIVE_INFINITY
    for (let index = 0; index < CLASSES; index += 1) top = Math.max(top, logits[column * CLASSES + index] ?? 0)
    let sum = 0
    for (let index = 0; index < CLASSES; index += 1) {
      const value = Math.exp((logits[column * CLASSES + index] ?? 0) - top)
      probabilities[column * CLASSES + index] = value
      sum += value
    }
    for (let index = 0; index < CLASSES; index += 1)
      probabilities[column * CLASSES + index] = (probabilities[column * CLASSES + index] ?? 0) / sum
  }
  return { probabilities, count: used, slant, columnPx: ((slant.height / ROWS) * STRIDE) / wider }
}

/** Characters nearer to each other than this, in steps of the line, stand in one place: print leaves a whole one between two. */
const ONE_PLACE = 0.5

/**
 * Two characters in the place of one, as O and 0 of a glyph that might be either: the likelier of the two over both columns, with what
 * the net says of it there on average.
 */
const onePerPosition = (columns: Columns, characters: readonly ReadCharacter[]): ReadCharacter[] => {
  const steps = characters.slice(1).map(({ at }, index) => at - (characters[index]?.at ?? 0))
  const middle = [...steps].sort((a, b) => a - b)[steps.length >> 1] ?? 0
  const out: ReadCharacter[] = []
  for (const character of characters) {
    const before = out.at(-1)
    if (!before || before.otherColumn !== undefined || character.at - before.at >= middle * ONE_PLACE) {
      out.push(character)
      continue
    }
    const both = [before, character].map((one, index, pair): ReadCharacter => {
      const other = pair[1 - index]?.column ?? one.column
      const there = columns.probabilities[other * CLASSES + ALPHABET.indexOf(one.letter) + 1] ?? 0
      return { ...one, confidence: (one.confidence + there) / 2, otherColumn: other }
    }) as [ReadCharacter, ReadCharacter]
    out[out.length - 1] = both[1].confidence > both[0].confidence ? both[1] : both[0]
  }
  return out
}

/** Greedy decoding: runs of one class are one character, its confidence the peak of the run. */
export const decodeGreedy = (columns: Columns): ReadCharacter[] => {
  const { probabilities, count, columnPx } = columns
  const out: ReadCharacter[] = []
  let last = 0
  for (let column = 0; column < count; column += 1) {
    let best = 0
    for (let index = 1; index < CLASSES; index += 1)
      if ((probabilities[column * CLASSES + index] ?? 0) > (probabilities[column * CLASSES + best] ?? 0)) best = index
    const value = probabilities[column * CLASSES + best] ?? 0
    if (best !== 0) {
      const before = out.at(-1)
      if (best === last && before) {
        if (value > before.confidence)
          out[out.length - 1] = { ...before, confidence: value, at: (column + 0.5) * columnPx, column }
      } else out.push({ letter: ALPHABET[best - 1] ?? '<', confidence: value, at: (column + 0.5) * columnPx, column })
    }
    last = best
  }
  return onePerPosition(columns, out)
}

/**
 * The best labelling with exactly `length` characters: a Viterbi search over the column probabilities, blanks in between allowed,
 * the same character twice only across a blank. No character is inserted or deleted by rules.
 */
export const decodeExactly = (columns: Columns, length: number): ReadCharacter[] | null => {
  const { probabilities, count, columnPx } = columns
  if (count < length) return null
  // State 2k: blank after k characters; state 2k-1 with class c: inside character k. Kept per class, as only equal neighbours matter.
  const NONE = Number.NEGATIVE_INFINITY
  const log = (column: number, index: number): number => Math.log((probabilities[column * CLASSES + index] ?? 0) + 1e-9)
  const symbolsN = CLASSES - 1
  let blank = new Float64Array(length + 1).fill(NONE)
  let inside = new Float64Array((length + 1) * symbolsN).fill(NONE)
  // Back pointers: for blank, the class of character k it came from (or -1 stay); for inside: 0 stay, 1 from blank, 2+c from class c.
  const backBlank: Int16Array[] = []
  const backInside: Uint8Array[] = []
  for (let column = 0; column < count; column += 1) {
    const nextBlank = new Float64Array(length + 1).fill(NONE)
    const nextInside = new Float64Array((length + 1) * symbolsN).fill(NONE)
    const pointerBlank = new Int16Array(length + 1).fill(-1)
    const pointerInside = new Uint8Array((length + 1) * symbolsN)
    const blankLog = log(column, 0)
    for (let k = 0; k <= length; k += 1) {
      const stay = column === 0 ? (k === 0 ? 0 : NONE) : (blank[k] ?? NONE)
      let best = stay
      let from = -1
      let top = NONE
      let second = NONE
      let topClass = -1
      if (k > 0)
        for (let index = 0; index < symbolsN; index += 1) {
          const value = inside[k * symbolsN + index] ?? NONE
          if (value > best) {
            best = value
            from = index
          }
        }
      nextBlank[k] = best + blankLog
      pointerBlank[k] = from
      if (k === length) continue
      for (let index = 0; index < symbolsN; index += 1) {
        const value = k > 0 ? (inside[k * symbolsN + index] ?? NONE) : NONE
        if (value > top) {
          second = top
          top = value
          topClass = index
        } else if (value > second) second = value
      }
      const secondClass = second > NONE ? findClass(inside, k, symbolsN, second, topClass) : -1
      for (let index = 0; index < symbolsN; index += 1) {
        // Entering character k+1 of this class.
        let value = stay
        let pointer = 1
        const rival = topClass === index ? second : top
        const rivalClass = topClass === index ? secondClass : topClass
        if (rival > value) {
          value = rival
          pointer = 2 + rivalClass
        }
        const own = inside[(k + 1) * symbolsN + index] ?? NONE
        if (own > value) {
          value = own
          pointer = 0
        }
        const slot = (k + 1) * symbolsN + index
        const entered = value + log(column, index + 1)
        if (entered > (nextInside[slot] ?? NONE)) {
          nextInside[slot] = entered
          pointerInside[slot] = pointer
        }
      }
    }
    blank = nextBlank
    inside = nextInside
    backBlank.push(pointerBlank)
    backInside.push(pointerInside)
  }
  let state = -1
  let best = blank[length] ?? NONE
  for (let index = 0; index < symbolsN; index += 1) {
    const value = inside[length * symbolsN + index] ?? NONE
    if (value > best) {
      best = value
      state = index
    }
  }
  if (best === NONE) return null
  const out: ReadCharacter[] = []
  let k = length
  for (let column = count - 1; column >= 0; column -= 1) {
    if (state === -1) {
      state = backBlank[column]?.[k] ?? -1
      continue
    }
    const confidence = probabilities[column * CLASSES + state + 1] ?? 0
    const open = out[length - k]
    if (open === undefined)
      out.push({ letter: ALPHABET[state] ?? '<', confidence, at: (column + 0.5) * columnPx, column })
    else if (confidence > open.confidence)
      out[length - k] = { ...open, confidence, at: (column + 0.5) * columnPx, column }
    const pointer = backInside[column]?.[k * symbolsN + state] ?? 0
    if (pointer === 0) continue
    k -= 1
    state = pointer === 1 ? -1 : pointer - 2
  }
  return out.length === length ? out.reverse() : null
}

const findClass = (inside: Float64Array, k: number, symbolsN: number, value: number, except: number): number => {
  for (let index = 0; index < symbolsN; index += 1)
    if (index !== except && inside[k * symbolsN + index] === value) return index
  return -1
}

/** The most likely character of a kind at a character's column: the net's own second choice, not a look-alike table. */
export const bestOf = (columns: Columns, character: ReadCharacter, kind: string): ReadCharacter => {
  let letter = character.letter
  let confidence = -1
  for (const candidate of kind) {
    const value = columns.probabilities[character.column * CLASSES + ALPHABET.indexOf(candidate) + 1] ?? 0
    if (value > confidence) {
      confidence = value
      letter = candidate
    }
  }
  return { ...character, letter, confidence }
}
