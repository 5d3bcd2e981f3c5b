import { startTestStack } from '../journeys/test-stack.ts'
import { runInterop } from './run.ts'

/**
 * `npm run interop`: a server and a verifier of their own, and the verifier driven over HTTP by calls as public clients make them. A
 * line of JSON a call, the totals last, exit code 1 where one was not answered as it should be.
 */
const credentials = { token: 'interop', secret: 'interop-secret-of-32-characters!' }
const stack = await startTestStack({ VERIFIER_TOKEN: credentials.token, VERIFIER_SECRET: credentials.secret })
let failed = 0
let passed = 0
try {
  for (const result of await runInterop(stack.verifierUrl, credentials)) {
    if (result.passed) passed += 1
    else failed += 1
    console.log(JSON.stringify(result))
  }
} finally {
  await stack.stop()
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
