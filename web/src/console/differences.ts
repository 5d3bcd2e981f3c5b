/** A piece of a value: the same on both sides, or only on one. */
export type Piece = { readonly text: string; readonly isSame: boolean }

/** Case, marks and signs between words are no difference: documents print names in capitals. */
const normalize = (letter: string): string =>
  letter
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[\s\-'’.,<]/g, ' ')
    .toUpperCase()

/** Longer texts are not compared letter by letter: the table below grows with the product of their lengths. */
const MAX_LETTERS = 200

/** The longest common part of two lists of letters: for each side, which letters belong to it. */
const commonLetters = (one: readonly string[], other: readonly string[]): [boolean[], boolean[]] => {
  const lengths = Array.from({ length: one.length + 1 }, () => new Uint16Array(other.length + 1))
  const lengthAt = (row: number, column: number): number => lengths[row]?.[column] ?? 0
  for (let row = one.length - 1; row >= 0; row -= 1)
    for (let column = other.length - 1; column >= 0; column -= 1) {
      const longest =
        one[row] === other[column]
          ? lengthAt(row + 1, column + 1) + 1
          : Math.max(lengthAt(row + 1, column), lengthAt(row, column + 1))
      const line = lengths[row]
      if (line) line[column] = longest
    }
  const marks: [boolean[], boolean[]] = [one.map(() => false), other.map(() => false)]
  for (let row = 0, column = 0; row < one.length && column < other.length; )
    if (one[row] === other[column]) {
      marks[0][row] = true
      marks[1][column] = true
      row += 1
      column += 1
    } else if (lengthAt(row + 1, column) >= lengthAt(row, column + 1)) row += 1
    else column += 1
  return marks
}

const piecesOf = (letters: readonly string[], isSame: readonly boolean[]): Piece[] => {
  const pieces: Piece[] = []
  letters.forEach((letter, index) => {
    const belongs = isSame[index] ?? false
    const last = pieces.at(-1)
    if (last && last.isSame === belongs) pieces[pieces.length - 1] = { text: last.text + letter, isSame: belongs }
    else pieces.push({ text: letter, isSame: belongs })
  })
  return pieces
}

/** Both values in pieces, so that a page can mark the letters that differ. */
export const differences = (one: string, other: string): [Piece[], Piece[]] => {
  const [first, second] = [[...one], [...other]]
  if (first.length > MAX_LETTERS || second.length > MAX_LETTERS || one === '' || other === '')
    return [[{ text: one, isSame: true }], [{ text: other, isSame: true }]]
  const [inFirst, inSecond] = commonLetters(first.map(normalize), second.map(normalize))
  return [piecesOf(first, inFirst), piecesOf(second, inSecond)]
}
