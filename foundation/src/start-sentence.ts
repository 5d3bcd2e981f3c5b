import { SettingError } from './settings.ts'

const databaseFaults: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers at that address',
  ENOTFOUND: 'that host is not known',
  EAI_AGAIN: 'that host cannot be looked up now',
  ETIMEDOUT: 'that address does not answer',
  EHOSTUNREACH: 'that address cannot be reached',
  ECONNRESET: 'the connection was cut',
  '28P01': 'the password is not accepted',
  '28000': 'this login is not accepted',
  '3D000': 'there is no such database',
  '42501': 'this login may not do what is needed',
  '25006': 'it is read-only',
  '53300': 'it has no connection left',
  '57P03': 'it is still starting',
}

const codesOf = (error: unknown): { code: string; port: unknown; address: unknown }[] => {
  const found: { code: string; port: unknown; address: unknown }[] = []
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code, port, address } = at as { code?: unknown; port?: unknown; address?: unknown }
    if (typeof code === 'string') found.push({ code, port, address })
    if (at instanceof AggregateError) found.push(...at.errors.flatMap(codesOf))
  }
  return found
}

/** Names of the settings that a start sentence tells people to change. */
export type StartSettings = { readonly port: string; readonly host: string; readonly key: string }

/** One sentence for the person who starts a process: what is wrong, and what to do next. Null when the cause is unknown. */
export const startSentence = (error: unknown, settings: StartSettings): string | null => {
  if (error instanceof SettingError) return error.message
  for (const { code, port, address } of codesOf(error)) {
    if (code === 'EADDRINUSE') return `Port ${port} is in use by another program. Stop it, or set ${settings.port}.`
    if (code === 'EACCES') return `Port ${port} may not be opened by this user. Set ${settings.port} to one above 1023.`
    if (code === 'EADDRNOTAVAIL')
      return `This machine has no address ${address}. Set ${settings.host} to one of its own.`
    if (code === 'DECRYPTION_FAILED')
      return `The master key is not the one this database was encrypted with. Put the right key back: ${settings.key}, or master.key in the data folder.`
    const fault = databaseFaults[code]
    if (fault) return `The database of DATABASE_URL cannot be used: ${fault} (${code}). Check it and start again.`
  }
  if (error instanceof Error && /connection (timeout|terminated)|timeout exceeded/i.test(error.message))
    return 'The database of DATABASE_URL cannot be used: it does not answer in time. Check it and start again.'
  return null
}
