import { expect, it, vi } from 'vitest';
import type { Sql } from '#src/ports/sql.ts';
import {
  ApiKeysDocument,
  AuditLogsDocument,
  CreateApiKeyDocument,
  RevokeApiKeyDocument,
  SetUserMetadataDocument,
} from '../client/generated/graphql.ts';
import { Mover, undoSecretsOf } from './support/address-changes.ts';
import { Administrator, idOf } from './support/administrator.ts';
import { Machine, steppedUpAdministrator, stepUp } from './support/api-key.ts';
import { newAddress, useApp } from './support/app.ts';
import { command } from './support/command.ts';
import { Person } from './support/flow.ts';
import { LOCK_WAITS } from './support/lock-waits.ts';
import { whileAccountIsLocked } from './support/locked-account.ts';
import { rest } from './support/rest.ts';
import { recordStatements } from './support/statements.ts';

const app = useApp({ LIMIT_ADMIN: '1000/60' });

const FORM = /^gk_[0-9a-z]{57}$/;

async function user() {
  const ada = new Person(app);
  await ada.signIn();
  return { ada, id: await idOf(app, ada) };
}

const eventsOf = async (event: string) => {
  await app.auditWritten();
  return app.sql<{ email: string; account_id: string | null; metadata: Record<string, unknown> }>(
    'select email, account_id, metadata from audit_events where event = ? order by id',
    [event],
  );
};

it('creates a key after a step-up, shows it once, and stores only its hash', async () => {
  const admin = await Administrator.create(app);
  const input = { name: '  crm ', scope: 'READ' };
  expect((await admin.change(CreateApiKeyDocument, input)).code).toBe('STEP_UP_REQUIRED');
  await stepUp(app, admin);
  const { data } = await admin.change(CreateApiKeyDocument, input);
  if (!data) throw new Error('no API key');
  const { key, ...created } = data.createApiKey;
  expect(key).toMatch(FORM);
  expect(created).toEqual({
    id: expect.any(String),
    name: 'crm',
    scope: 'READ',
    start: key.slice(0, 11),
    createdAt: expect.any(String),
    createdBy: await idOf(app, admin),
    expiresAt: new Date(Date.parse(created.createdAt) + 90 * 86_400_000).toISOString(),
    lastUsedAt: null,
  });
  const listed = await admin.run(ApiKeysDocument, {});
  expect(listed.data?.apiKeys?.[0]).toEqual(created);
  const [row] = await app.sql('select * from api_keys where id = ?', [created.id]);
  expect(JSON.stringify(row)).not.toContain(key.slice(11));
  await app.mailsDelivered();
  expect(admin.mails().at(-1)).toContain('An API key was created with your localhost account');
  const [event] = (await eventsOf('API_KEY_CREATED')).slice(-1);
  expect(event).toEqual({
    email: admin.email,
    account_id: created.createdBy,
    metadata: {
      ...{ key: created.id, name: 'crm', scope: 'READ', expiresAt: created.expiresAt },
      by: created.createdBy,
    },
  });
});

it('lets a key with the scope READ query, and one with WRITE also change', async () => {
  const { ada, id } = await user();
  const [reader, writer] = [await Machine.with(app, 'READ'), await Machine.with(app, 'WRITE')];
  for (const machine of [reader, writer]) {
    expect((await machine.users()).data?.users?.edges.length).toBeGreaterThan(0);
    expect((await machine.user(id)).data?.user?.email).toBe(ada.email);
    const filter = { email: ada.email };
    const { data } = await machine.run(AuditLogsDocument, { filter, first: 5 });
    expect(data?.auditLogs?.edges.length).toBeGreaterThan(0);
    const list = await rest(app, 'GET', '/admin/users', undefined, machine);
    expect([list.status, list.body.results]).toEqual([200, expect.any(Array)]);
  }
  const refused = await reader.disableUser(id);
  expect(refused.errors[0]).toMatchObject({
    message: 'This API key may only read. Use one with the scope WRITE.',
    extensions: { code: 'FORBIDDEN' },
  });
  expect((await rest(app, 'POST', `/admin/users/${id}/disable`, undefined, reader)).status).toBe(
    403,
  );
  expect((await writer.disableUser(id)).data?.disableUser.status).toBe('DISABLED');
  const [event] = (await eventsOf('USER_DISABLED')).slice(-1);
  expect(event?.metadata).toEqual({ by: `api-key:${writer.id}` });
});

it('accepts a key on operations about users and the audit log only', async () => {
  const machine = await Machine.with(app, 'WRITE');
  const refusedAs = [{ token: 'not.a.token' }, machine, { token: `${machine.token}x` }];
  for (const [method, path, body] of [
    ['GET', '/auth/me'],
    ['GET', '/auth/sessions'],
    ['GET', '/auth/export'],
    ['PUT', '/auth/profile', { first_name: 'x' }],
    ['POST', '/auth/sessions/revoke-others'],
    ['POST', '/auth/step-up', { password: 'x' }],
    ['POST', '/auth/account/delete'],
    ['GET', '/admin/api-keys'],
    ['POST', '/admin/api-keys', { name: 'x', scope: 'WRITE' }],
    ['DELETE', `/admin/api-keys/${machine.id}`],
  ] as const) {
    const answers = [];
    for (const { token } of refusedAs) {
      const { status, text } = await rest(app, method, path, body, { token });
      answers.push(`${status} ${text}`);
    }
    expect(answers[0]).toMatch(/^401 .*UNAUTHENTICATED/);
    expect(new Set(answers).size, path).toBe(1);
  }
  expect((await machine.change(RevokeApiKeyDocument, { id: machine.id })).code).toBe(
    'UNAUTHENTICATED',
  );
  expect((await machine.users()).code).toBeUndefined();
});

it('rejects malformed, unknown, expired and revoked keys alike, malformed ones without a statement', async () => {
  const [expired, revoked] = [await Machine.with(app, 'READ'), await Machine.with(app, 'READ')];
  const unknown = await Machine.with(app, 'READ');
  await app.sql('update api_keys set hash = ? where id = ?', ['x'.repeat(43), unknown.id]);
  expect((await revoked.revoke()).code).toBeUndefined();
  app.clock.advance({ seconds: 90 * 86_400 });
  const token = `${revoked.token.slice(0, -1)}${revoked.token.endsWith('0') ? '1' : '0'}`;
  const malformed = Object.assign(new Administrator(app), { token });
  const answers = [];
  for (const machine of [expired, revoked, unknown, malformed]) {
    const statements = await recordStatements(app.runtime);
    const { text, status } = await machine.users();
    statements.stop();
    answers.push(`${status} ${text}`);
    const asked = statements.sent.filter((each) => each.text.includes('api_keys'));
    expect(asked).toHaveLength(machine === malformed ? 0 : 1);
  }
  app.clock.advance({ seconds: -90 * 86_400 });
  expect(new Set(answers)).toEqual(
    new Set([expect.stringMatching(/^200 .*Given token not valid.*UNAUTHENTICATED/)]),
  );
  expect((await revoked.revoke()).code).toBe('NOT_FOUND');
  const [event] = (await eventsOf('API_KEY_REVOKED')).slice(-1);
  const by = await idOf(app, revoked.creator);
  expect(event).toEqual({
    email: revoked.creator.email,
    account_id: by,
    metadata: { key: revoked.id, name: 'crm', by },
  });
});

it('accepts a key only while its creator is an ADMIN who can sign in', async () => {
  const machine = await Machine.with(app, 'WRITE');
  const { id } = await user();
  const accepted = async () => (await machine.users()).code === undefined;
  for (const [change, undo] of [
    ["role = 'USER'", "role = 'ADMIN'"],
    ['disabled_at = now()', 'disabled_at = null'],
  ]) {
    expect(await accepted()).toBe(true);
    const set = (what = '') =>
      app.sql(`update accounts set ${what} where email = ?`, [machine.creator.email]);
    await set(change);
    expect(await accepted()).toBe(false);
    await set(undo);
    // Also if it happens during the change.
    const [answer] = await whileAccountIsLocked(app, machine.creator.email, {
      start: () => [machine.change(SetUserMetadataDocument, { id, metadata: { a: 1 } })],
      statement: `update accounts set ${change} where id = $1`,
    });
    expect(answer?.code).toBe('UNAUTHENTICATED');
    await set(undo);
  }
  const [account] = await app.sql('select metadata from accounts where id = ?', [id]);
  expect(account).toEqual({ metadata: {} });
  await app.sql('delete from accounts where email = ?', [machine.creator.email]);
  expect(await accepted()).toBe(false);
  expect(await app.sql('select 1 from api_keys where id = ?', [machine.id])).toEqual([]);
});

it('ends with an undone change of the address, whoever changed it', async () => {
  const machine = await Machine.with(app, 'WRITE');
  const mover = Object.assign(new Mover(app, machine.creator.email), machine.creator);
  expect(await mover.move(newAddress())).toBeUndefined();
  expect((await machine.users()).code).toBeUndefined();
  await app.mailsDelivered();
  const secret = undoSecretsOf(machine.creator).at(-1);
  expect((await mover.ask('undoEmailChange', { secret })).code).toBeUndefined();
  expect((await machine.users()).code).toBe('UNAUTHENTICATED');
  const [event] = (await eventsOf('API_KEY_REVOKED')).slice(-1);
  expect(event).toMatchObject({
    email: machine.creator.email,
    metadata: { key: machine.id, by: 'undoEmailChange' },
  });
});

it('makes a change wait for a revocation that has begun, and then rejects it', async () => {
  const machine = await Machine.with(app, 'WRITE');
  const { ada, id } = await user();
  const [answer] = await whileAccountIsLocked(app, ada.email, {
    start: () => [machine.disableUser(id)],
    statement: `delete from api_keys where id = '${machine.id}'`,
  });
  expect(answer?.code).toBe('UNAUTHENTICATED');
  expect((await app.sql('select disabled_at from accounts where id = ?', [id]))[0]).toEqual({
    disabled_at: null,
  });
});

it('stores the last use about once a minute, and never waits for it', async () => {
  const machine = await Machine.with(app, 'READ');
  const useAfter = (seconds: number) => {
    const since = new Date(app.clock.now().getTime() + seconds * 1000);
    return app.eventually(async () => {
      const [key] = await app.sql<{ at: string | null }>(
        'select last_used_at as at from api_keys where id = ? and last_used_at > ?',
        [machine.id, since],
      );
      return key?.at;
    });
  };
  const statements = await recordStatements(app.runtime);
  const writes = () => statements.sent.filter(({ text }) => text.includes('set last_used_at'));
  await machine.users();
  const first = await useAfter(-5);
  const before = writes().length;
  app.clock.advance({ seconds: 30 });
  await Promise.all(Array.from({ length: 20 }, () => machine.users()));
  expect(writes()).toHaveLength(before);
  app.clock.advance({ seconds: 31 });
  // Another transaction holds the row: requests go on, and nothing waits for it.
  const query = vi.spyOn(app.runtime.sql, 'query');
  await app.runtime.orm.em.fork().transactional(async (em) => {
    await em.execute('select from api_keys where id = ? for update', [machine.id]);
    expect((await machine.users()).code).toBeUndefined();
    const isUse = ([{ name }]: Parameters<Sql['query']>) => name === 'save-api-key-use';
    const index = await app.eventually(() => query.mock.calls.findIndex(isUse) + 1);
    expect(await query.mock.results[index - 1]?.value).toEqual([]);
  });
  query.mockRestore();
  expect(await useAfter(-3600)).toBe(first);
  await machine.users();
  await useAfter(-5);
  statements.stop();
});

it('rejects bad input', async () => {
  const admin = await steppedUpAdministrator(app);
  const fieldsOf = async (input: object) => {
    const given = { name: 'x', scope: 'READ', ...input };
    return (await admin.change(CreateApiKeyDocument, given)).errors[0]?.extensions.fields;
  };
  for (const name of ['', '  ', 'a\0', 'x'.repeat(101), '\ud800']) {
    expect(await fieldsOf({ name })).toEqual({
      name: ['Enter a name of 1 to 100 characters, without control characters.'],
    });
  }
  for (const expiresInDays of [0, 367]) {
    expect(await fieldsOf({ expiresInDays })).toEqual({
      expiresInDays: ['Must be from 1 to 366.'],
    });
  }
});

it('keeps at most 100 keys, also if another one is being created', async () => {
  const admin = await steppedUpAdministrator(app);
  const create = () => admin.change(CreateApiKeyDocument, { name: 'x', scope: 'READ' });
  const insert = `insert into api_keys (id, hash, start, name, scope, created_at, expires_at)
    select gen_random_uuid(), n::text, '', '', 'READ', now(), now() from generate_series(?::int, ?::int) n`;
  await app.sql('delete from api_keys');
  await app.sql(insert, [1, 98]);
  expect((await create()).code).toBeUndefined();
  const answer = await app.runtime.orm.em.fork().transactional(async (em) => {
    await em.execute(insert, [99, 99]);
    const asked = create();
    await app.eventually(async () => {
      const [row] = await app.sql<{ waiting: number }>(LOCK_WAITS);
      return row?.waiting;
    });
    return { asked };
  });
  expect((await answer.asked).errors[0]?.extensions.fields).toEqual({
    '': ['There are 100 API keys. First revoke one.'],
  });
  expect(await app.sql('select from api_keys')).toHaveLength(100);
  await app.sql('delete from api_keys');
});

it('creates, lists and revokes keys on the command line, which no account has to keep valid', async () => {
  const words = 'create backup --scope WRITE --days 7 --json';
  const { code, output } = await command(app, 'api-keys', words);
  const created = JSON.parse(output);
  expect([code, created]).toEqual([0, expect.objectContaining({ createdBy: 'operator' })]);
  const machine = Object.assign(new Administrator(app), { token: created.key });
  expect((await machine.users()).code).toBeUndefined();
  const list = await command(app, 'api-keys', 'list');
  expect(list.output).toMatch(
    new RegExp(`^${created.id} +backup +WRITE +${created.start} +operator`, 'm'),
  );
  expect(list.output).not.toContain(created.key);
  expect((await command(app, 'api-keys', `revoke ${created.id}`)).output).toBe(
    `Revoked ${created.id}.\n`,
  );
  expect((await machine.users()).code).toBe('UNAUTHENTICATED');
  const again = await command(app, 'api-keys', `revoke ${created.id}`);
  expect([again.code, again.output]).toEqual([
    1,
    'API key not found. List the keys to find the right ID.\n',
  ]);
  expect((await command(app, 'api-keys', 'create x --scope ALL')).code).toBe(2);
  expect((await command(app, 'api-keys', 'create x --scope READ --days 367')).code).toBe(2);
  const events = [...(await eventsOf('API_KEY_CREATED')), ...(await eventsOf('API_KEY_REVOKED'))];
  expect(events.filter(({ metadata }) => metadata.key === created.id)).toEqual([
    expect.objectContaining({ email: '', account_id: null }),
    { email: '', account_id: null, metadata: { key: created.id, name: 'backup', by: 'operator' } },
  ]);
});

it('reports a malformed body to valid keys only', async () => {
  const machine = await Machine.with(app, 'WRITE');
  const post = (token: string) =>
    app.fetch('/api/v1/admin/users', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: '{',
    });
  expect((await post(machine.token)).status).toBe(400);
  await machine.revoke();
  expect((await post(machine.token)).status).toBe(401);
});
