import type { Scenario } from './service.ts'
import { adapterOf, endOf, findingOf, newOrder, type Subject } from './subject.ts'

/** Rules about results: what is given, and what may never come of it. */

/** What the provider has not decided is not final. */
export const pendingStaysPending = async (subject: Subject): Promise<string[]> => {
  subject.service.say('pending')
  const adapter = adapterOf(subject)
  const { reference } = await adapter.start(newOrder())
  const { state } = await adapter.fetchFinding(reference)
  return state === 'pending' ? [] : ['an undecided check is final']
}

const expected: Readonly<Partial<Record<Scenario, readonly string[]>>> = {
  approve: ['approved'],
  reject: ['rejected'],
  no_match: ['rejected'],
  // One more try is a policy that is allowed here (contract section 3.9).
  not_live: ['rejected', 'retry'],
  retry: ['retry'],
  nothing_sent: ['expired'],
}

/** Each result has its outcome; an approval has only passed checks, and the document's values. */
export const resultsAreMapped = async (subject: Subject): Promise<string[]> => {
  const adapter = adapterOf(subject)
  const problems: string[] = []
  for (const [scenario, outcomes] of Object.entries(expected)) {
    subject.service.say(scenario as Scenario)
    const found = await findingOf(adapter)
    if (!outcomes.includes(found?.outcome ?? 'none')) problems.push(`${scenario} is ${found?.outcome ?? 'not final'}`)
    if (scenario === 'nothing_sent' && !found?.nothingSent) problems.push('nothing sent, yet a try is used up')
    if (scenario === 'no_match' && found?.checks.face !== 'fail') problems.push('another face is not a failed check')
    if (scenario !== 'approve') continue
    if (!found || Object.values(found.checks).some((result) => result !== 'pass'))
      problems.push('an approval with a check that did not pass')
    for (const [field, value] of Object.entries(subject.service.document))
      if (found?.document[field as keyof typeof found.document] !== value) problems.push(`${field} was not read`)
  }
  return problems
}

/** No word of tomorrow, and no missing face, is an approval. An error is as good. */
export const unknownNeverPasses = async (subject: Subject): Promise<string[]> => {
  const adapter = adapterOf(subject)
  const problems: string[] = []
  for (const scenario of ['unknown_status', 'unknown_verdict', 'unknown_face', 'face_missing'] as const) {
    subject.service.say(scenario)
    let outcome: string | undefined
    await endOf(async () => {
      outcome = (await findingOf(adapter))?.outcome
    })
    if (outcome === 'approved') problems.push(`${scenario} is approved`)
  }
  return problems
}

/** Names and number that only hold a place are left out. */
export const placeholdersAreAbsent = async (subject: Subject): Promise<string[]> => {
  subject.service.say('placeholders')
  const found = await findingOf(adapterOf(subject))
  const { firstName, lastName, number } = found?.document ?? { firstName: 'no finding' }
  return [firstName, lastName, number].some((value) => value !== undefined) ? ['a placeholder was taken for data'] : []
}

/** Our ids come back, and another order's are seen as such, or refused. */
export const anotherPersonIsSeen = async (subject: Subject): Promise<string[]> => {
  const { service } = subject
  const adapter = adapterOf(subject)
  const problems: string[] = []
  const order = newOrder()
  service.say('approve')
  const own = await findingOf(adapter, order)
  if (own?.echoed.verificationReference !== order.verificationReference) problems.push('our check is not named')
  if (own?.echoed.subjectReference !== order.subjectReference) problems.push('our person is not named')
  service.say('foreign_order')
  const foreign = await endOf(async () => {
    const found = await findingOf(adapter, order)
    const { verificationReference, subjectReference } = found?.echoed ?? {}
    if (verificationReference && verificationReference !== order.verificationReference) throw new Error('seen')
    if (subjectReference && subjectReference !== order.subjectReference) throw new Error('seen')
  })
  if (foreign.fault === 'none') problems.push("another person's order passes for ours")
  service.say('foreign_reference')
  if ((await endOf(() => findingOf(adapter))).fault === 'none') problems.push('an answer about another check is taken')
  return problems
}
