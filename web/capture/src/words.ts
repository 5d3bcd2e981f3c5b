import { type SentenceCode, sentences } from '../../../contract/src/sentences.ts'

/** What a person reads here besides the product's sentences. */
export const words = {
  start: {
    title: 'Prove who you are',
    body: 'About 3 minutes. You need:',
    id: 'your passport, not expired',
    light: 'a camera and good light',
    face: 'your face, for one photo',
    button: 'Start',
  },
  retention: 'Photos are kept {days} days, then deleted. They go to {client} for this check only.',
  agree: 'I agree to a check of my face against my document',
  agreeDocument: 'I agree to a check of my document',
  noSelfie: 'I cannot take a selfie',
  alternative: {
    title: 'Go on without a selfie',
    body: 'You send your document only. A person then looks at your case, which takes longer. You can still change your mind now.',
    yes: 'Go on without a selfie',
    no: 'Back',
  },
  choice: {
    title: 'Which document?',
    country: 'Issued by',
    passport: 'Passport',
    page: 'Photo page',
    button: 'Continue',
  },
  front: {
    title: 'Photo page of your passport',
    hint: 'Put the page with your photo flat on a table. All four corners must be in the picture.',
  },
  selfie: { title: 'Take a selfie', hint: 'Face the light. Look straight at the camera.' },
  camera: {
    title: 'Allow the camera',
    body: 'Your browser will ask. Tap Allow. We take a photo only when you press the button.',
    on: 'Turn on camera',
    shutter: 'Take the photo',
    waiting: 'Waiting for your answer …',
  },
  upload: 'Upload a photo instead',
  uploadShort: 'Upload instead',
  check: {
    title: 'Check the photo',
    document: 'Can you read every word?',
    selfie: 'Is your whole face clear?',
    use: 'Use this photo',
    again: 'Take it again',
    sending: 'Sending …',
  },
  submit: {
    title: 'Ready to check',
    body: 'Your photos are saved. We now read your document and compare the photos.',
    button: 'Send for checking',
  },
  checking: {
    title: 'Checking your document',
    sent: 'Photos sent',
    reading: 'Reading your document',
    comparing: 'Comparing the photos',
    body: 'This takes about 10 seconds. You can close this page and come back to it.',
    long: 'This takes longer than usual. You can close this page and come back to it.',
  },
  tries: { one: '1 try left in this check', many: '{n} tries left in this check' },
  ended: {
    submitted: { title: 'Your photos are checked', body: 'Go back to {client} to see the result.' },
    cancelled: { title: 'You stopped the check', body: 'Nothing was decided. You can start again at any time.' },
    timed_out: { title: 'The time ran out', body: 'Nothing was decided. Start again when you are ready.' },
    three_tries_used: { title: 'Three photos did not work', body: 'Go back to {client} to see what to do next.' },
    interrupted: { title: 'The check was cut off', body: 'It was our fault and used up no try.' },
  },
  goOn: 'Continue to {client}',
  close: 'You can close this page.',
  cancel: 'Stop',
  stay: {
    title: 'Are you still there?',
    body: 'This check closes in {minutes} minutes if nothing happens.',
    button: 'Stay',
  },
  step: 'Step {n} of {of}',
  offline: 'No connection. Your photo stays here.',
  back: 'Back',
  demonstration: {
    badge: 'Demonstration',
    body: 'Specimens are accepted here. They prove nobody.',
    make: 'Make a specimen passport',
    title: 'Make a specimen passport',
    note: 'For trying this out without a document at hand. It is marked SPECIMEN and comes from Utopia, a country that does not exist. Use the same name and number as in your account.',
    surname: 'Surname',
    given: 'Given names',
    number: 'Passport number',
    birth: 'Date of birth',
    expiry: 'Valid until',
    sex: 'Sex',
    portrait: 'Portrait',
    take: 'Use the camera',
    file: 'Choose a picture',
    make2: 'Make it',
    use: 'Use this specimen',
    download: 'Download it',
  },
  faults: {
    denied: {
      title: 'Your camera is blocked',
      body: 'Tap the icon left of the address, turn Camera on, then try again.',
    },
    none: { title: 'This device has no camera', body: 'Use another device, or upload a photo of your document.' },
    busy: { title: 'The camera is busy', body: 'Another app is using the camera. Close it, then try again.' },
    insecure: {
      title: 'This page cannot use the camera',
      body: 'Open it over https in a browser of its own, or upload a photo of your document.',
    },
    unknown: { title: 'The camera did not start', body: 'Try again, or use another way.' },
    again: 'Try again',
    device: 'Use another device',
    deviceBody: 'Open {client} on your phone, sign in, and press Continue there. What you have sent is kept.',
  },
  failed: {
    LINK_NOT_USABLE: 'link_not_usable',
    OFFLINE: 'upload_failed',
    FILE_NOT_USABLE: 'file_not_usable',
    TOO_LARGE: 'file_not_usable',
  } as Record<string, SentenceCode>,
} as const

export const say = (text: string, values: Record<string, string | number> = {}): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))

/** The product's sentence for a code; a general one for a code of tomorrow. */
export const sentenceOf = (code: string): { title: string; body: string } => {
  const found = code in sentences ? sentences[code as SentenceCode] : sentences.interrupted
  const text = (raw: string): string => say(raw, { document: 'passport', fields: 'Some details', side: 'front' })
  return { title: text(found.title), body: text(found.body) }
}
