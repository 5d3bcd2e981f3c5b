import { type DestinationStream, pino } from 'pino'

/**
 * What may stand in a log line: an event name, and fields that are ids, numbers or words the code knows. An allow-list by
 * type: free text from outside has no field to go into. Errors give their name and code, never their message.
 */
export type LogFields = {
  readonly id?: string
  readonly verification?: string
  readonly organization?: string
  readonly provider?: string
  readonly room?: string
  readonly route?: string
  readonly method?: string
  readonly state?: string
  readonly code?: string
  readonly status?: number
  readonly count?: number
  readonly ms?: number
  readonly bytes?: number
  readonly attempt?: number
  readonly port?: number
  readonly pid?: number
  readonly error?: unknown
}

/** Lines of known words: `event` is a name, never a text from outside. */
export type Log = {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

const errorFields = (error: unknown): Record<string, unknown> => {
  if (!(error instanceof Error)) return { name: typeof error }
  const { code } = error as { code?: unknown }
  const safeCode = typeof code === 'string' || typeof code === 'number' ? code : undefined
  // The stack's first line repeats the message, which may quote a value: keep only the frames.
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8)
    .map((line) => line.trim().replace(/\(?(file:\/\/)?\/[^\s)]*\/(?=[^/]+\/[^/]+\/[^/]+$)/, '('))
  const cause = error.cause === undefined ? undefined : errorFields(error.cause)
  return { name: error.name, code: safeCode, frames, cause }
}

/** A logger of JSON lines on stdout (or `destination`), one object a line with `event` and the room's name. */
export const createLog = (room: string, destination?: DestinationStream): Log => {
  const logger = pino({ base: { room }, timestamp: pino.stdTimeFunctions.isoTime }, destination ?? pino.destination(1))
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (event: string, fields: LogFields = {}): void => {
      const { error, ...rest } = fields
      logger[level]({ event, ...rest, ...(error === undefined ? {} : { error: errorFields(error) }) })
    }
  return { info: write('info'), warn: write('warn'), error: write('error') }
}

/** Writes nothing. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }
