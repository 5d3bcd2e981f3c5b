import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { minifyContractRouter } from '@orpc/contract'
import { api } from '@veridoor/contract'

/** Paths and methods of the API as JSON for the browser, so that no schema library has to travel there. */
const file = fileURLToPath(new URL('../src/contract.gen.json', import.meta.url))
writeFileSync(file, `${JSON.stringify(minifyContractRouter(api))}\n`)
