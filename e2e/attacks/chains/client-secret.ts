import { type Chain, createApplication, ORGANIZATION, outcome } from '../attack.ts'
import { basic, createClient, freshName } from '../client.ts'

/** The secret of one relying party signs people in. It must not make identities, take accounts over or change other applications. */
export const clientSecret: Chain = async ({ stack, admin, liar }) => {
  const [own, other, victim] = [freshName('rp'), freshName('other'), freshName('bob')]
  const { clientId, clientSecret: secret } = await createApplication(admin, own)
  await createApplication(admin, other)
  await admin.call('POST', '/v1/users', {
    organization: ORGANIZATION,
    name: victim,
    password: 'a long password of bob',
  })

  const attacker = createClient(stack.url, { isProgram: true })
  const token = (
    await attacker.form('/api/login/oauth/access_token', {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: secret,
    })
  ).json?.access_token
  if (!token) throw new Error('the application got no token of its own')
  const credentials: Record<string, Record<string, string>> = {
    'client secret': basic(clientId, secret),
    'client_credentials token': { authorization: `Bearer ${token}` },
  }
  const provider = freshName('jumio')
  const claim = {
    owner: ORGANIZATION,
    name: victim,
    realName: 'Angela Merkel',
    idCard: 'X1234567',
    idCardType: 'PASSPORT',
  }
  const tries: Readonly<Record<string, readonly [path: string, body: unknown]>> = {
    'adds a provider of its own': [
      '/api/add-provider',
      {
        owner: ORGANIZATION,
        name: provider,
        displayName: 'Jumio',
        category: 'ID Verification',
        type: 'Jumio',
        clientId: 'attacker',
        clientSecret: 'attacker secret of the liar',
        endpoint: liar.address,
      },
    ],
    'writes the identity of a member': [`/api/update-user?id=${ORGANIZATION}/${victim}`, claim],
    'takes a member over by a new password': [
      '/api/set-password',
      { userOwner: ORGANIZATION, userName: victim, newPassword: 'owned by the attacker' },
    ],
    'redirects another application': [
      `/api/update-application?id=admin/${other}`,
      { owner: 'admin', name: other, organization: ORGANIZATION, redirectUris: ['https://attacker.example.com/'] },
    ],
    'makes a member an administrator': [
      `/api/update-user?id=${ORGANIZATION}/${victim}`,
      { owner: ORGANIZATION, name: victim, isAdmin: true },
    ],
    'deletes a member': ['/api/delete-user', { owner: ORGANIZATION, name: victim }],
  }
  const outcomes = []
  for (const [who, headers] of Object.entries(credentials))
    for (const [what, [path, body]] of Object.entries(tries)) {
      const answer = await createClient(stack.url, { isProgram: true }).call('POST', path, body, headers)
      const isRefused = answer.status >= 400 || answer.json?.status === 'error'
      outcomes.push(outcome(`a ${who} ${what}`, isRefused, answer.text))
    }
  const kept = await admin.call('GET', `/v1/users/${ORGANIZATION}/${victim}`)
  const isUntouched = kept.status === 200 && kept.json.identity.realName === '' && kept.json.isAdmin === false
  outcomes.push(outcome('the member is as before', isUntouched, kept.text))
  return outcomes
}
