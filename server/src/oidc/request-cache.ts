import { AsyncLocalStorage } from 'node:async_hooks'

/** What one request has read, by key. */
const scope = new AsyncLocalStorage<Map<string, Promise<unknown>>>()

/**
 * Runs the handling of one request. The protocol library asks for the same client, account and session several times in a request: inside,
 * `oncePerRequest` reads each of them once. Nothing is kept beyond the request, so a change counts from the next one on.
 */
export const withRequestCache = <T>(work: () => T): T => scope.run(new Map(), work)

/** What `read` gives, read once in a request. Outside of one it is read each time. */
export const oncePerRequest = <T>(key: string, read: () => Promise<T>): Promise<T> => {
  const known = scope.getStore()
  if (!known) return read()
  const found = known.get(key) as Promise<T> | undefined
  if (found) return found
  const reading = read()
  known.set(key, reading)
  return reading
}

/** Gives a value for a later `oncePerRequest` of the same request. */
export const rememberInRequest = (key: string, value: unknown): void => {
  scope.getStore()?.set(key, Promise.resolve(value))
}

/** What was remembered in this request, if anything. */
export const recallInRequest = async <T>(key: string): Promise<T | undefined> =>
  (await scope.getStore()?.get(key)) as T | undefined

/** Forgets what was read, after this request has changed it. */
export const forgetInRequest = (key: string): void => {
  scope.getStore()?.delete(key)
}
