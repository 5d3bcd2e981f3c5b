export type { Email } from './email.ts'
export { createMail, type MailService, type MailView } from './mail.ts'
export { readSmtp, type Smtp } from './settings.ts'
