import { expect, it } from 'vitest'
import { ProviderError } from '../port.ts'
import { jumio } from './index.ts'

const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 7)
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 7)
const image = (bytes: Uint8Array<ArrayBuffer>): Response =>
  new Response(bytes, { headers: { 'content-type': 'image/jpeg' } })
const open = (config: Record<string, unknown>, answer: (path: string) => Response) => {
  const asked: string[] = []
  const { adapter } = jumio.open(
    { clientId: 'id', clientSecret: 'secret', endpoint: 'https://checks.example', ...config },
    {
      now: () => new Date(),
      sleep: async () => {},
      fetch: async (url) => {
        const { pathname, host } = new URL(String(url))
        asked.push(`${host}${pathname}`)
        return pathname === '/oauth2/token' ? Response.json({ access_token: 'a', expires_in: 3600 }) : answer(pathname)
      },
    },
  )
  if (!adapter.fetchPictures) throw new Error('this type shows no pictures')
  return { look: adapter.fetchPictures.bind(adapter), asked }
}

it('Netverify v4: the listed sides, at addresses built from the reference; links in the list are not followed', async () => {
  const { look, asked } = open({}, (path) =>
    path.endsWith('/images')
      ? Response.json({
          scanReference: 'ref-1',
          images: [
            { classifier: 'face', href: 'https://elsewhere.example/face' },
            { classifier: 'front', href: 'https://elsewhere.example/front' },
            { classifier: 'video', href: 'https://elsewhere.example/video' },
          ],
        })
      : image(path.endsWith('face') ? PNG : JPEG),
  )
  expect((await look('ref-1')).map(({ side, contentType }) => `${side} ${contentType}`)).toEqual([
    'front image/jpeg',
    'face image/png',
  ])
  expect(asked.every((address) => address.startsWith('checks.example/api/netverify/v2/scans/ref-1/images'))).toBe(true)
})

it('Platform: the parts of its credentials, found in the details of the stored transaction', async () => {
  const { look } = open({ generation: 'platform' }, (path) =>
    path.includes('/parts/')
      ? image(JPEG)
      : Response.json({
          workflow: { id: 'wf', status: 'PROCESSED', definitionKey: '10164' },
          account: { id: 'acc' },
          credentials: [
            { id: 'c1', category: 'ID', parts: [{ classifier: 'FRONT' }, { classifier: 'BACK' }] },
            { id: 'c2', category: 'SELFIE', parts: [{ classifier: 'FACE' }, { classifier: 'LIVENESS_1' }] },
          ],
          capabilities: {},
        }),
  )
  expect((await look('acc/wf')).map(({ side }) => side)).toEqual(['front', 'back', 'face'])
})

it('what is no JPEG and no PNG by its own bytes is not handed to a browser, whatever it calls itself', async () => {
  const { look } = open({}, (path) =>
    path.endsWith('/images')
      ? Response.json({ scanReference: 'ref-1', images: { classifier: 'front', href: 'x' } })
      : image(new TextEncoder().encode('<svg onload=alert(1)>')),
  )
  await expect(look('ref-1')).rejects.toThrow(ProviderError)
})
