import { join } from 'node:path'
import { cosine, detectFaces, embedFace } from '../src/faces/index.ts'
import { faceLimits as limits, faces } from '../src/thresholds.ts'
import { foldersIn, openPicture, picturesIn } from './pictures.ts'
import { rate } from './report.ts'

type Portrait = { readonly person: string; readonly descriptor: Float32Array; readonly width: number }

export type FaceFigures = {
  readonly persons: number
  readonly pictures: number
  /** Pictures without a face that can be compared (ISO/IEC 19795-1: failure to acquire). */
  readonly withoutFace: number
  readonly genuinePairs: number
  readonly impostorPairs: number
  readonly thresholds: readonly {
    readonly name: 'match' | 'review'
    readonly cosine: number
    /** Impostor pairs at or above: of them comes the false match rate. */
    readonly falseMatches: number
    /** Genuine pairs below: of them comes the false non-match rate. */
    readonly falseNonMatches: number
  }[]
  readonly highestImpostor: number | null
  readonly lowestGenuine: number | null
}

const describe = async (person: string, file: string): Promise<Portrait | null> => {
  const picture = await openPicture(file, 1280)
  if (!picture) return null
  const [face] = [...(await detectFaces(picture)), ...(await detectFaces(picture, { fine: true }))]
  const descriptor = face && (await embedFace(picture, face))
  return descriptor ? { person, descriptor, width: face.box.width } : null
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000

/** Every picture against every other one: false match and false non-match rate at the configured thresholds. */
export const faceFigures = async (folder: string): Promise<FaceFigures> => {
  const portraits: Portrait[] = []
  const persons = foldersIn(folder)
  let pictures = 0
  for (const person of persons)
    for (const file of picturesIn(join(folder, person))) {
      pictures += 1
      const portrait = await describe(person, file)
      if (portrait && portrait.width >= faces.portraitWidth) portraits.push(portrait)
    }
  const genuine: number[] = []
  const impostor: number[] = []
  for (const [index, a] of portraits.entries())
    for (const b of portraits.slice(index + 1))
      (a.person === b.person ? genuine : impostor).push(cosine(a.descriptor, b.descriptor))
  return {
    persons: persons.length,
    pictures,
    withoutFace: pictures - portraits.length,
    genuinePairs: genuine.length,
    impostorPairs: impostor.length,
    thresholds: (['match', 'review'] as const).map((name) => ({
      name,
      cosine: limits[name],
      falseMatches: impostor.filter((value) => value >= limits[name]).length,
      falseNonMatches: genuine.filter((value) => value < limits[name]).length,
    })),
    highestImpostor: impostor.length > 0 ? round(impostor.reduce((a, b) => Math.max(a, b))) : null,
    lowestGenuine: genuine.length > 0 ? round(genuine.reduce((a, b) => Math.min(a, b))) : null,
  }
}

const sayFaces = (
  figures: FaceFigures,
): string => `${figures.persons} persons, ${figures.pictures} pictures, of which ${figures.withoutFace} show no face that can be compared; ${figures.genuinePairs} pairs of one person, ${figures.impostorPairs} of two.

| threshold (cosine) | false match rate | false non-match rate |
| --- | --- | --- |
${figures.thresholds
  .map(
    ({ name, cosine: value, falseMatches, falseNonMatches }) =>
      `| ${name}, ${value} | ${rate(falseMatches, figures.impostorPairs)} | ${rate(falseNonMatches, figures.genuinePairs)} |`,
  )
  .join('\n')}

Highest cosine of two persons: ${figures.highestImpostor ?? 'none'}. Lowest of one person: ${figures.lowestGenuine ?? 'none'}. The pairs share pictures, so they are not independent: with few persons the true uncertainty is larger than these intervals.`

export const measureFaces = async (folder: string): Promise<{ figures: FaceFigures; section: string }> => {
  const figures = await faceFigures(folder)
  return { figures, section: sayFaces(figures) }
}
