export {
  type BrowserMessage,
  readBrowserMessage,
  readV4Callback,
  readV4Redirect,
  type V4Callback,
  type V4Redirect,
} from './callback.ts'
export { checkInitiate, checkPerform, createV4Client, type V4Client, type V4Options } from './client.ts'
export { outcomeV4 } from './outcome.ts'
export * from './perform.ts'
export * from './schemas.ts'
