import { describe, expect, it } from 'vitest'
import { createV4Client, DataResponse, IdTypesResponse, ImagesResponse, outcomeV4, readV4Callback } from './index.ts'

const ref = '5f6e0000-0000-4000-8000-000000000001'
const data = (change: { document?: object; verification?: object } = {}) =>
  DataResponse.parse({
    scanReference: ref,
    transaction: { status: 'DONE' },
    document: { status: 'APPROVED_VERIFIED', ...change.document },
    verification: { identityVerification: { similarity: 'MATCH', validity: 'true' }, ...change.verification },
  })

describe('a result of Netverify v4', () => {
  it('takes validity as a boolean and as text in any case; everything else is no', () => {
    const outcomeOf = (validity: unknown) =>
      outcomeV4(data({ verification: { identityVerification: { similarity: 'MATCH', validity } } }), true).outcome
    for (const yes of [true, 'true', 'TRUE', ' True ']) expect(outcomeOf(yes), String(yes)).toBe('approved')
    for (const no of [false, 'false', 'FALSE', 'yes', '1', '', null, undefined])
      expect(outcomeOf(no), String(no)).toBe('review')
  })

  it('is read with what only some documents and accounts have, one or several', () => {
    const { document, verification, facemap } = DataResponse.parse({
      scanReference: ref,
      facemap: { classifier: 'facemap', href: 'https://elsewhere.example/' },
      document: {
        address: { line1: 'Hill 1', postalCode: 1010, city: null },
        placeOfBirth: 'Linz',
        curp: 'X1',
        dlCategories: { category: 'B', isReadable: 'FALSE' },
        somethingNew: 1,
      },
      verification: {
        identityVerification: {
          similarity: 'MATCH',
          validity: true,
          similarityScore: 0.9,
          similarityDecision: 'AUTOMATED',
        },
        additionalChecks: {
          proofOfResidency: { searchResults: 'POSITIVE_RESULT' },
          personalNumberValidation: { searchResults: 'CHECK_NOT_DONE', searchReason: 'x' },
          faceSearchFindings: { status: 'DONE', findings: 'other' },
        },
      },
    })
    expect(document).toMatchObject({
      address: { line1: 'Hill 1', postalCode: '1010' },
      placeOfBirth: 'Linz',
      curp: 'X1',
    })
    expect(document.dlCategories).toEqual([{ category: 'B', isReadable: 'FALSE' }])
    expect(document).not.toHaveProperty('somethingNew')
    expect(verification?.identityVerification?.similarityScore).toBe('0.9')
    expect(verification?.additionalChecks?.faceSearchFindings).toEqual({ status: 'DONE', findings: ['other'] })
    expect(facemap?.classifier).toBe('facemap')
  })

  it('without findings, or with several, has a list', () => {
    const found = (findings: unknown) =>
      data({ verification: { additionalChecks: { faceSearchFindings: { status: 'DONE', findings } } } }).verification
        ?.additionalChecks?.faceSearchFindings?.findings
    expect([found(undefined), found(null), found(['a', 'b'])]).toEqual([[], [], ['a', 'b']])
  })

  it('lists pictures as one or several, and document types under either name', () => {
    const one = ImagesResponse.parse({
      scanReference: ref,
      images: { classifier: 'front', href: 'x' },
      livenessImages: 'y',
    })
    expect([one.images.length, one.livenessImages]).toEqual([1, ['y']])
    const types = [{ countryName: 'Austria', countryCode: 'AUT', idTypes: [{ idType: 'PASSPORT' }] }]
    expect(
      IdTypesResponse.parse({ acceptedIdTypes: types }).acceptedIdTypes?.[0]?.idTypes[0]?.acquisitionConfig,
    ).toEqual({
      backSide: false,
    })
  })

  it('rings with every field of its form, JSON read, placeholders left out', () => {
    const form = new URLSearchParams({
      jumioIdScanReference: ref,
      verificationStatus: 'APPROVED_VERIFIED',
      idNumber: 'N/A',
      placeOfBirth: 'Linz',
      idAddress: '{"line1":"Hill 1"}',
      dlCategories: '{"category":"B"}',
      livenessImages: '["a","b"]',
    })
    expect(readV4Callback(form.toString())?.fields).toEqual({
      jumioIdScanReference: ref,
      verificationStatus: 'APPROVED_VERIFIED',
      placeOfBirth: 'Linz',
      idAddress: { line1: 'Hill 1' },
      dlCategories: [{ category: 'B' }],
      livenessImages: ['a', 'b'],
    })
  })
})

describe('pictures and face map', () => {
  const clientOver = (answer: () => Response) => {
    const asked: string[] = []
    const client = createV4Client({
      baseUrl: 'https://netverify.com',
      token: 'token',
      secret: 'secret',
      retrieval: { token: 'reader', secret: 'other' },
      userAgent: 'Acme Shop/1.0',
      pace: null,
      sleep: async () => {},
      fetch: async (url, init) => {
        asked.push(`${url} ${new Headers(init?.headers).get('authorization')}`)
        return answer()
      },
    })
    return { client, asked }
  }
  const bytes = Uint8Array.of(1, 2, 3)
  const reader = `Basic ${Buffer.from('reader:other').toString('base64')}`

  it('come from addresses built from the reference, with the pair for reading', async () => {
    const { client, asked } = clientOver(() => new Response(bytes, { headers: { 'content-type': 'image/jpeg' } }))
    await client.image(ref, 'back')
    await client.livenessImage(ref, 2)
    expect(Array.from(await client.facemap(ref))).toEqual([1, 2, 3])
    const base = `https://netverify.com/api/netverify/v2/scans/${ref}`
    expect(asked).toEqual([
      `${base}/images/back ${reader}`,
      `${base}/images/liveness/2 ${reader}`,
      `${base}/data/facemap ${reader}`,
    ])
  })

  it('are none when a page or a message comes instead', async () => {
    const { client } = clientOver(() => Response.json({ message: 'later' }))
    await expect(client.image(ref, 'front')).rejects.toMatchObject({ code: 'bad_response' })
    await expect(client.facemap(ref)).rejects.toMatchObject({ code: 'bad_response' })
  })
})
