import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { EngineError } from './errors.ts'

const usage = `Usage: npm run -s engine -- <command>

  read FILE…                                Read documents; one JSON object a line
  compare A B                               Compare the faces of two pictures
  liveness FILE…                            Says not_assessed: a picture cannot tell
  assess --front F [--back B] --selfie S    Assess a document and a selfie
  specimen --surname S --given G --number N --birth YYYY-MM-DD --expiry YYYY-MM-DD --sex F|M|X [--portrait F] --out FILE.png`

const stop = (sentence: string): never => {
  console.error(sentence)
  process.exit(2)
}

const bytesOf = (file: string | undefined): Uint8Array => {
  if (!file || !existsSync(file)) return stop(file ? `There is no file ${file}.` : usage)
  return readFileSync(file)
}

/** A file that is no picture is a result for people, not a failure of the command. */
const tell = async (file: string, work: () => Promise<unknown>): Promise<void> => {
  try {
    console.log(JSON.stringify({ file, ...((await work()) as object) }))
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    console.log(JSON.stringify({ file, error: error.code }))
  }
}

const commands: Record<string, (args: string[]) => Promise<void>> = {
  async read(files) {
    if (files.length === 0) stop(usage)
    const { read } = await import('./assess.ts')
    for (const file of files)
      await tell(file, async () => {
        const reading = await read(bytesOf(file))
        return {
          type: reading.kind,
          mrz: reading.machineZone,
          barcode: null,
          fields: reading.fields,
          quality: reading.quality,
          retake: reading.retake,
          signals: reading.signals,
          ms: reading.ms,
        }
      })
  },
  async compare([a, b]) {
    const { comparePictures } = await import('./assess.ts')
    await tell(a ?? '', async () => {
      const found = await comparePictures(bytesOf(a), bytesOf(b))
      return {
        similarity: found.similarity,
        match: found.verdict === 'match',
        verdict: found.verdict,
        cosine: found.cosine,
      }
    })
  },
  async liveness(files) {
    if (files.length === 0) stop(usage)
    for (const file of files) {
      bytesOf(file)
      console.log(JSON.stringify({ file, liveness: 'not_assessed' }))
    }
  },
  async assess(args) {
    const { values } = parseArgs({
      args,
      options: { front: { type: 'string' }, back: { type: 'string' }, selfie: { type: 'string' } },
    })
    const { assess } = await import('./assess.ts')
    await tell(values.front ?? '', async () =>
      assess({ front: bytesOf(values.front), ...(values.selfie ? { selfie: bytesOf(values.selfie) } : {}) }),
    )
  },
  async specimen(args) {
    const text = { type: 'string' } as const
    const { values } = parseArgs({
      args,
      options: {
        surname: text,
        given: text,
        number: text,
        birth: text,
        expiry: text,
        sex: text,
        portrait: text,
        out: text,
      },
    })
    const { surname, given, number, birth, expiry, out } = values
    if (!surname || !given || !number || !birth || !expiry || !out) return stop(usage)
    const { renderPassport } = await import('./specimen/passport.ts')
    const sex = values.sex === 'F' || values.sex === 'M' ? values.sex : 'X'
    const page = await renderPassport({
      surname,
      givenNames: given,
      number,
      dateOfBirth: birth,
      expiry,
      sex,
      ...(values.portrait ? { portrait: bytesOf(values.portrait) } : {}),
    })
    writeFileSync(out, page)
    console.log(JSON.stringify({ file: out, bytes: page.length }))
  },
}

const [name = '', ...args] = process.argv.slice(2)
const command = commands[name]
if (!command) stop(usage)
else
  await command(args).catch((error: unknown) => {
    if ((error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) stop(usage)
    throw error
  })
