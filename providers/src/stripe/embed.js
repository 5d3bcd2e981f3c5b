// Runs in the browser, on the page with the embedded check, after the page has loaded Stripe's script.

/**
 * Shows Stripe's modal and resolves when the person has finished or closed it.
 * @param {{ token: string, options: { publishableKey: string } }} check
 * @returns {Promise<{ finished: boolean }>} `finished` is false when the person closed the modal or Stripe could not show it
 */
export const run = async ({ token, options }) => {
  const { error } = await globalThis.Stripe(options.publishableKey).verifyIdentity(token)
  return { finished: error === undefined }
}
