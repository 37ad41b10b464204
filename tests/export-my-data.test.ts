import { expect, it } from 'vitest';
import { ExportMyDataDocument, StepUpDocument } from '../client/generated/graphql.ts';
import { newClient, useApp } from './support/app.ts';
import { PASSWORD, Person } from './support/flow.ts';
import { rest } from './support/rest.ts';

const app = useApp();

async function steppedUp() {
  const ada = new Person(app);
  const { accessToken: token } = await ada.signUp(PASSWORD, { firstName: 'Ada' });
  const options = { from: ada.from, token };
  await app.run(StepUpDocument, { input: { password: PASSWORD } }, options);
  await app.auditWritten();
  return { ada, options };
}

const columnsOf = async (table: string) =>
  (
    await app.sql<{ name: string }>(
      'select column_name as name from information_schema.columns where table_name = ?',
      [table],
    )
  ).map(({ name }) => name);

/** Columns that no export contains. */
const secrets = {
  accounts: ['password_hash', 'challenge_epoch'],
  api_keys: ['hash', 'account_id'],
  sessions: ['live_token_hash', 'parent_token_hash', 'older_siblings', 'generation', 'account_id'],
};

it('exports everything about the account except secrets, and nothing about others', async () => {
  await steppedUp();
  const { ada, options } = await steppedUp();
  await app.sql(
    `insert into api_keys (id, account_id, hash, start, name, scope, created_at, expires_at)
     select gen_random_uuid(), id, '', '', '', 'READ', now(), now() from accounts where email = ?`,
    [ada.email],
  );
  const { data } = await app.run(ExportMyDataDocument, {}, options);
  const found = data?.exportMyData as Record<string, Record<string, unknown>[]> & {
    account: Record<string, unknown>;
  };
  const other = await rest(app, 'GET', '/auth/export', undefined, options);
  expect(other.body).toEqual({ ...found, exported_at: expect.any(String) });

  expect(found.account).toMatchObject({ email: ada.email, first_name: 'Ada', has_password: true });
  expect(Object.keys(found.account)).toEqual(
    expect.arrayContaining(
      (await columnsOf('accounts')).filter((name) => !secrets.accounts.includes(name)),
    ),
  );
  expect(found.sessions).toHaveLength(1);
  expect(Object.keys(found.sessions?.[0] ?? {}).sort()).toEqual(
    (await columnsOf('sessions')).filter((name) => !secrets.sessions.includes(name)).sort(),
  );
  expect(Object.keys(found.api_keys?.[0] ?? {}).sort()).toEqual(
    (await columnsOf('api_keys')).filter((name) => !secrets.api_keys.includes(name)).sort(),
  );
  expect(found.known_clients).toMatchObject([{ client: `${ada.from}/32` }]);
  const events = (await ada.events()).map(({ event }) => event);
  expect(found.audit_events?.map(({ event }) => event)).toEqual(events.reverse());
  expect(found).toMatchObject({ complete: true });
});

it('limits the exports of an account, whatever its clients', async () => {
  const { options } = await steppedUp();
  const codes = [];
  for (const _ of Array(6)) {
    const answer = await app.run(ExportMyDataDocument, {}, { ...options, from: newClient() });
    codes.push(answer.code);
  }
  expect(codes).toEqual([...Array(5).fill(undefined), 'RATE_LIMITED']);
});

it('limits the exports of a client', async () => {
  const { options } = await steppedUp();
  const codes = [];
  for (const _ of Array(6)) codes.push((await app.run(ExportMyDataDocument, {}, options)).code);
  expect(codes).toEqual([...Array(5).fill(undefined), 'RATE_LIMITED']);
});
