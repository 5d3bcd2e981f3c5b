import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestStack } from '../journeys/test-stack.ts'

/** The documented rate of opening sessions is five in five seconds. */
const GAP_MS = 1_050

/**
 * Sends a passport and a selfie by API, one session a second, and waits for every result.
 * @returns seconds from the first call to the last result
 */
export const runSessions = async (
  stack: TestStack,
  pictures: { front: Uint8Array; selfie: Uint8Array },
  count: number,
): Promise<number> => {
  const { token, secret } = JSON.parse(readFileSync(join(stack.dataFolder, 'verifier-client.json'), 'utf8')) as {
    token: string
    secret: string
  }
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Veridoor Bench/1.0',
    authorization: `Basic ${Buffer.from(`${token}:${secret}`).toString('base64')}`,
  }
  const api = `${stack.verifierUrl}/api/netverify/v2`
  const from = performance.now()
  const body = JSON.stringify({
    merchantIdScanReference: 'bench',
    customerId: 'bench',
    frontsideImage: Buffer.from(pictures.front).toString('base64'),
    faceImage: Buffer.from(pictures.selfie).toString('base64'),
    country: 'AUT',
    idType: 'PASSPORT',
    userConsent: { userIp: '127.0.0.1', userLocation: { country: 'AUT' } },
  })
  const open: string[] = []
  for (let sent = 0; sent < count; sent += 1) {
    const answer = await fetch(`${api}/performNetverify`, { method: 'POST', headers, body })
    if (!answer.ok) throw new Error(`the verifier answered ${answer.status}`)
    open.push(((await answer.json()) as { jumioIdScanReference: string }).jumioIdScanReference)
    await new Promise((resolve) => setTimeout(resolve, GAP_MS))
  }
  while (open.length > 0) {
    const answer = await fetch(`${api}/scans/${open[0]}`, { headers })
    const { status } = (await answer.json()) as { status?: string }
    // Where all are done, asking is faster than the documented rate.
    if (answer.status === 429 || status === 'PENDING') await new Promise((resolve) => setTimeout(resolve, 500))
    else if (status === 'DONE') open.shift()
    else throw new Error(`a session of the bench ended ${status}`)
  }
  return (performance.now() - from) / 1000
}
