export {
  formatDate,
  formatDay,
  formatTime,
  isSentenceCode,
  readSentence,
} from '../../contract/src/sentences/index.ts'
