/** What a workflow needs to have passed before its result counts (sections 4.5 and 5.2). */
export type Required = {
  readonly capabilities: readonly string[]
  /** Whether a document is read; without one there is nothing to compare a claim with. */
  readonly document: boolean
  readonly face: boolean
}

const document = ['usability', 'imageChecks', 'extraction', 'dataChecks'] as const
const face = ['similarity', 'liveness'] as const
const withFace: Required = { capabilities: [...document, ...face], document: true, face: true }

/** Workflow keys of the guides. Custom ones exist; they are judged by whether a face was asked for. */
export const platformWorkflows: Readonly<Record<string, Required & { readonly name: string }>> = {
  '2': { name: 'ID verification', capabilities: document, document: true, face: false },
  '3': { name: 'ID and identity verification', ...withFace },
  '9': { name: 'Authentication', capabilities: ['authentication'], document: false, face: true },
  '32': {
    name: 'ID, identity and screening',
    capabilities: [...withFace.capabilities, 'watchlistScreening'],
    document: true,
    face: true,
  },
  '10011': { name: 'Standalone ID and identity verification', ...withFace },
  '10013': {
    name: 'ID, identity and screening, standalone',
    capabilities: [...withFace.capabilities, 'watchlistScreening'],
    document: true,
    face: true,
  },
  '10014': { name: 'Standalone authentication', capabilities: ['authentication'], document: false, face: true },
  '10163': { name: 'ID and identity verification with supporting data', ...withFace },
  '10164': { name: 'ID and selfie verification', ...withFace },
}

/** @param faceRequired decides for keys that are not in the list; a known key says it itself */
export const requiredOf = (key: string | number, faceRequired: boolean): Required =>
  platformWorkflows[String(key)] ?? (faceRequired ? withFace : { capabilities: document, document: true, face: false })
