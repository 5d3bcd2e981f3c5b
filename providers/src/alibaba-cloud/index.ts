import { defineProvider } from '../port.ts'
import { openAlibabaCloud } from './adapter.ts'
import { AlibabaCloudConfig } from './config.ts'
import { staffWords } from './map.ts'

/**
 * Alibaba Cloud Id2MetaVerify: whether a name and a resident identity number of mainland China belong together in the register. It
 * sees no document and no face, so a match is for a reviewer. Nothing here was run against the live service.
 */
export const alibabaCloud = defineProvider({
  category: 'ID Verification',
  type: 'Alibaba Cloud',
  displayName: 'Alibaba Cloud Id2MetaVerify',
  config: AlibabaCloudConfig,
  needs: { claim: true },
  webhooks: 'none',
  evidence: 'register',
  staffWords,
  open: (config, runtime) => ({
    adapter: openAlibabaCloud(config, runtime),
    settings: {
      faceRequired: false,
      monthlyLimit: config.monthlyLimit,
      retentionDays: null,
      documentTypes: ['ID_CARD'],
      countries: ['CHN'],
      tokenLifetimeMin: 1,
    },
  }),
})
