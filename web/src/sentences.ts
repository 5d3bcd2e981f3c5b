export {
  formatDate,
  formatDay,
  formatTime,
  isSentenceCode,
  readSentence,
} from '../../contract/src/sentences/index.ts'
export { staffReasonSentence } from '../../contract/src/staff-reasons.ts'
