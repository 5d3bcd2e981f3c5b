/**
 * Words that the project no longer uses, each with the plain word that replaced it. `npm run house` counts where they still
 * occur, and a test keeps the count at zero.
 */
export type OldWord = {
  readonly old: string
  readonly plain: string
  /**
   * `any`: every declaration with this name. `type` and `function`: only declarations of that form, because the word is
   * fine English elsewhere.
   */
  readonly as: 'any' | 'type' | 'function'
}

const words = (as: OldWord['as'], pairs: Readonly<Record<string, string>>): OldWord[] =>
  Object.entries(pairs).map(([old, plain]) => ({ old, plain, as }))

/** Names in code. */
export const oldNames: readonly OldWord[] = [
  ...words('any', {
    AppParts: 'AppDeps',
    VerifierParts: 'VerifierDeps',
    SecretBox: 'EnvelopeCipher',
    keyRow: 'keyAad',
    claimRow: 'claimAad',
    numberRow: 'documentNumberAad',
    machineZone: 'mrz',
    zonePrint: 'baseline shift',
    doorbell: 'webhook',
    askForLetter: 'requestEmail',
    letIn: 'completeSignIn',
    enterAs: 'createSession',
    atDoor: 'sign-in page',
    sayFarewell: 'onUserDeleted',
    farewell: 'onUserDeleted',
    farewells: 'onUserDeleted',
    holdRow: 'lockRow',
    holdDocument: 'lockDocument',
    giveUp: 'closeWithoutVerdict',
    noteReturn: 'recordReturn',
    noteStopped: 'recordAbort',
    noteLate: 'recordLateResult',
    takeTurn: 'tryAcquire',
    restUntil: 'openUntil',
    forgiveRate: 'resetRateLimit',
    returnQuota: 'releaseQuota',
    wayOut: 'sharedFetch',
    Asker: 'Principal',
    asker: 'principal',
    knock: 'preAuthorize',
    placeInLine: 'queuePosition',
    unclaimed: 'orphaned files',
    leftovers: 'removeOrphans',
    glance: 'precheck',
    lookOf: 'measureFace',
    FrameLook: 'FaceMetrics',
    squeeze: 'collapseFillers',
    tempered: 'calibrated',
    isTied: 'isCorroborated',
    handOn: 'dispatch',
    wasTold: 'wasAnnounced',
    keptOf: 'passThroughFields',
    chosenOf: 'selectedColumns',
    placesOf: 'claimsRequests',
    console_: 'a name',
    readAsOpenId: 'a name of the wire in the Casdoor room',
    _: 'a name',
    __: 'a name',
    ___: 'a name',
  }),
  ...words('type', {
    Parts: 'Deps',
    World: 'Runtime',
    Entered: 'SignInResult',
    Kept: 'StoredFinding',
    Refusal: '…Error',
    Fault: '…Error',
    Failure: '…Error',
    Place: 'FieldRange',
    Farewell: 'OnUserDeleted',
    Letter: 'Email',
  }),
  ...words('function', {
    seal: 'encrypt or lockIdentity',
    move: 'transition',
    touch: 'updateIfUnchanged',
    change: 'update',
    belongs: 'matchesReferences',
    named: 'requireUserAgent',
    limited: 'enforceRateLimit',
    who: 'principal',
    alike: 'similarity',
    apart: 'distance',
    drawn: 'rendered',
    again: 'secondReadings',
    together: 'merge',
    fold: 'normalize',
    ring: 'webhook',
    ways: 'sharedFetch',
    of: 'a name',
    at: 'a name',
  }),
]

/** Sentences that people read, and riddles in comments. Matched without case in string literals, page text and comments. */
export const oldSentences: readonly RegExp[] = [
  /the fault is ours/i,
  /some fields are not right/i,
  /that was very fast/i,
  /nobody waits at this address/i,
  /not a cursor of ours/i,
  /where it is sent has changed/i,
  /liveness must be proven/i,
  /page after a check that was broken off/i,
  /\bdoorbell\b/i,
  /machine zone/i,
  /\bis no more\b/i,
  /\b(is|are) none of (ours|theirs)\b/i,
  /\bnone of ours\b/i,
  /who is looked at by a person/i,
]

/** Sentences that only code can show to a person; in a guide they are plain English. */
export const oldSentencesInCode: readonly RegExp[] = [/\bsee below\b/i]
