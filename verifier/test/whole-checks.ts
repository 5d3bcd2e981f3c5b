import { DataResponse, DetailsResponse } from '@veridoor/jumio'
import { jpeg, type TestVerifier, until } from './test-verifier.ts'

/** Whole checks by API alone, of clients `<name>` with the secret `<name>-secret`; the engine is told beforehand what it finds. */
export const wholeChecks = (service: () => TestVerifier) => {
  const headersOf = (name: string) => ({
    'user-agent': 'Acme Test/1.0',
    authorization: `Basic ${Buffer.from(`${name}:${name}-secret`).toString('base64')}`,
  })
  const call = async (method: string, path: string, name: string, body?: object) => {
    // Calls keep the documented distance.
    service().clock.advance(1_100)
    const answer = await fetch(service().url + path, {
      method,
      headers: { ...headersOf(name), 'content-type': body ? 'application/json' : 'text/plain' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
    return (await answer.json().catch(() => null)) as any
  }
  const userConsent = { userIp: '203.0.113.9', userLocation: { country: 'AUT' } }

  return {
    call,
    /** A passport and a selfie by performNetverify, to its end. */
    async v4(person: string, name = 'acme') {
      const picture = jpeg.toString('base64')
      const { jumioIdScanReference: reference } = await call('POST', '/api/netverify/v2/performNetverify', name, {
        merchantIdScanReference: 'case',
        customerId: person,
        frontsideImage: picture,
        faceImage: picture,
        country: 'AUT',
        idType: 'PASSPORT',
        userConsent,
      })
      const data = await until(async () => {
        const found = DataResponse.parse(await call('GET', `/api/netverify/v2/scans/${reference}/data`, name))
        return found.transaction.status === 'DONE' ? found : undefined
      })
      return { reference: reference as string, data }
    },
    /** The same by parts of a workflow, key 10164. */
    async platform(person: string, name = 'acme') {
      const opened = await call('POST', '/api/v1/accounts', name, {
        customerInternalReference: 'case',
        userReference: person,
        workflowDefinition: { key: 10164 },
        userConsent,
      })
      const path = `/api/v1/accounts/${opened.account.id}/workflow-executions/${opened.workflowExecution.id}`
      for (const [index, part] of ['FRONT', 'FACE'].entries()) {
        const form = new FormData()
        form.set('file', new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }), 'part.jpg')
        const credential = opened.workflowExecution.credentials[index].id
        const url = `${service().url}${path}/credentials/${credential}/parts/${part}`
        await fetch(url, { method: 'POST', headers: headersOf(name), body: form })
      }
      await call('PUT', path, name)
      return until(async () => {
        const found = DetailsResponse.parse(await call('GET', path, name))
        return found.workflow.status === 'PROCESSED' ? found : undefined
      })
    },
  }
}
