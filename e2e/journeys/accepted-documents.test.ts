import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startFakeVerifier } from '../capture/fake-verifier.ts'
import { type Visitor, visit } from './browser.ts'

/** What a company takes is told where the person chooses a document, in the person's own language. */
const pages = join(import.meta.dirname, '../../web/dist/capture')
let person: Visitor
beforeAll(async () => {
  person = await visit({ language: 'de-AT' })
})
afterAll(() => person?.close())

const passports = (...countries: string[]) =>
  countries.map((country) => ({ country, type: 'PASSPORT' as const, sides: ['front' as const] }))

it.each([
  [
    'a few countries',
    passports('UTO', 'AUT', 'DEU'),
    ['Acme nimmt an: Reisepass', 'Ausgestellt von: Österreich, Deutschland'],
  ],
  [
    'one kind of many countries',
    passports(...'AUT DEU FRA ITA ESP PRT NLD BEL LUX DNK SWE NOR FIN'.split(' ')),
    ['Acme nimmt an: Reisepass'],
  ],
])('%s are named', async (_name, documents, sentences) => {
  const fake = await startFakeVerifier(pages, { step: 'choice', locale: '', documents })
  const page = await person.context.newPage()
  await page.goto(`${fake.url}/capture/?authorizationToken=${fake.token}`)
  await page.getByTestId('taken').waitFor()
  expect(await page.getByTestId('taken').locator('p').allTextContents()).toEqual(sentences)
  await page.close()
  await fake.close()
})

it('whoever takes everything says nothing', async () => {
  const all = 'AUT DEU FRA ITA ESP PRT NLD BEL LUX DNK SWE NOR FIN'.split(' ').flatMap((country) =>
    (['PASSPORT', 'ID_CARD', 'DRIVING_LICENSE'] as const).map((type) => ({
      country,
      type,
      sides: ['front' as const],
    })),
  )
  const fake = await startFakeVerifier(pages, { step: 'choice', documents: all })
  const page = await person.context.newPage()
  await page.goto(`${fake.url}/capture/?authorizationToken=${fake.token}`)
  await page.getByTestId('choose').waitFor()
  expect(await page.getByTestId('taken').count()).toBe(0)
  await page.close()
  await fake.close()
})
