import { type CaptureFault, captureFaults } from '@veridoor/contract'
import { sendProblem } from '@veridoor/foundation'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A refusal that the capture page has words for. */
export class Fault extends Error {
  readonly fault: CaptureFault
  constructor(fault: CaptureFault) {
    super(fault)
    this.fault = fault
  }
}

/** @throws {Fault} when a check takes nothing more from the person: it has ended, or is being looked at */
export const assertOpen = ({ phase }: { phase: string }): void => {
  if (phase !== 'open') throw new Fault(phase === 'ended' ? 'SESSION_ENDED' : 'WRONG_STEP')
}

const titles: Record<CaptureFault, string> = {
  LINK_NOT_USABLE: 'This link no longer works.',
  OPEN_ELSEWHERE: 'This check is open on another device.',
  CODE_NOT_USABLE: 'This code does not work.',
  CODE_USED: 'This code was used on another device.',
  CODE_EXPIRED: 'This code is too old.',
  SESSION_ENDED: 'This check has ended.',
  WRONG_STEP: 'This step is not next.',
  CHALLENGE_OVER: 'These movements are over. Ask for new ones.',
  TOO_LARGE: 'The file is too large. Use one of up to 10 MB.',
  FILE_NOT_USABLE: 'We cannot open this file.',
  INVALID_INPUT: 'Some fields are not right.',
  SLOW_DOWN: 'That was very fast. Wait a moment.',
  INTERRUPTED: 'The check was cut off. It was our fault.',
  BUSY: 'Many people are checking now. Try again in a moment.',
}

/** Answers with a problem: status and title of the fault, and its code, for which the page has words. */
export const sendFault = (request: FastifyRequest, reply: FastifyReply, code: CaptureFault): FastifyReply =>
  sendProblem(request, reply, { status: captureFaults[code], code, title: titles[code] })
