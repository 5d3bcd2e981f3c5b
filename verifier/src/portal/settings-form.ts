import { documentTypeLabels, documentTypes } from '@veridoor/contract'
import { type enabledFields, locales } from '@veridoor/jumio'
import type { ClientSettings, GivenSettings, SettingFaults, SettingName } from '../clients/client-settings.ts'
import { livenessModes } from '../session/schema.ts'
import { type Html, html } from './html.ts'
import { guard } from './layout.ts'

const workflowNames: Record<number, string> = {
  100: '100: document, camera or upload',
  101: '101: document, camera only',
  102: '102: document, upload only',
  200: '200: document and face, camera or upload',
  201: '201: document and face, camera only',
  202: '202: document and face, upload only',
}
const livenessNames: Record<(typeof livenessModes)[number], string> = {
  required: 'Required: a face by API is never approved alone',
  offered: 'Offered, may be skipped',
  off: 'Off: nobody looks whether somebody is there',
}
/** Addresses are not handed out: nothing here confirms one. The wire's name for them is understood all the same. */
const fieldLabels: Record<Exclude<(typeof enabledFields)[number], 'idAddress'>, string> = {
  idNumber: 'Number',
  idFirstName: 'First name',
  idLastName: 'Last name',
  idDob: 'Date of birth',
  idExpiry: 'Expiry',
  idUsState: 'State',
  idPersonalNumber: 'Personal number',
  idFaceMatch: 'Face comparison of pictures by API',
}

const languageName = (locale: string): string =>
  new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' }).of(locale) ?? locale

/** Settings as text: what `readClientSettings` reads back. */
export const textOf = (settings: ClientSettings): Required<GivenSettings> => ({
  name: settings.name,
  color: settings.color ?? '',
  logoUrl: settings.logoUrl ?? '',
  callbackUrl: settings.callbackUrl ?? '',
  successUrl: settings.successUrl ?? '',
  errorUrl: settings.errorUrl ?? '',
  workflowId: String(settings.workflowId),
  locale: settings.locale ?? '',
  liveness: settings.liveness,
  tokenLifetimeMinutes: String(settings.tokenLifetimeMinutes),
  retentionDays: String(settings.retentionDays),
  acceptedCountries: settings.acceptedCountries?.join(' ') ?? '',
  acceptedTypes: settings.acceptedTypes?.join(' ') ?? '',
  enabledFields: settings.enabledFields?.join(' ') ?? '',
  masking: settings.masking ? 'on' : '',
  findRepeatedFaces: settings.findRepeatedFaces ? 'on' : '',
  findRepeatedPictures: settings.findRepeatedPictures ? 'on' : 'off',
  startsPerSecond: String(settings.startsPerSecond),
})

/** A browser's form as the same text; several ticks of one name become one list. */
export const givenOf = (form: URLSearchParams): GivenSettings =>
  Object.fromEntries([...new Set(form.keys())].map((name) => [name, form.getAll(name).join(' ')]))

/** The settings of a client, each with what is wrong with it. */
export const settingsForm = (options: {
  action: string
  formToken: string
  given: GivenSettings
  faults: SettingFaults
}): Html => {
  const { given, faults } = options
  const firstFault = (Object.keys(faults) as SettingName[])[0]
  const text = (name: SettingName, label: string, hint: string, attributes: Html = html``, wide = false): Html => {
    const fault = faults[name]
    const described = [fault && `${name}-fault`, hint && `${name}-hint`].filter(Boolean).join(' ')
    return html`<div class="field${wide ? ' wide' : ''}">
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" value="${given[name]}" ${attributes} autocomplete="off" ${described && html`aria-describedby="${described}"`} ${fault && html`aria-invalid="true"`} ${firstFault === name && html`autofocus`}>
${fault && html`<span class="fault" id="${name}-fault">${fault}</span>`}
${hint && html`<span class="hint" id="${name}-hint">${hint}</span>`}
</div>`
  }
  const choice = (name: SettingName, label: string, options_: readonly (readonly [string, string])[]): Html =>
    html`<div class="field"><label for="${name}">${label}</label>
<select id="${name}" name="${name}">${options_.map(([value, word]) => html`<option value="${value}"${value === given[name] && html` selected`}>${word}</option>`)}</select></div>`
  const ticks = (
    name: SettingName,
    legend: string,
    hint: string,
    options_: readonly (readonly [string, string])[],
  ): Html => {
    const ticked = (given[name] ?? '').split(' ')
    return html`<fieldset class="wide" aria-describedby="${name}-hint"><legend>${legend}</legend>
<span class="hint" id="${name}-hint">${hint}</span>
<div class="choices">${options_.map(([value, word]) => html`<label class="choice"><input type="checkbox" name="${name}" value="${value}"${ticked.includes(value) && html` checked`}> ${word}</label>`)}</div></fieldset>`
  }
  const numeric = html`inputmode="numeric"`
  const address = html`type="url" placeholder="https://"`
  return html`<form method="post" action="${options.action}" novalidate>${guard(options.formToken)}
<div class="group two"><h3>On the capture page</h3>
${text('name', 'Name', 'People see who asks for the check.', html`required maxlength="60"`)}
${text('color', 'Colour', 'Such as #0b5a6b. Empty: our own.', html`maxlength="7"`)}
${text('logoUrl', 'Logo', 'Address of a picture, https only.', address, true)}
</div>
<div class="group"><h3>Addresses</h3>
${text('callbackUrl', 'Callback', 'Gets a notice when a check has ended.', address)}
${text('successUrl', 'Return after success', 'People go on there when their pictures were taken.', address)}
${text('errorUrl', 'Return after an error', 'They go on there when nothing could be judged, with the code of the reason.', address)}
</div>
<div class="group two"><h3>Checks</h3>
${choice('workflowId', 'Workflow', Object.entries(workflowNames))}
${choice(
  'liveness',
  'Movement check',
  livenessModes.map((mode) => [mode, livenessNames[mode]] as const),
)}
${choice('locale', 'Language', [
  ['', 'As the browser asks'],
  ...locales.map((locale) => [locale, `${languageName(locale)} (${locale})`] as const),
])}
${text('tokenLifetimeMinutes', 'Life of a link, in minutes', 'Until the page is opened: 5 to 86400.', numeric)}
${text('startsPerSecond', 'New checks in a second', '1 to 10000. More are answered 429 with Retry-After; other calls may be twenty times as many.', numeric)}
</div>
<div class="group"><h3>Documents</h3>
${text('acceptedCountries', 'Countries', 'Three-letter codes, such as AUT DEU FRA. Empty: every country.')}
${ticks(
  'acceptedTypes',
  'Kinds',
  'None ticked: every kind that can be read.',
  documentTypes.map((type) => [type, documentTypeLabels[type]] as const),
)}
</div>
<div class="group"><h3>Data</h3>
${text('retentionDays', 'Days to keep pictures and results', '1 to 3650. After that they are deleted.', numeric)}
${ticks(
  'enabledFields',
  'Fields in results',
  'None ticked: all of them. Whether the page asks for a selfie is the workflow’s word.',
  [
    ...Object.entries(fieldLabels),
    // Where it was set it can be taken out; without any field, all of them would be meant.
    ...((given.enabledFields ?? '').split(' ').includes('idAddress')
      ? ([['idAddress', 'Address: never handed out']] as const)
      : []),
  ],
)}
${ticks('masking', 'Masking', 'Leaves out numbers that the law of some countries keeps.', [['on', 'Mask numbers']])}
${ticks(
  'findRepeatedFaces',
  'One person on two accounts',
  'Keeps the faces of passed checks, encrypted and for the days above, and says when a face comes again with another person. A person then has to look. Tell people about it.',
  [['on', 'Look for repeated faces']],
)}
${choice('findRepeatedPictures', 'A picture that was sent for another person before', [
  ['on', 'Goes to a person'],
  ['off', 'Is not looked for'],
])}
</div>
<div class="actions"><button>Save settings</button></div>
</form>`
}
