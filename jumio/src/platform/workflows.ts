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

const withScreening: Required = { ...withFace, capabilities: [...withFace.capabilities, 'watchlistScreening'] }
/** Workflows that read no document: what passed is about a face or a record, never about who a person is. */
const without = (hasFace: boolean, ...capabilities: string[]): Required => ({
  capabilities,
  document: false,
  face: hasFace,
})

/** Workflow keys of the guides (section 4.5). Custom ones exist, and 10006 and 10026 are not
 * described well enough to say what their passing is worth: those are judged by whether a face was asked for. */
export const platformWorkflows: Readonly<Record<string, Required & { readonly name: string }>> = {
  // It only stores: with the checks of a document required, its results always go to a person.
  '1': { name: 'ID capture and storage', capabilities: document, document: true, face: false },
  '2': { name: 'ID verification', capabilities: document, document: true, face: false },
  '3': { name: 'ID and identity verification', ...withFace },
  '5': { name: 'Similarity to an existing ID', ...without(true, 'similarity') },
  '6': { name: 'Standalone liveness', ...without(true, 'liveness') },
  '9': { name: 'Authentication', ...without(true, 'authentication') },
  '16': { name: 'Authentication, face map kept by you', ...without(true, 'authentication') },
  '20': { name: 'Similarity of two pictures', ...without(true, 'similarity') },
  '32': { name: 'ID, identity and screening', ...withScreening },
  '10005': { name: 'Brazil, CPF', ...without(false, 'braCpfValidation') },
  '10008': { name: 'Driving licence, USA', ...without(false, 'drivingLicenseVerification') },
  '10010': { name: 'Standalone screening', ...without(false, 'watchlistScreening') },
  '10011': { name: 'Standalone ID and identity verification', ...withFace },
  '10013': { name: 'ID, identity and screening, standalone', ...withScreening },
  '10014': { name: 'Standalone authentication', ...without(true, 'authentication') },
  '10163': { name: 'ID and identity verification with supporting data', ...withFace },
  '10164': { name: 'ID and selfie verification', ...withFace },
}

/** @param faceRequired decides for keys that are not in the list; a known key says it itself */
export const requiredOf = (key: string | number, faceRequired: boolean): Required =>
  platformWorkflows[String(key)] ?? (faceRequired ? withFace : { capabilities: document, document: true, face: false })
