/** Why a picture cannot be worked on. Codes are stable; no value of the picture is in the message. */
export type EngineErrorCode =
  | 'not_a_picture'
  | 'too_many_bytes'
  | 'too_many_pixels'
  | 'too_small'
  | 'damaged'
  | 'pdf_locked'
  | 'pdf_damaged'
  | 'busy'
  | 'timeout'
  | 'worker_lost'
  | 'model_missing'

/** The engine's error. Its message contains the code and nothing of the picture. */
export class EngineError extends Error {
  readonly code: EngineErrorCode
  constructor(code: EngineErrorCode, cause?: unknown) {
    super(`engine: ${code}`, { cause })
    this.name = 'EngineError'
    this.code = code
  }
}

/** True for errors of the file, which another file solves; false for errors of the engine. */
export const isFileFault = (code: EngineErrorCode): boolean =>
  code === 'not_a_picture' ||
  code === 'too_many_bytes' ||
  code === 'too_many_pixels' ||
  code === 'too_small' ||
  code === 'damaged' ||
  code === 'pdf_locked' ||
  code === 'pdf_damaged'
