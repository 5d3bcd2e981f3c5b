import { ApiError } from '@veridoor/contract'

/** `time/id` of the last row shown. A cursor that we did not make shows nothing before it. @throws {ApiError} INVALID_INPUT */
export const pointOf = (cursor: string | undefined): { at: Date; id: string } | undefined => {
  if (cursor === undefined) return undefined
  const [time = '', id = ''] = cursor.split('/')
  const at = new Date(time)
  if (Number.isNaN(at.getTime()) || !/^[\da-f-]{36}$/.test(id))
    throw new ApiError('INVALID_INPUT', { fields: [{ path: 'cursor', message: 'Take it from the page before.' }] })
  return { at, id }
}
