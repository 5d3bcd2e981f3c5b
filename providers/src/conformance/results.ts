import type { Scenario } from './service.ts'
import { adapterOf, endOf, findingOf, isPossible, newOrder, type Subject } from './subject.ts'

/** Rules about results: what is given, and what may never come of it. */

/** What the provider has not decided is not final. */
export const pendingStaysPending = async (subject: Subject): Promise<string[]> => {
  if (!isPossible(subject, 'pending')) return []
  subject.service.setScenario('pending')
  const adapter = adapterOf(subject)
  const { reference } = await adapter.start(newOrder(subject.type))
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
    if (!isPossible(subject, scenario as Scenario)) continue
    subject.service.setScenario(scenario as Scenario)
    const found = await findingOf(adapter, subject.type)
    if (!outcomes.includes(found?.outcome ?? 'none')) problems.push(`${scenario} is ${found?.outcome ?? 'not final'}`)
    if (scenario === 'nothing_sent' && !found?.nothingSent) problems.push('nothing sent, yet a try is used up')
    if (scenario === 'no_match' && found?.checks.face !== 'fail') problems.push('another face is not a failed check')
    if (scenario !== 'approve') continue
    for (const [check, result] of Object.entries(found?.checks ?? {})) {
      const isMade = !subject.service.notAssessed?.some((name) => name === check)
      if (result !== (isMade ? 'pass' : 'not_assessed')) problems.push(`an approval whose ${check} is ${result}`)
    }
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
    if (!isPossible(subject, scenario)) continue
    subject.service.setScenario(scenario)
    let outcome: string | undefined
    await endOf(async () => {
      outcome = (await findingOf(adapter, subject.type))?.outcome
    })
    if (outcome === 'approved') problems.push(`${scenario} is approved`)
  }
  return problems
}

/** Names and number that only hold a place are left out. */
export const placeholdersAreAbsent = async (subject: Subject): Promise<string[]> => {
  if (!isPossible(subject, 'placeholders')) return []
  subject.service.setScenario('placeholders')
  const found = await findingOf(adapterOf(subject), subject.type)
  const { firstName, lastName, number } = found?.document ?? { firstName: 'no finding' }
  return [firstName, lastName, number].some((value) => value !== undefined) ? ['a placeholder was taken for data'] : []
}

/** Our ids come back, and another order's are seen as such, or refused. */
export const anotherPersonIsSeen = async (subject: Subject): Promise<string[]> => {
  const { service } = subject
  const adapter = adapterOf(subject)
  const problems: string[] = []
  const order = newOrder(subject.type)
  service.setScenario('approve')
  const own = await findingOf(adapter, subject.type, order)
  if (own?.echoed.verificationReference !== order.verificationReference) problems.push('our check is not named')
  if (own?.echoed.subjectReference !== order.subjectReference) problems.push('our person is not named')
  if (isPossible(subject, 'foreign_order')) {
    service.setScenario('foreign_order')
    const foreign = await endOf(async () => {
      const found = await findingOf(adapter, subject.type, order)
      const { verificationReference, subjectReference } = found?.echoed ?? {}
      if (verificationReference && verificationReference !== order.verificationReference) throw new Error('seen')
      if (subjectReference && subjectReference !== order.subjectReference) throw new Error('seen')
    })
    if (foreign.fault === 'none') problems.push("another person's order passes for ours")
  }
  if (!isPossible(subject, 'foreign_reference')) return problems
  service.setScenario('foreign_reference')
  if ((await endOf(() => findingOf(adapter, subject.type))).fault === 'none')
    problems.push('an answer about another check is taken')
  return problems
}
