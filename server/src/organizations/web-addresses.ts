import { ApiError } from '@veridoor/contract'

/** Characters of an address at most. */
const MAX_LENGTH = 2000

const isWebAddress = (address: string): boolean =>
  address === '' || (address.length <= MAX_LENGTH && /^https?:\/\/[^/\\\s]\S*$/i.test(address) && URL.canParse(address))

const MESSAGE = 'Write the whole address, beginning with https://.'

/**
 * Pages link to these addresses: an administrator of one organization must not be able to put a script behind the button that its people
 * press.
 *
 * @throws {ApiError} INVALID_INPUT naming the field
 */
export const assertWebAddresses = (input: {
  readonly logo: string
  readonly homepageUrl?: string
  readonly backchannelLogoutUri?: string
  readonly jwksUri?: string
}): void => {
  const names = ['logo', 'homepageUrl', 'backchannelLogoutUri', 'jwksUri'] as const
  const wrong = names.filter((name) => !isWebAddress(input[name] ?? ''))
  if (wrong.length > 0)
    throw new ApiError('INVALID_INPUT', { fields: wrong.map((path) => ({ path, message: MESSAGE })) })
}
