/**
 * A test verification that this tab has started: the provider's page leads back to the account page, and from there the tester goes
 * back to where the test began.
 */
export type TestRun = { readonly id: string; readonly organization: string; readonly provider: string }

const KEY = 'veridoor.test'

export const rememberTestRun = (run: TestRun): void => sessionStorage.setItem(KEY, JSON.stringify(run))

/** The test that was started in this tab, once. */
export const takeTestRun = (): TestRun | null => {
  const text = sessionStorage.getItem(KEY)
  sessionStorage.removeItem(KEY)
  if (text === null) return null
  try {
    return JSON.parse(text) as TestRun
  } catch {
    return null
  }
}
