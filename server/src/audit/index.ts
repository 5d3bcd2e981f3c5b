export { type Audit, type AuditDeps, createAudit } from './audit.ts'
export {
  CHECKPOINT_FILE,
  type Checkpoint,
  CheckpointError,
  createCheckpointStore,
  readCheckpoints,
} from './checkpoints.ts'
export { AUDIT_KEY, signUnsignedLines } from './sign-lines.ts'
export type { AuditEntry, AuditLine, Head } from './types.ts'
export { type ChainFault, type ChainState, verifyChains } from './verify-chain.ts'
