const letterOf: Readonly<Record<string, string>> = { 0: 'O', 1: 'I', 2: 'Z', 5: 'S', 8: 'B' }
const digitOf: Readonly<Record<string, string>> = { O: '0', Q: '0', D: '0', I: '1', L: '1', Z: '2', S: '5', B: '8' }

/** Replaces characters that look similar by those allowed at their position: letters where only letters are, digits where only digits are. */
export const coerce = (text: string, characters: 'letters' | 'digits' | 'any'): string => {
  if (characters === 'any') return text
  const table = characters === 'letters' ? letterOf : digitOf
  return [...text].map((character) => table[character] ?? character).join('')
}
