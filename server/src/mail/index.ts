export type { Letter } from './letter.ts'
export { createMail, type MailRoom, type MailView } from './mail.ts'
export { readSmtp, type Smtp } from './settings.ts'
