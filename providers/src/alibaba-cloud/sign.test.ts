import { describe, expect, it } from 'vitest'
import { encodeParameters, percentEncode, sign } from './sign.ts'

const call = {
  method: 'POST',
  host: 'ecs.cn-shanghai.aliyuncs.com',
  action: 'RunInstances',
  version: '2014-05-26',
  query: { RegionId: 'cn-shanghai', ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd' },
  form: {},
  date: new Date('2023-10-26T10:22:32Z'),
  nonce: '3156853299f313e23d1673dc12e1703d',
} as const
const credentials = { id: 'YourAccessKeyId', secret: 'YourAccessKeySecret' }

describe('signature method V3', () => {
  it('gives the signature of the fixed example that Alibaba Cloud publishes', () => {
    const { headers, url } = sign(call, credentials)
    expect(headers.authorization).toBe(
      'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    )
    expect(headers['x-acs-content-sha256']).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(url).toBe('/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai')
  })

  it('covers host, action, date, nonce, query, body and secret: a change of any gives another signature', () => {
    const signatureOf = (change: Partial<Parameters<typeof sign>[0]>, secret = credentials.secret) =>
      sign({ ...call, ...change }, { ...credentials, secret }).headers.authorization?.split('Signature=')[1]
    const changed = [
      signatureOf({ host: 'ecs.example.com' }),
      signatureOf({ action: 'StopInstances' }),
      signatureOf({ date: new Date('2023-10-26T10:22:33Z') }),
      signatureOf({ nonce: 'another' }),
      signatureOf({ query: {} }),
      signatureOf({ form: { UserName: 'Ada' } }),
      signatureOf({}, 'another'),
      signatureOf({}),
    ]
    expect(new Set(changed).size).toBe(changed.length)
  })

  it('writes parameters sorted by name and percent-encoded by RFC 3986', () => {
    expect(percentEncode("a b*c'(d)!~-_.张")).toBe('a%20b%2Ac%27%28d%29%21~-_.%E5%BC%A0')
    expect(encodeParameters({ b: '2', a: '1', 'a b': '&=' })).toBe('a=1&a%20b=%26%3D&b=2')
  })

  it('sends the body it has signed, as a form', () => {
    const { body, headers } = sign({ ...call, form: { UserName: '张三' } }, credentials)
    expect(body).toBe('UserName=%E5%BC%A0%E4%B8%89')
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(headers.authorization).toContain('SignedHeaders=content-type;host;')
  })
})
