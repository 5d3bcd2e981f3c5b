import { randomUUID } from 'node:crypto'
import { type Chain, ORGANIZATION, outcome, signUp } from '../attack.ts'
import { freshName } from '../client.ts'

/** Somebody holds the database login of the serving process. Nothing that it writes may be told as a verified identity. */
export const sqlForger: Chain = async ({ stack, admin }) => {
  const name = freshName('forged')
  const member = await signUp(stack.url, name)
  await member.call('PUT', '/v1/account/identity', {
    realName: 'Eve Forger',
    documentNumber: 'X1234567',
    documentType: 'PASSPORT',
    documentCountry: 'UTO',
  })
  const attempt = async (text: string, values: unknown[] = []): Promise<string> =>
    stack.query(text, values).then(
      () => '',
      (error: Error) => error.message,
    )
  const columns = (
    await stack.query(
      `select column_name, data_type, is_nullable, column_default from information_schema.columns
       where table_schema = 'veridoor' and table_name = 'verifications'`,
    )
  ).rows as { column_name: string; data_type: string; is_nullable: string; column_default: string | null }[]
  const id = randomUUID()
  const { rows } = await stack.query('select id from veridoor.users where name = $1', [name])
  const userId = rows[0].id as string
  const known: Readonly<Record<string, unknown>> = {
    id,
    organization: ORGANIZATION,
    user_id: userId,
    user_name: name,
    state: 'created',
    reference: 'VD-FORGED-ROW',
    is_test: false,
    is_demonstration: false,
  }
  const fillers: Readonly<Record<string, unknown>> = {
    text: 'x',
    boolean: false,
    integer: 0,
    uuid: id,
    jsonb: '{}',
    'timestamp with time zone': new Date(),
  }
  const needed = columns.filter(
    ({ column_name: column, is_nullable, column_default }) =>
      column in known || (is_nullable === 'NO' && column_default === null),
  )
  const values = needed.map(({ column_name: column, data_type }) => known[column] ?? fillers[data_type] ?? 'x')
  const inserted = await attempt(
    `insert into veridoor.verifications (${needed.map(({ column_name: column }) => column).join(', ')})
     values (${needed.map((_column, index) => `$${index + 1}`).join(', ')})`,
    values,
  )
  const decided = await attempt(`update veridoor.verifications set state = 'verified', finding = 'x' where id = $1`, [
    id,
  ])
  const locked = await attempt('update veridoor.users set verified_at = now(), locked_by = $2 where id = $1', [
    userId,
    id,
  ])
  const own = await member.call('GET', '/v1/account')
  const seen = await admin.call('GET', `/v1/users/${ORGANIZATION}/${name}`)
  const wire = await member.call('GET', '/api/get-account')
  const outcomes = [
    outcome(
      'forged rows of the serving login are told as verified',
      own.json.identity?.isVerified !== true &&
        seen.json.identity?.isVerified !== true &&
        wire.json.data?.isVerified !== true,
      { inserted, decided, locked, own: own.json.identity?.isVerified },
    ),
  ]
  const deleted = await attempt('delete from veridoor.users where id = $1', [userId])
  outcomes.push(
    outcome('the serving login deletes an account to put another in its place', deleted !== '', deleted || 'deleted'),
  )
  return outcomes
}
