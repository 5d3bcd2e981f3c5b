/** What helps after a check that ended with an error on Jumio's page. */
export type RedirectAdvice = 'try_again' | 'start_anew' | 'later' | 'other_device' | 'other_browser'
/** What an error of Jumio's page means. */
export type RedirectError = {
  readonly advice: RedirectAdvice
  /** Tells the person what happened and what to do. */
  readonly person: string
}

const known: Readonly<Record<string, RedirectError>> = {
  '9100': { advice: 'later', person: 'The service has trouble of its own. Try again in some minutes.' },
  '9200': { advice: 'start_anew', person: 'This link is no longer valid. Start a new check.' },
  '9210': { advice: 'start_anew', person: 'The time ran out. Start a new check.' },
  '9300': { advice: 'try_again', person: 'A picture could not be sent. Check your connection and try again.' },
  '9301': {
    advice: 'start_anew',
    person: 'Without your consent the check cannot go on. Start a new check to give it.',
  },
  '9400': { advice: 'try_again', person: 'Something went wrong during the check. Try again.' },
  '9800': { advice: 'try_again', person: 'There is no connection. Check it and try again.' },
  '9801': { advice: 'try_again', person: 'Something went wrong on the page. Try again.' },
  '9810': { advice: 'try_again', person: 'The service could not be reached. Try again.' },
  '9820': { advice: 'other_device', person: 'The camera cannot be used here. Try again on a phone.' },
  '9821': { advice: 'other_device', person: 'The face check did not work. Try again, or on another device.' },
  '9822': { advice: 'other_browser', person: 'This browser cannot use the camera. Try another one.' },
  '9835': {
    advice: 'start_anew',
    person:
      'None of the three photos could be used. Start a new check, in good light and with the whole document in view.',
  },
  '9836': { advice: 'start_anew', person: 'We could not see that it is you. Start a new check.' },
}

/**
 * The meaning of `errorCode` on the return address (sections 3.6 and 4.9), for display only: people can edit it. A code of
 * tomorrow gets the general text.
 * @example redirectErrorOf(readV4Redirect(query).errorCode)?.advice // 'start_anew'
 */
export const redirectErrorOf = (code: string | undefined): RedirectError | undefined =>
  code === undefined
    ? undefined
    : ((Object.hasOwn(known, code) ? known[code] : undefined) ?? {
        advice: 'try_again',
        person: 'The check was cut off. Try again.',
      })
