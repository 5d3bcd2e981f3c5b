import { asksForFace } from '@veridoor/jumio'
import { defineProvider } from '../port.ts'
import { openPlatform } from './adapter-platform.ts'
import { openV4 } from './adapter-v4.ts'
import { asksForFacePlatform, JumioConfig } from './config.ts'
import { schedule } from './schedule.ts'
import { staffWords } from './staff-words.ts'

/** Jumio in both generations, and every service that speaks its API: the local verifier is one. */
export const jumio = defineProvider({
  category: 'ID Verification',
  type: 'Jumio',
  displayName: 'Jumio',
  webhooks: 'per_check',
  schedule,
  staffWords,
  config: JumioConfig,
  open: (config, runtime) => ({
    adapter: config.generation === 'platform' ? openPlatform(config, runtime) : openV4(config, runtime),
    settings: {
      faceRequired: config.generation === 'platform' ? asksForFacePlatform(config) : asksForFace(config.workflowId),
      monthlyLimit: config.monthlyLimit,
      retentionDays: config.retentionDays,
      documentTypes: config.documentTypes,
      countries: config.countries,
      tokenLifetimeMin: config.tokenLifetimeMin,
      livenessRequired: config.livenessRequired,
      showPictures: config.showPictures,
    },
  }),
})
