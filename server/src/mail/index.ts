export type { Email as Letter } from './email.ts'
export { createMail, type MailService as MailRoom, type MailView } from './mail.ts'
export { readSmtp, type Smtp } from './settings.ts'
