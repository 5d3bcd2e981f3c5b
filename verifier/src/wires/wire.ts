import type { Remains } from '../session/erase.ts'
import type { Session } from '../session/schema.ts'
import type { Verdict } from '../session/verdict.ts'

/** A callback as it is sent. */
export type CallbackMessage = { readonly contentType: string; readonly body: string }

/** What a callback needs besides its session. `kept`: names of the pictures that are kept. */
export type CallbackContext = { readonly url: string; readonly now: Date; readonly kept: readonly string[] }

/** How one generation of Jumio's API speaks about a session. The session's own code knows none of this. */
export type Wire = {
  /** The API's name, for the operator. */
  readonly name: string
  /** The callback that a session has ended. */
  finished(session: Session, verdict: Verdict, context: CallbackContext): CallbackMessage
  /** The callback that the pictures have arrived, where the API has one. */
  arrived?(session: Session, now: Date): CallbackMessage
  /** Where a session stands, in the API's words. */
  status(session: Session): string
  /** What the API goes on to tell when the data of a session are erased. `isWhole`: also ids and the decision are deleted. */
  erased(session: Session, verdict: Verdict | null, isWhole: boolean): Remains
  /** Parameters of the address at which the person goes on (wire contract, 3.6 and 4.9), without the error code. */
  returnParameters(session: Session, status: 'SUCCESS' | 'ERROR'): Readonly<Record<string, string>>
  /** The error code for a person who stopped without a reason that has a code of its own. */
  stoppedCode(session: Session): string
  /**
   * How an open session ends whose time is over: without a verdict, with the verdict of the attempt before, or interrupted, because only
   * this service could have continued it.
   */
  leftAs(session: Session): 'expired' | 'previous_attempt' | 'interrupted'
}

/** A timestamp of the wire: UTC with milliseconds. */
export const timestamp = (time: Date): string => time.toISOString()
