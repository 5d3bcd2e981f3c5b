import { describe, expect, it } from 'vitest'
import { decodePicture } from '../../pictures/decode.ts'
import type { Slant } from '../../pictures/geometry.ts'
import type { Grey, Picture } from '../../pictures/picture.ts'
import { toGrey } from '../../pictures/quality.ts'
import { photographed, renderPassport, type Shot, type Specimen, zoneLines } from '../../specimen/index.ts'
import { detectText } from '../../text/detect.ts'
import { averageCuts } from './average-cuts.ts'
import { levelPage } from './level-page.ts'
import { findBlock, findRows, readBlock } from './read-mrz.ts'

const person: Specimen = {
  surname: 'Lovelace',
  givenNames: 'Ada',
  number: 'L898902C3',
  dateOfBirth: '1990-12-10',
  expiry: '2031-04-15',
  sex: 'F',
}
const take = async (shot: Shot): Promise<Picture> =>
  decodePicture(await photographed(await renderPassport(person), shot))
const look = async (picture: Picture, from?: Grey['from']) => {
  const grey = { data: toGrey(picture), width: picture.width, height: picture.height, ...(from ? { from } : {}) }
  const block = findBlock(await findRows(grey, await detectText(picture)))
  return { grey, block, zone: await readBlock(grey, block) }
}
/** How far two lines are from lying level and beside each other. */
const tilt = (slants: readonly Slant[] = []): number => Math.max(...slants.map(({ angle }) => Math.abs(angle)))

describe('a page that does not face the camera', () => {
  it.each<[string, Shot]>([
    ['leaning about both axes', { tilt: { horizontal: 24, vertical: -26 }, distance: 1.5, turn: 8 }],
    ['leaning the other way', { tilt: { horizontal: -22, vertical: 28 }, distance: 1.6, turn: -10 }],
    ['leaning and turned', { tilt: { horizontal: 15, vertical: 18 }, turn: 37 }],
  ])('%s is laid level by its MRZ, and reads whole and exact', async (_value, shot) => {
    const picture = await take(shot)
    const asItLies = await look(picture)
    const level = levelPage(picture, asItLies.block)
    if (!level) throw new Error('the page was taken for level')
    const { grey, zone } = await look(level.picture, { grey: asItLies.grey, toPicture: level.toPicture })
    expect(tilt(zone?.slants)).toBeLessThan(0.012)
    expect(zone?.whole).toEqual([true, true])
    expect(zone && (await averageCuts(grey, zone)).lines).toEqual(zoneLines(person))
  })

  it('turned only is left as it is, and reads whole and exact along its own direction', async () => {
    const picture = await take({ turn: 37 })
    const { grey, block, zone } = await look(picture)
    expect(levelPage(picture, block)).toBeNull()
    expect(zone && (await averageCuts(grey, zone)).lines).toEqual(zoneLines(person))
  })

  it('that does lies level already', async () => {
    const picture = await take({ turn: 0.5 })
    expect(levelPage(picture, (await look(picture)).block)).toBeNull()
  })

  it('without a zone tells nothing', () => {
    expect(levelPage({ data: new Uint8Array(300), width: 10, height: 10 }, [])).toBeNull()
  })
})
