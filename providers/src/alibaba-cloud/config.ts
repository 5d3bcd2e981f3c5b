import { z } from 'zod'

/** The settings of an Alibaba Cloud provider. The pair of keys alone is enough. */
export const AlibabaCloudConfig = z.object({
  accessKeyId: z
    .string()
    .trim()
    .regex(/^\w{8,128}$/, 'Enter the AccessKey ID')
    .meta({
      title: 'AccessKey ID',
      description: 'In the RAM console: a user whose only permission is yundun-cloudauth:Id2MetaVerify.',
      group: 'Connection',
    }),
  accessKeySecret: z.string().trim().min(8, 'Enter the AccessKey secret').max(200).meta({
    title: 'AccessKey secret',
    description: 'Shown once, when the AccessKey is made.',
    group: 'Connection',
    secret: true,
  }),
  endpoint: z
    .string()
    .trim()
    .refine(
      (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
      'Enter an address that begins with https://',
    )
    .default('https://cloudauth.aliyuncs.com')
    .meta({
      title: 'Endpoint',
      description: 'Address of the Cloudauth API. Enter another one to call it in another region.',
      group: 'Connection',
      destination: true,
    }),
  monthlyLimit: z.int().min(1).max(10_000_000).nullable().default(null).meta({
    title: 'Monthly limit',
    description: 'Checks a month at most. You are warned at 80 %. Empty: no limit.',
    group: 'Limits',
  }),
})
export type AlibabaCloudConfig = z.infer<typeof AlibabaCloudConfig>
