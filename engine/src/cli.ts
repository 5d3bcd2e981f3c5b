import { closeSync, openSync, readSync, statSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { EngineError } from './errors.ts'
import type { Specimen } from './specimen/index.ts'
import { limits } from './thresholds.ts'

const usage = `Usage: npm run -s engine -- <command>

  read FILE…                                Read documents; one JSON object a line
  compare A B                               Compare the faces of two pictures
  liveness FILE…                            Says not_assessed: pictures without a challenge cannot tell
  liveness --challenge centre,turn_left,… [--interval MS] FILE…
                                            Judge frames in their order, the same number for each movement (200 ms apart)
  assess --front F… [--back B…] [--selfie S]
                                            Assess a document and a selfie; a side may be given up to five times
  specimen [--type passport|id-card|id-card-td2|id-card-france|id-card-without-zone|visa-a|visa-b] --surname S --given G
           --number N --birth YYYY-MM-DD --expiry YYYY-MM-DD --sex F|M|X [--portrait F] --out FILE.png
                                            Make a specimen, a passport unless said otherwise; a back goes to FILE-back.png
  specimen --type T --person N [--portrait F] --out FILE.png
                                            The same of made-up person number N`

const stop = (sentence: string): never => {
  console.error(sentence)
  process.exit(2)
}

const bytesOf = (file: string | undefined): Uint8Array => {
  if (!file || statSync(file, { throwIfNoEntry: false })?.isDirectory() !== false)
    return stop(file ? `There is no file ${file}.` : usage)
  const descriptor = openSync(file, 'r')
  try {
    // One byte above the limit is enough to refuse the file: a large one never enters memory.
    const bytes = Buffer.alloc(limits.bytes + 1)
    let length = 0
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(descriptor, bytes, length, bytes.length - length, null)
    return bytes.subarray(0, length)
  } finally {
    closeSync(descriptor)
  }
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

/** The record of a licence's bar code, for a picture of its back. */
const recordOf = async (bytes: Uint8Array): Promise<object | null> => {
  const { decodePicture } = await import('./pictures/decode.ts')
  const { readBarcode } = await import('./barcode/read-barcode.ts')
  const { parseAamva } = await import('./documents/aamva/parse.ts')
  const text = await readBarcode(await decodePicture(bytes))
  return text === null ? null : parseAamva(text)
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
          mrz: reading.mrz,
          barcode: reading.mrz ? null : await recordOf(bytesOf(file)),
          fields: reading.fields,
          ...(reading.absent ? { absent: reading.absent } : {}),
          ...(reading.partialDateOfBirth ? { partialDateOfBirth: reading.partialDateOfBirth } : {}),
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
  async liveness(args) {
    const { values, positionals: files } = parseArgs({
      args,
      allowPositionals: true,
      options: { challenge: { type: 'string' }, interval: { type: 'string', default: '200' } },
    })
    if (files.length === 0) stop(usage)
    if (!values.challenge) {
      for (const file of files) {
        bytesOf(file)
        console.log(JSON.stringify({ file, liveness: 'not_assessed' }))
      }
      return
    }
    const { movements } = await import('./liveness/judge.ts')
    const challenge = values.challenge
      .split(',')
      .map((word) => movements.find((known) => known === word) ?? stop(`Movements are ${movements.join(', ')}.`))
    const interval = Number(values.interval)
    const each = files.length / challenge.length
    if (!Number.isInteger(each)) stop('Give the same number of frames for each movement.')
    if (!(interval > 0)) stop('The interval is a number of milliseconds.')
    const { assessLiveness } = await import('./liveness/assess.ts')
    await tell(files[0] ?? '', () =>
      assessLiveness({
        challenge,
        frames: files.map((file, n) => ({ step: Math.floor(n / each), atMs: n * interval, picture: bytesOf(file) })),
      }),
    )
  },
  async assess(args) {
    const { values } = parseArgs({
      args,
      options: {
        front: { type: 'string', multiple: true },
        back: { type: 'string', multiple: true },
        selfie: { type: 'string' },
      },
    })
    const [front, ...frames] = values.front ?? stop(usage)
    const { assess } = await import('./assess.ts')
    await tell(front ?? '', async () =>
      assess({
        front: [front, ...frames].map(bytesOf),
        ...(values.back ? { back: values.back.map(bytesOf) } : {}),
        ...(values.selfie ? { selfie: bytesOf(values.selfie) } : {}),
      }),
    )
  },
  async specimen(args) {
    const text = { type: 'string' } as const
    const { values } = parseArgs({
      args,
      options: {
        type: { type: 'string', default: 'passport' },
        person: text,
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
    const { surname, given, number, birth, expiry, person, out } = values
    const { madeUpPerson, renderSpecimen, specimenTypes } = await import('./specimen/index.ts')
    const type = specimenTypes.find((known) => known === values.type) ?? stop(`Types are ${specimenTypes.join(', ')}.`)
    const specimen: Specimen =
      person !== undefined && /^\d{1,9}$/.test(person)
        ? madeUpPerson(Number(person), type)
        : surname && given && number && birth && expiry
          ? {
              surname,
              givenNames: given,
              number,
              dateOfBirth: birth,
              expiry,
              sex: values.sex === 'F' || values.sex === 'M' ? values.sex : 'X',
            }
          : stop(usage)
    if (!out) return stop(usage)
    const sides = await renderSpecimen(type, {
      ...specimen,
      ...(values.portrait ? { portrait: bytesOf(values.portrait) } : {}),
    }).catch((error: unknown) => (error instanceof RangeError ? stop(error.message) : Promise.reject(error)))
    for (const [side, page] of Object.entries(sides)) {
      const file = side === 'front' ? out : out.replace(/(\.png)?$/i, '-back.png')
      writeFileSync(file, page)
      console.log(JSON.stringify({ file, bytes: page.length }))
    }
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
