/** What a part of a transaction is about (wire contract, 4.4): a document, a face, the movement check of a face, words about a person. */
export type Category = 'ID' | 'SELFIE' | 'FACEMAP' | 'DATA'

/** Capabilities that are judged here, by the wire's names (wire contract, 4.13). */
export const capabilityNames = [
  'usability',
  'imageChecks',
  'extraction',
  'dataChecks',
  'similarity',
  'liveness',
] as const
export type CapabilityName = (typeof capabilityNames)[number]

/** What a workflow asks the person for, and what is judged of it (wire contract, 4.5). */
export type Workflow = {
  readonly credentials: readonly Category[]
  readonly capabilities: readonly CapabilityName[]
  readonly asksForFace: boolean
  /** Keys of two digits have no decision of the whole and no steps: whoever reads them derives it from the capabilities (4.16). */
  readonly hasDecision: boolean
}

const document = ['usability', 'imageChecks', 'extraction', 'dataChecks'] as const
const withFace = {
  credentials: ['ID', 'SELFIE', 'FACEMAP'],
  capabilities: capabilityNames,
  asksForFace: true,
  hasDecision: true,
} as const satisfies Workflow

/**
 * The workflows that this verifier can carry out (wire contract, 4.5): a document, with or without a face. The others need what is not
 * here (watchlists, registers, stored face maps) and are refused like keys that nobody has.
 */
const workflows: Readonly<Record<string, Workflow>> = {
  '1': { credentials: ['ID'], capabilities: ['usability', 'extraction'], asksForFace: false, hasDecision: false },
  '2': { credentials: ['ID'], capabilities: document, asksForFace: false, hasDecision: false },
  '3': { ...withFace, hasDecision: false },
  '10011': withFace,
  '10163': { ...withFace, credentials: [...withFace.credentials, 'DATA'] },
  '10164': withFace,
}

/** Keys of the workflows that can be carried out here. */
export const workflowKeys = Object.keys(workflows)

/** The workflow of a key; undefined for one that nobody has, or that cannot be carried out here. */
export const workflowOf = (key: string): Workflow | undefined =>
  Object.hasOwn(workflows, key) ? workflows[key] : undefined
