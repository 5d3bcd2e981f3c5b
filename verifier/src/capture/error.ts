import { type CaptureErrorCode, captureErrorStatus } from '@veridoor/contract'
import { sendProblem } from '@veridoor/foundation'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** An error that the capture page has a sentence for. */
export class CaptureError extends Error {
  readonly code: CaptureErrorCode
  constructor(code: CaptureErrorCode) {
    super(code)
    this.name = 'CaptureError'
    this.code = code
  }
}

/** @throws {CaptureError} when a check takes nothing more from the person: it has ended, or is being looked at */
export const assertOpen = ({ phase }: { phase: string }): void => {
  if (phase !== 'open') throw new CaptureError(phase === 'ended' ? 'SESSION_ENDED' : 'WRONG_STEP')
}

const titles: Record<CaptureErrorCode, string> = {
  LINK_NOT_USABLE: 'This link no longer works.',
  OPEN_ELSEWHERE: 'This check is open on another device.',
  CODE_NOT_USABLE: 'This code does not work.',
  CODE_USED: 'This code was used on another device.',
  CODE_EXPIRED: 'This code has expired.',
  SESSION_ENDED: 'This check has ended.',
  WRONG_STEP: 'This step is not next.',
  CHALLENGE_OVER: 'These movements have expired. Ask for new ones.',
  TOO_LARGE: 'The file is too large. Use one of up to 10 MB.',
  FILE_NOT_USABLE: 'We cannot open this file.',
  INVALID_INPUT: 'Check the highlighted fields.',
  SLOW_DOWN: 'Too many attempts. Try again in a moment.',
  INTERRUPTED: 'Something went wrong on our side. Try again.',
  BUSY: 'Many people are checking now. Try again in a moment.',
}

/** Answers with a problem: status and title of the fault, and its code, for which the page has words. */
export const sendCaptureError = (request: FastifyRequest, reply: FastifyReply, code: CaptureErrorCode): FastifyReply =>
  sendProblem(request, reply, { status: captureErrorStatus[code], code, title: titles[code] })
