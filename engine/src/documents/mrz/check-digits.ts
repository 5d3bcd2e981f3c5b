/** Weighted sum modulo 10, weights 7 3 1 (ICAO 9303-3, section 4.9). Fillers count 0, letters 10 to 35. */
export const checkDigit = (text: string): string => {
  let total = 0
  for (const [index, letter] of [...text].entries()) {
    const code = letter.charCodeAt(0)
    const value = letter === '<' ? 0 : code <= 57 ? code - 48 : code - 55
    total += value * ([7, 3, 1][index % 3] as number)
  }
  return String(total % 10)
}

/** A printed check digit fits; a filler stands for 0 where a field is empty. */
export const fitsCheckDigit = (text: string, printed: string): boolean => {
  if (printed === '<') return /^<*$/.test(text)
  return checkDigit(text) === printed
}
